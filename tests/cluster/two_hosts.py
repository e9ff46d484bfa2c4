"""The program over two hosts: the same bits as on one, and an end on all when one fails."""
import os
import pathlib
import signal
import subprocess
import sys
import time

import program
from program import NO_INPUT, ProgramTest, checksum, noise, run, write

NAMESPACES = ["unshare", "--uts", "--mount"] + ([] if os.getuid() == 0 else
                                                ["--user", "--map-current-user", "--keep-caps"])
if subprocess.run([*NAMESPACES, "true"], capture_output=True, check=False).returncode != 0:
    print("skipped: this machine lets nobody make the namespaces that stand for hosts")
    sys.exit(77)

STOPPED = 75


def ranks_on(host):
    """Processes of the program that run under a host's name."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        try:
            if (entry.name.isdigit() and (entry / "comm").read_text().strip() == "weir"
                    and f"WEIR_HOST={host}\0" in (entry / "environ").read_text()):
                found.append(int(entry.name))
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            pass
    return found


class Bits(ProgramTest):
    def test_every_way_to_write_and_to_split(self):
        for axis in (0, 1):
            source = write(self.folder / f"in{axis}.h5", noise(10, 40_000, "int16"), time_axis=axis, chunks=(500, 5) if axis == 0 else None)
            alone = self.folder / f"alone{axis}.h5"
            self.succeed("filter", source, alone, "--gaussian", 40)
            expected = checksum(alone)
            for mode in ("parallel", "leader", "gather"):
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


class Failures(ProgramTest):
    def test_input_that_one_host_does_not_see(self):
        hidden = self.folder / "hidden"
        hidden.mkdir()
        source = write(hidden / "in.h5", noise(4, 10_000))
        result = run("filter", source, self.folder / "out.h5", "--gaussian", 40, ranks=4,
                     environment={"WEIR_HIDE": str(hidden)})
        self.assertEqual(result.code, NO_INPUT, result.err)
        self.assertEqual(len(result.errors), 1, result.err)
        self.assertIn("in.h5", result.errors[0])
        self.assertIn("far", result.errors[0])
        self.assertEqual(sorted(p.name for p in self.folder.iterdir()), ["hidden"])

    def begin(self, *options):
        self.source = write(self.folder / "in.h5", noise(10, 150_000))
        self.out = self.folder / "out.h5"
        self.succeed("filter", self.source, self.folder / "alone.h5", "--gaussian", 40)
        process = subprocess.Popen(
            program.command("filter", self.source, self.out, "--gaussian", 40, "--chunk-duration", "1000n",
                            "--checkpoint-interval", "0s", *options, ranks=4),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        marker = self.folder / "out.h5.part.progress"
        while process.poll() is None and not (marker.exists() and '"done": []' not in marker.read_text()):
            time.sleep(0.005)
        return process

    def resume_on_one_host(self):
        self.succeed("filter", self.source, self.out, "--gaussian", 40, "--resume")
        self.assertEqual(checksum(self.out), checksum(self.folder / "alone.h5"))

    def test_the_ranks_of_one_host_are_killed(self):
        process = self.begin()
        for pid in ranks_on("far"):
            os.kill(pid, signal.SIGKILL)
        process.communicate(timeout=program.PATIENCE_SECONDS)
        self.assertNotEqual(process.returncode, 0)
        self.assertFalse(self.out.exists())
        while ranks_on("near") + ranks_on("far"):
            time.sleep(0.05)
        self.resume_on_one_host()

    def test_a_signal_that_reaches_one_host(self):
        process = self.begin()
        os.kill(ranks_on("far")[0], signal.SIGUSR1)
        _, err = process.communicate(timeout=program.PATIENCE_SECONDS)
        self.assertEqual(process.returncode, STOPPED, err)
        self.resume_on_one_host()


if __name__ == "__main__":
    program.main()
