"""The program as a batch job on two nodes of a real Slurm, by the very scripts of jobs/."""
import json
import os
import pathlib
import signal
import subprocess
import sys

import program
from program import CANNOT_CREATE, ProgramTest, checksum, noise, write

import slurm_cluster
from batch import Job, await_that, edited
from interrupted import has_pending, is_paused

WAYS = [(how, split) for how in ("parallel", "leader", "gather") for split in ("rows", "time")]
TWO_NODES = "--nodes=2 --ntasks-per-node=2"
IN_SMALL_STEPS = ("--gaussian", "40", "--chunk-duration", "4000n", "--checkpoint-interval", "0s")
PMI = os.environ["WEIR_SLURM_PMI"]
BY_SRUN = ("srun", f"--mpi={PMI}", "--kill-on-bad-exit=1")

cluster = None


class SlurmTest(ProgramTest):
    def setUp(self):
        super().setUp()
        (self.folder / "bin").mkdir()
        self.install(program.PROGRAM)
        # The program pauses itself in its middle; only the one of which start_and_pause() makes jobs does.
        self.environment = {"PATH": f"{self.folder}/bin:{os.environ['PATH']}", "WEIR_FAULT": "marker renamed:3:pause",
                            "OMPI_MCA_hwloc_base_binding_policy": "none", "OMPI_MCA_rmaps_base_oversubscribe": "1"}
        self.source = write(self.folder / "in.h5", noise(10, 150_000))
        self.out = self.folder / "out.h5"

    def install(self, which):
        """Makes `which` the program that jobs find."""
        found = self.folder / "bin" / "weir"
        found.unlink(missing_ok=True)
        found.symlink_to(which)

    def submit(self, *sbatch):
        return Job(cluster, self.folder, *sbatch, environment=self.environment)

    def submit_script(self, script, slurm, *arguments, options=(), **values):
        return self.submit(*options, edited(script, self.folder, slurm, **values), *arguments)

    def srun(self, *options_and_command):
        """Runs to its end what srun is to run, the program's errors among what it says."""
        done = subprocess.run([*BY_SRUN, *map(str, options_and_command)], capture_output=True, text=True,
                              timeout=program.PATIENCE_SECONDS, check=False, stdin=subprocess.DEVNULL,
                              env={**os.environ, **cluster.environment, **self.environment})
        return program.Result(done.returncode, done.stdout, done.stderr)

    def expected(self):
        """The checksum that one process by itself comes to."""
        alone = self.folder / "alone.h5"
        if not alone.exists():
            self.succeed("filter", self.source, alone, "--gaussian", 40)
        return checksum(alone)

    def hold_done(self, job):
        job.wait_for_the_end()
        self.assertEqual(job.states(), {"COMPLETED"}, f"{job.tasks()} said:\n{job.log()}")

    def hold_complete(self, out, expected):
        self.assertEqual(checksum(out), expected)
        self.assertFalse(pathlib.Path(f"{out}.part").exists() or pathlib.Path(f"{out}.part.progress").exists())

    def start_and_pause(self, script="filter.sbatch", slurm=TWO_NODES, options=()):
        """A job of a script and the one of its ranks that stands still: some blocks are safe and some are to do."""
        self.install(os.environ["WEIR_FAULTY_PROGRAM"])
        job = self.submit_script(script, slurm, options=options, input=self.source, output=self.out,
                                 filter=f"({' '.join(IN_SMALL_STEPS)})")
        await_that(lambda: any(map(is_paused, job.ranks())),
                   lambda: f"the job does not come to its third marker; it is {job.tasks()} and said:\n{job.log()}")
        self.install(program.PROGRAM)
        return job, next(filter(is_paused, job.ranks()))

    def hold_stopped_and_completed(self, job, paused):
        """The signal is on its way to a paused job: it stops at a checkpoint, and its next start completes it."""
        await_that(lambda: has_pending(paused, signal.SIGUSR1),
                   lambda: f"no signal came; the job is {job.tasks()} and said:\n{job.log()}")
        os.kill(paused, signal.SIGCONT)
        job.begin_again()
        self.assertIn("stopped at a checkpoint", job.log())
        self.assertIn("goes back to the queue", job.log())
        self.assertFalse(self.out.exists())
        self.hold_done(job)
        self.assertEqual([task["Restarts"] for task in job.tasks()], ["1"])
        self.hold_complete(self.out, self.expected())


class Bits(SlurmTest):
    def test_every_way_to_write_and_to_split(self):
        line = f'weir filter {self.source} {self.folder}/LAUNCH-$w-$s.h5 --gaussian 40 --chunk-duration 20000n'
        loop = "set -e; for w in parallel leader gather; do for s in rows time; do {} --write $w --split $s; done; done"
        jobs = [self.submit(*TWO_NODES.split(), "--wrap", loop.format(f"{launch} {line.replace('LAUNCH', name)}"))
                for name, launch in (("srun", " ".join(BY_SRUN)), ("mpirun", "mpirun"))]
        expected = self.expected()
        for job in jobs:
            self.hold_done(job)
        for name in ("srun", "mpirun"):
            for how, split in WAYS:
                with self.subTest(launcher=name, write=how, split=split):
                    self.hold_complete(self.folder / f"{name}-{how}-{split}.h5", expected)


class Scripts(SlurmTest):
    def test_filter_uses_all_nodes_and_half_of_the_memory(self):
        job = self.submit_script("filter.sbatch", TWO_NODES, input=self.source, output=self.out, filter="(--gaussian 40)")
        self.hold_done(job)
        self.hold_complete(self.out, self.expected())
        report = json.loads(pathlib.Path(f"{self.out}.json").read_text())
        self.assertEqual({host["host"]: host["ranks"] for host in report["hosts"]}, {"near": 2, "far": 2})
        self.assertEqual(report["options"]["memory-per-node"], f"{slurm_cluster.MEMORY_MIB // 4}MiB")

    def test_filter_node(self):
        job = self.submit_script("filter-node.sbatch", "--ntasks=3", input=self.source, output=self.out,
                                 filter="(--gaussian 40)")
        self.hold_done(job)
        self.hold_complete(self.out, self.expected())
        report = json.loads(pathlib.Path(f"{self.out}.json").read_text())
        self.assertEqual([host["ranks"] for host in report["hosts"]], [3])
        self.assertEqual(report["options"]["ranks-per-domain"], "numa")

    def test_array_filters_each_file_and_leaves_what_is_complete(self):
        sources = [write(self.folder / f"in{n}.h5", noise(4, 5000, seed=n)) for n in range(3)]
        def submit():
            return self.submit_script("filter-array.sbatch", "--ntasks=2 --mem=200", *sources,
                                      options=["--array=0-3%3"], outputs=self.folder / "smooth",
                                      filter="(--gaussian 40)")
        job = submit()
        for n, source in enumerate(sources):
            self.succeed("filter", source, self.folder / f"alone{n}.h5", "--gaussian", 40)
        self.hold_done(job)
        self.assertIn("task 3 has no file: 3 were named", job.log())
        outputs = [self.folder / "smooth" / source.name for source in sources]
        for n, out in enumerate(outputs):
            self.hold_complete(out, checksum(self.folder / f"alone{n}.h5"))
        before = [program.identity(out) for out in outputs]
        job = submit()
        self.hold_done(job)
        self.assertEqual([program.identity(out) for out in outputs], before)
        self.assertFalse(list(pathlib.Path(cluster.environment["TMPDIR"]).glob("tmp.*")))

    def test_scaling_makes_one_table(self):
        results = self.folder / "scaling"
        suite = pathlib.Path(__file__).resolve().parents[2] / "bench" / "scaling.py"
        job = self.submit_script("scaling.sbatch", TWO_NODES, suite=suite, input=self.source, results=results,
                                 filter="(--gaussian 40)", growing="(--no-weak)", runs=1)
        self.hold_done(job)
        rows = [line.split() for line in (results / "table.txt").read_text().splitlines()[1:]]
        on_nodes = [row for row in rows if row[6:] == ["strong"]]
        self.assertEqual([row[:2] for row in on_nodes], [["1", "1"], ["1", "2"], ["2", "4"]])
        self.assertEqual(on_nodes[0][4:6], ["1.00", "100%"])
        for point in json.loads((results / "scaling.json").read_text())["points"]:
            report = point["repetitions"][0]["report"]
            self.assertEqual(sum(host["ranks"] for host in report["hosts"]), point["ranks"])
            self.assertEqual(len(report["hosts"]), point["nodes"])
        self.assertFalse(list(results.glob("*.h5*")))


class Interrupted(SlurmTest):
    def test_a_signal_sends_the_job_back_to_the_queue(self):
        for script, slurm in (("filter.sbatch", TWO_NODES), ("filter-node.sbatch", "--ntasks=2")):
            with self.subTest(script=script):
                job, paused = self.start_and_pause(script, slurm)
                job.signal_the_script(signal.SIGUSR1)
                self.hold_stopped_and_completed(job, paused)
                self.out.unlink()

    def test_the_ranks_of_one_node_are_killed(self):
        job, paused = self.start_and_pause()
        killed = job.ranks("far")
        self.assertEqual((len(job.ranks()), len(killed)), (4, 2))
        for pid in killed:
            os.kill(pid, signal.SIGKILL)
        if paused not in killed:
            os.kill(paused, signal.SIGCONT)
        job.wait_for_the_end()
        self.assertEqual(job.states(), {"FAILED"})
        self.assertRegex(job.log(), "signal 9|unexpectedly disconnected")
        self.assertFalse(self.out.exists())
        self.assertEqual(job.ranks(), [])
        result = self.srun("--nodes=1", "--ntasks=2", "weir", "filter", self.source, self.out, *IN_SMALL_STEPS,
                           "--resume")
        self.assertEqual(result.code, 0, result.err)
        self.hold_complete(self.out, self.expected())


class Refused(SlurmTest):
    def test_no_room_for_the_window_on_one_node(self):
        small, as_it_was = "size=16m", "size=50%"
        source = write(self.folder / "large.h5", noise(10, 800_000))
        cluster.on_node("far", "mount", "-o", f"remount,{small}", "/dev/shm")
        try:
            result = self.srun(*TWO_NODES.split(), "weir", "filter", source, self.out, "--gaussian", 40,
                               "--memory-per-node", "300MiB", "--chunk-duration", "800000n")
        finally:
            cluster.on_node("far", "mount", "-o", f"remount,{as_it_was}", "/dev/shm")
        self.assertEqual(result.code, CANNOT_CREATE, result.err)
        self.assertEqual(len(result.errors), 1, result.err)
        for word in ("/dev/shm", "far", "memory budget"):
            self.assertIn(word, result.errors[0])
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["bin", "in.h5", "large.h5"])


class TimeLimit(SlurmTest):
    def test_the_real_one(self):
        job, paused = self.start_and_pause(options=["--time=1", "--signal=B:USR1@10"])
        self.hold_stopped_and_completed(job, paused)


if __name__ == "__main__":
    if not PMI:
        print("skipped: Debian builds this MPI for its own launcher, and not for Slurm's srun")
        sys.exit(77)
    try:
        slurm_cluster.enter([os.path.abspath(__file__), *sys.argv[1:]])
        cluster = slurm_cluster.Cluster()
    except slurm_cluster.CannotStart as reason:
        print(f"skipped: {reason}")
        sys.exit(77)
    try:
        program.main()
    finally:
        cluster.close()
