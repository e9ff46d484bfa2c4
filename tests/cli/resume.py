"""Runs that are stopped or killed: nothing is lost, and --resume ends with the bits of an undisturbed run.

WEIR_KILLS says how many runs are killed (30 by default), WEIR_SEED at which moments.
"""
import os
import pathlib
import random
import shutil
import signal
import subprocess
import time

import program
from program import BAD_DATA, CANNOT_CREATE, USAGE, ProgramTest, checksum, identity, noise, run, write

STOPPED = 75
KILLS = int(os.environ.get("WEIR_KILLS", 30))
SEED = int(os.environ.get("WEIR_SEED", 1))
FILTER = ("--gaussian", "40", "--checkpoint-interval", "0s", "--progress", "off")


def children(pid):
    """Processes that `pid` started, and theirs."""
    parents = {}
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (FileNotFoundError, ProcessLookupError):
                pass
    found, new = set(), {pid}
    while new:
        new = {child for child, parent in parents.items() if parent in new} - found
        found |= new
    return found


def is_gone(pid):
    try:
        return (pathlib.Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


class ResumeTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.source = write(self.folder / "in.h5", noise(12, 150_000))
        self.out = self.folder / "out.h5"
        self.part = self.folder / "out.h5.part"
        self.marker = self.folder / "out.h5.part.progress"

    def whole(self):
        """The checksum of an undisturbed run."""
        self.succeed("filter", self.source, self.folder / "whole.h5", "--gaussian", 40)
        return checksum(self.folder / "whole.h5")

    def start(self, *options, ranks=2):
        return subprocess.Popen(program.command("filter", self.source, self.out, *FILTER, *options, ranks=ranks),
                                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    def wait_for_blocks(self, process):
        """Until the marker speaks of a block, or the run is over."""
        while process.poll() is None:
            if self.marker.exists() and '"done": []' not in self.marker.read_text():
                return
            time.sleep(0.002)

    def hold_complete(self, expected):
        self.assertEqual(checksum(self.out), expected)
        self.assertFalse(self.part.exists())
        self.assertFalse(self.marker.exists())


class Killed(ResumeTest):
    def kill(self, process, how):
        launched = children(process.pid)
        ranks = sorted(pid for pid in launched if not is_gone(pid)
                       and pathlib.Path(f"/proc/{pid}/comm").read_text().strip() == "weir")
        victims = {"rank": ranks[:1], "ranks": ranks, "launcher": [process.pid]}[how]
        for pid in victims:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        process.communicate(timeout=program.PATIENCE_SECONDS)
        for pid in launched:
            while not is_gone(pid):
                time.sleep(0.01)

    def test_any_moment(self):
        expected = self.whole()
        before = identity(self.source)
        begin = time.monotonic()
        self.succeed("filter", self.source, self.out, *FILTER, "--chunk-duration", "4000n", ranks=2)
        lasts = time.monotonic() - begin
        self.hold_complete(expected)
        chance = random.Random(SEED)
        left_work = 0
        for kill in range(KILLS):
            self.out.unlink(missing_ok=True)
            domain = chance.choice(("1", "node"))
            process = self.start("--chunk-duration", "4000n", "--ranks-per-domain", domain)
            time.sleep(chance.uniform(0.1, 1.05) * lasts)
            how = chance.choice(("rank", "ranks", "launcher"))
            with self.subTest(kill=kill, how=how, domain=domain):
                self.kill(process, how)
                self.assertEqual(identity(self.source), before)
                if self.out.exists():
                    self.assertEqual(checksum(self.out), expected)
                left_work += self.marker.exists()
                self.succeed("filter", self.source, self.out, *FILTER, "--resume", "--ranks-per-domain",
                             chance.choice(("1", "node")), ranks=chance.choice((1, 2, 3)))
                self.hold_complete(expected)
        self.assertGreater(left_work, KILLS // 4, "too few of the kills met a run at its work")


class Stopped(ResumeTest):
    def test_signal(self):
        expected = self.whole()
        for number in (signal.SIGUSR1, signal.SIGTERM, signal.SIGINT):
            with self.subTest(signal=number):
                process = self.start("--chunk-duration", "1500n")
                self.wait_for_blocks(process)
                # To one rank alone: the launcher may reach only some.
                rank = min(pid for pid in children(process.pid)
                           if pathlib.Path(f"/proc/{pid}/comm").read_text().strip() == "weir")
                os.kill(rank, number)
                _, err = process.communicate(timeout=program.PATIENCE_SECONDS)
                self.assertEqual(process.returncode, STOPPED, err)
                lines = [line for line in err.splitlines() if line.startswith("weir:") and "share" not in line]
                self.assertEqual(len(lines), 1, err)
                self.assertIn("go on with: weir filter", lines[0])
                self.assertIn("--resume", lines[0])
                self.assertTrue(self.part.exists() and self.marker.exists() and not self.out.exists())
                self.succeed("filter", self.source, self.out, *FILTER, "--resume", ranks=3)
                self.hold_complete(expected)
                self.out.unlink()

    def test_time_limit(self):
        expected = self.whole()
        codes = []
        while not self.out.exists() and len(codes) < 100:
            codes.append(run("filter", self.source, self.out, *FILTER, "--chunk-duration", "1500n", "--max-time", "0.1s",
                             "--resume", ranks=2).code)
        self.assertEqual(codes[-1], 0)
        self.assertEqual(set(codes[:-1]), {STOPPED})
        self.hold_complete(expected)

    def test_resume_of_what_is_complete_or_not_begun(self):
        expected = self.whole()
        self.succeed("filter", self.source, self.out, *FILTER, "--resume", ranks=2)
        self.hold_complete(expected)
        self.assertIn("complete already", self.succeed("filter", self.source, self.out, *FILTER, "--resume", ranks=2).out)
        other = run("filter", self.source, self.out, "--gaussian", 41, "--resume", ranks=2)
        self.assertEqual(other.code, CANNOT_CREATE, other.err)
        self.hold_complete(expected)


class Refused(ResumeTest):
    def setUp(self):
        super().setUp()
        process = self.start("--chunk-duration", "1500n")
        self.wait_for_blocks(process)
        process.send_signal(signal.SIGUSR1)
        process.communicate(timeout=program.PATIENCE_SECONDS)
        self.assertEqual(process.returncode, STOPPED)

    def refuse(self, code, *words, options=("--gaussian", "40", "--resume")):
        result = run("filter", self.source, self.out, *options, ranks=2)
        self.assertEqual(result.code, code, result.err)
        self.assertEqual(len(result.errors), 1, result.err)
        for word in words:
            self.assertIn(word, result.errors[0])

    def test_without_resume(self):
        self.refuse(CANNOT_CREATE, "out.h5.part", "--resume", "--overwrite", options=("--gaussian", "40"))
        self.assertTrue(self.marker.exists())

    def test_another_filter(self):
        self.refuse(USAGE, "taps", options=("--gaussian", "41", "--resume"))
        self.refuse(USAGE, "mode", options=("--gaussian", "40", "--mode", "nearest", "--resume"))
        self.assertTrue(self.part.exists() and self.marker.exists())

    def test_another_input(self):
        status = os.stat(self.source)
        with open(self.source, "r+b") as file:
            file.seek(-8, os.SEEK_END)
            file.write(b"12345678")
        self.refuse(BAD_DATA, "modified_ns")
        os.utime(self.source, ns=(status.st_atime_ns, status.st_mtime_ns))
        self.refuse(BAD_DATA, "content")

    def test_damaged_marker(self):
        text = self.marker.read_text()
        self.marker.write_text(text[:-20])
        self.refuse(BAD_DATA, "damaged")

    def test_missing_or_cut_part(self):
        shutil.copy(self.part, self.folder / "copy")
        os.truncate(self.part, 1000)
        self.refuse(BAD_DATA, "bytes")
        self.part.unlink()
        self.refuse(BAD_DATA, "gone")

    def test_memory_too_small_for_the_blocks(self):
        self.refuse(USAGE, "--memory-per-node", options=("--gaussian", "40", "--resume", "--memory-per-node", "8MiB"))

    def test_overwrite_begins_anew(self):
        self.succeed("filter", self.source, self.out, "--gaussian", 41, "--overwrite", ranks=2)
        self.assertFalse(self.part.exists() or self.marker.exists())


if __name__ == "__main__":
    program.main()
