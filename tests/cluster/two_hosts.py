"""The program over two hosts: the same bits as on one, and an end on all when one fails."""
import os
import pathlib
import signal
import subprocess
import sys

import program
from interrupted import FILTER, InterruptedTest, is_paused, processes_of
from program import BAD_DATA, NO_INPUT, USAGE, ProgramTest, checksum, noise, run, write

MEDIAN = pathlib.Path(os.environ["WEIR_MEDIAN_PLUGIN"])
MISBEHAVING = pathlib.Path(os.environ["WEIR_MISBEHAVING_PLUGIN"])
STOPPED = 75
NOBODY = 65534
AS_NOBODY = "--as-nobody"


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(77)


def become_nobody():
    """Goes on with this program as a user without rights, who gets a folder to write to."""
    if os.geteuid() != 0:
        skip("this is an ordinary user, as whom the other tests run too")
    user = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    arguments = [sys.executable, *(argument for argument in sys.argv if argument != AS_NOBODY)]
    try:
        can = all(subprocess.run([*user, *start], cwd="/", capture_output=True, check=False).returncode == 0
                  for start in ([program.PROGRAM, "--version"], [*arguments[:2], "--help"]))
    except OSError:
        can = False
    if not can:
        skip("an ordinary user cannot start this program here (no setpriv, or a closed folder)")
    os.chdir("/")
    os.execvpe("setpriv", [*user, *arguments], {**os.environ, "HOME": "/nonexistent"})


def ranks_on(host, name):
    """The ranks of a run that work under a host's name. Other tests have hosts of the same names at the same time."""
    return [pid for pid in processes_of(f"WEIR_HOST={host}\0") & processes_of(name)
            if pathlib.Path(f"/proc/{pid}/comm").read_text().startswith("weir")]


class Bits(ProgramTest):
    def test_every_way_to_write_and_to_split(self):
        for axis in (0, 1):
            source = write(self.folder / f"in{axis}.h5", noise(10, 40_000, "int16"), time_axis=axis, chunks=(500, 5) if axis == 0 else None)
            alone = self.folder / f"alone{axis}.h5"
            self.succeed("filter", source, alone, "--gaussian", 40)
            expected = checksum(alone)
            for mode in ("parallel", "leader", "gather", "per-node"):
                for split in ("rows", "time"):
                    with self.subTest(axis=axis, write=mode, split=split):
                        out = self.folder / f"{axis}-{mode}-{split}.h5"
                        self.succeed("filter", source, out, "--gaussian", 40, "--write", mode, "--split", split,
                                     "--chunk-duration", "6000n", ranks=4)
                        self.assertEqual(checksum(out), expected)

    def test_gather_needs_the_output_on_the_first_host_alone(self):
        source = write(self.folder / "in.h5", noise(10, 40_000))
        self.succeed("filter", source, self.folder / "alone.h5", "--gaussian", 40)
        hidden = self.folder / "hidden"
        hidden.mkdir()
        self.succeed("filter", source, hidden / "out.h5", "--gaussian", 40, "--write", "gather", "--chunk-duration",
                     "6000n", ranks=4, environment={"WEIR_HIDE": str(hidden)})
        self.assertEqual(checksum(hidden / "out.h5"), checksum(self.folder / "alone.h5"))


class Failures(InterruptedTest):
    def test_input_that_one_host_does_not_see(self):
        hidden = self.folder / "hidden"
        hidden.mkdir()
        source = self.source.rename(hidden / "in.h5")
        result = run("filter", source, self.out, "--gaussian", 40, ranks=4, environment={"WEIR_HIDE": str(hidden)})
        self.assertEqual(result.code, NO_INPUT, result.err)
        self.assertEqual(len(result.errors), 1, result.err)
        self.assertIn("in.h5", result.errors[0])
        self.assertIn("far", result.errors[0])
        self.assertEqual(sorted(p.name for p in self.folder.iterdir()), ["hidden"])

    def begin_and_pause(self, *options):
        """A run in its middle, where a rank of the host near stands still."""
        process, name = self.begin("--chunk-duration", "4000n", *options, fault="marker renamed:3:pause", ranks=4)
        self.addCleanup(process.kill)
        self.wait_until(lambda: any(map(is_paused, processes_of(name))) or process.poll() is not None,
                        "the run does not come to its third marker")
        return process, name, next(filter(is_paused, processes_of(name)))

    def resume_on_one_host(self, expected):
        self.succeed("filter", self.source, self.out, *FILTER, "--resume")
        self.hold_complete(expected)

    def test_the_ranks_of_one_host_are_killed(self):
        expected = self.whole()
        process, name, paused = self.begin_and_pause()
        for pid in ranks_on("far", name):
            os.kill(pid, signal.SIGKILL)
        os.kill(paused, signal.SIGCONT)
        self.end(process, name)
        self.assertNotEqual(process.returncode, 0)
        self.assertFalse(self.out.exists())
        self.resume_on_one_host(expected)

    def test_a_signal_that_reaches_one_host(self):
        expected = self.whole()
        process, name, paused = self.begin_and_pause()
        os.kill(ranks_on("far", name)[0], signal.SIGUSR1)
        os.kill(paused, signal.SIGCONT)
        err = self.end(process, name)
        self.assertEqual(process.returncode, STOPPED, err)
        self.resume_on_one_host(expected)


class Plugins(ProgramTest):
    def setUp(self):
        super().setUp()
        self.source = write(self.folder / "in.h5", noise(8, 2000))
        self.out = self.folder / "out.h5"

    def apply(self, plugin, *parameters, **environment):
        options = [word for parameter in parameters for word in ("--param", parameter)]
        # Processes that die by a signal are to leave nothing in the folder.
        return run("apply", self.source, self.out, "--plugin", plugin, *options, ranks=4, cwd=self.folder,
                   prefix=("sh", "-c", 'ulimit -c 0; exec "$@"', "sh"), environment=environment)

    def hold_told(self, result, *words):
        self.assertEqual(len(result.errors), 1, result.err)
        for word in words:
            self.assertIn(word, result.errors[0])
        self.assertFalse(self.out.exists())

    def test_the_same_bits_as_on_one_host(self):
        result = self.apply(MEDIAN, "samples=31")
        self.assertEqual(result.code, 0, result.err)
        alone = self.folder / "alone.h5"
        self.succeed("apply", self.source, alone, "--plugin", MEDIAN, "--param", "samples=31")
        self.assertEqual(checksum(self.out), checksum(alone))

    def test_another_plugin_under_the_same_name(self):
        plugin = self.folder / "median.so"
        other = self.folder / "other.so"
        plugin.write_bytes(MEDIAN.read_bytes())
        other.write_bytes(MEDIAN.read_bytes() + b"another build")  # which loads and works
        result = self.apply(plugin, "samples=31", WEIR_REPLACE=f"{other}:{plugin}")
        self.assertEqual(result.code, BAD_DATA, result.err)
        self.hold_told(result, "median.so", "not the file that host near has", "host far)")

    def test_a_plugin_that_one_host_does_not_see(self):
        hidden = self.folder / "hidden"
        hidden.mkdir()
        (hidden / "median.so").write_bytes(MEDIAN.read_bytes())
        result = self.apply(hidden / "median.so", "samples=31", WEIR_HIDE=str(hidden))
        self.assertEqual(result.code, USAGE, result.err)
        self.hold_told(result, "median.so", "host far)")

    def test_a_plugin_that_fails_on_one_host(self):
        place = ("channel=7", "sample=1234")  # the last row: the host far's
        result = self.apply(MISBEHAVING, *place, "way=error")
        self.assertEqual(result.code, BAD_DATA, result.err)
        self.hold_told(result, "channel 7, samples", "the electrode is loose", "host far)")
        for way, name in [("segv", "SIGSEGV"), ("exit", "exit()")]:
            with self.subTest(way=way):
                result = self.apply(MISBEHAVING, *place, f"way={way}")
                self.assertNotEqual(result.code, 0)
                self.hold_told(result, "channel 7, samples", name, "host far)")
                (self.folder / "out.h5.part").unlink(missing_ok=True)


if __name__ == "__main__":
    if AS_NOBODY in sys.argv:
        become_nobody()
    rights = [] if os.geteuid() == 0 else ["--user", "--map-current-user", "--keep-caps"]
    if subprocess.run(["unshare", *rights, "--uts", "--mount", "true"], capture_output=True, check=False).returncode:
        skip("this machine lets this user make no namespaces that could stand for hosts")
    program.main()
