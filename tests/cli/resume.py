"""Runs that are stopped in time: nothing is lost, and --resume ends with the bits of an undisturbed run."""
import json
import os
import shutil
import signal

import program
from interrupted import FILTER, InterruptedTest, is_paused, ranks_of
from program import BAD_DATA, CANNOT_CREATE, USAGE, checksum, noise, run, write

import numpy as np

STOPPED = 75
SIGNALLED_LAUNCHER = int(os.environ["WEIR_SIGNALLED_CODE"])


class Stopped(InterruptedTest):
    def test_signal(self):
        expected = self.whole()
        for number in (signal.SIGUSR1, signal.SIGTERM, signal.SIGINT):
            with self.subTest(signal=number):
                # To one rank alone: a launcher may reach only some.
                code, err = self.stop_midway(number)
                self.assertEqual(code, STOPPED, err)
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
        # So short a time is over at once on any machine, and every run still does a block or two.
        while not self.out.exists() and len(codes) < 100:
            codes.append(run("filter", self.source, self.out, *FILTER, "--chunk-duration", "15000n", "--max-time", "1us",
                             "--resume", ranks=2).code)
        self.assertEqual(codes[-1], 0)
        self.assertEqual(set(codes[:-1]), {STOPPED})
        self.hold_complete(expected)

    def test_samples_are_counted_once(self):
        """Those of a block that was filtered, and not yet written when the run stopped, are counted by the next run."""
        data = noise(12, 150_000, "int16")
        self.source = write(self.folder / "in.h5", data)
        taps = self.folder / "taps.txt"
        taps.write_text("1.5")
        filtering = ("--taps", taps, "--checkpoint-interval", "0s", "--progress", "off")
        process, name = self.begin("--chunk-duration", "4000n", fault="marker renamed:3:pause", filtering=filtering)
        self.wait_until(lambda: any(map(is_paused, ranks_of(name))) or process.poll() is not None, "it does not pause")
        for pid in ranks_of(name):
            os.kill(pid, signal.SIGUSR1)
        for pid in filter(is_paused, ranks_of(name)):
            os.kill(pid, signal.SIGCONT)
        err = self.end(process, name)
        self.assertEqual(process.returncode, STOPPED, err)
        report = self.folder / "report.json"
        self.succeed("filter", self.source, self.out, *filtering, "--resume", "--report", report, ranks=3)
        exact = np.rint(1.5 * data.astype(np.float64))
        self.assertEqual(json.loads(report.read_text())["clipped_samples"], int(np.count_nonzero(abs(exact + 0.5) > 2**15)))

    def test_resume_of_what_is_complete_or_not_begun(self):
        expected = self.whole()
        self.succeed("filter", self.source, self.out, *FILTER, "--resume", ranks=2)
        self.hold_complete(expected)
        self.assertIn("complete already", self.succeed("filter", self.source, self.out, *FILTER, "--resume", ranks=2).out)
        other = run("filter", self.source, self.out, "--gaussian", 41, "--resume", ranks=2)
        self.assertEqual(other.code, CANNOT_CREATE, other.err)
        self.hold_complete(expected)


class FirstPass(InterruptedTest):
    """Channels' trends, which are known before a run begins to filter."""

    def test_trends_are_kept(self):
        with_nan = noise(12, 150_000)
        with_nan[3, 77] = np.nan
        for name, samples in (("finite", noise(12, 150_000)), ("one NaN", with_nan)):
            with self.subTest(name):
                write(self.source, samples + np.linspace(0, 9, 150_000))
                self.succeed("filter", self.source, self.folder / "whole.h5", *FILTER, "--detrend", "linear", "--overwrite")
                code, err = self.stop_midway(signal.SIGUSR1, "--detrend", "linear")
                self.assertEqual(code, STOPPED, err)
                report = self.folder / "report.json"
                self.succeed("filter", self.source, self.out, *FILTER, "--detrend", "linear", "--resume", "--report", report,
                             ranks=3)
                self.hold_complete(checksum(self.folder / "whole.h5"))
                self.assertLess(json.loads(report.read_text())["bytes_read"], self.source.stat().st_size)
                self.out.unlink()

    def test_stopped_before_they_are_known(self):
        command = ["filter", self.source, self.out, *FILTER, "--detrend", "constant"]
        first = run(*command, "--chunk-duration", "4000n", "--max-time", "1us", ranks=2)
        self.assertEqual(first.code, STOPPED, first.err)
        self.assertIn("stopped before the trends of all channels were known", first.err)
        self.succeed(*command, "--resume", ranks=2)
        self.succeed("filter", self.source, self.folder / "whole.h5", *FILTER, "--detrend", "constant")
        self.hold_complete(checksum(self.folder / "whole.h5"))


class Refused(InterruptedTest):
    def setUp(self):
        super().setUp()
        code, err = self.stop_midway(signal.SIGUSR1, to_launcher=True)
        self.assertIn(code, (STOPPED, SIGNALLED_LAUNCHER), err)
        self.assertIn("stopped at a checkpoint", err)

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
