"""weir apply: a plugin's results are SciPy's, with the same bits however the run is cut; and plugins that misbehave
are told of."""
import json
import os
import pathlib
import shutil

import program
from pairs import covering
from program import BAD_DATA, USAGE, ProgramTest, checksum, noise, read, run, write

from scipy import ndimage

MEDIAN = pathlib.Path(os.environ["WEIR_MEDIAN_PLUGIN"])
MISBEHAVING = pathlib.Path(os.environ["WEIR_MISBEHAVING_PLUGIN"])
OTHER_ABI = pathlib.Path(os.environ["WEIR_OTHER_ABI_PLUGIN"])
STOPPED = 75

# Processes that die by a signal are to leave nothing in the folder.
WITHOUT_CORE = ("sh", "-c", 'ulimit -c 0; exec "$@"', "sh")


class SameBits(ProgramTest):
    def hold_median(self, original, size, rows, time_axis=1, mode="reflect", cval=None, parameter=None, **storage):
        """A median chooses among the samples, so that SciPy's and weir's are the same to the bit."""
        source = write(self.folder / "in.h5", original, time_axis=time_axis, **storage)
        expected = ndimage.median_filter(original, size=(1, size), mode=mode, cval=cval or 0)
        options = ["--mode", mode, *([] if cval is None else ["--cval", cval])]
        for row in [{"ranks": None}, *rows]:
            with self.subTest(dtype=original.dtype, mode=mode, time_axis=time_axis, **row):
                how = [part for name, value in row.items() if name != "ranks" and value is not None
                       for part in (f"--{name}", value)]
                self.succeed("apply", source, self.folder / "out.h5", "--plugin", MEDIAN, "--param",
                             parameter or f"samples={size}", "--overwrite", "-q", *options, *how, ranks=row["ranks"])
                got = read(self.folder / "out.h5")
                self.assertEqual(got.dtype, original.dtype)
                self.assertTrue(((got if time_axis == 1 else got.T) == expected).all())

    def test_ranks_domains_and_blocks(self):
        rows = covering({"ranks": [1, 2, 4], "ranks-per-domain": ["1", "2", "node"],
                         "chunk-duration": [None, "7n", "997n"], "write": ["parallel", "leader", "gather"],
                         "split": ["rows", "time"]})
        self.hold_median(noise(5, 3001), 31, rows)

    def test_types_and_time_axes(self):
        rows = [{"ranks": 4, "ranks-per-domain": "2", "chunk-duration": "100n", "split": "time"}]
        self.hold_median(noise(6, 2000, "int16"), 9, rows, 0, "nearest", chunks=(300, 4), compression="gzip")
        self.hold_median(noise(6, 2000, "float32"), 9, rows, 0, "constant", 2.5)
        self.hold_median(noise(6, 2000, "uint16"), 9, rows, 1, "mirror", chunks=(2, 500))
        self.hold_median(noise(6, 2000, "int32"), 9, rows, 1, "wrap", parameter="seconds=0.009")

    def test_long_rows_and_ranks_that_share_one(self):
        rows = [{"ranks": 4, "chunk-duration": None}, {"ranks": 4, "ranks-per-domain": "1", "chunk-duration": "30000n"}]
        self.hold_median(noise(1, 100_000, "float32"), 101, rows)

    def test_window_longer_than_the_recording(self):
        self.hold_median(noise(3, 5), 21, [{"ranks": 4, "ranks-per-domain": "2", "chunk-duration": "2n"}], mode="mirror")


class Runs(ProgramTest):
    """What apply has of filter."""

    def setUp(self):
        super().setUp()
        self.source = write(self.folder / "in.h5", noise(12, 100_000))
        self.out = self.folder / "out.h5"
        self.options = ("--plugin", MEDIAN, "--param", "samples=31")

    def test_stop_and_resume(self):
        self.succeed("apply", self.source, self.folder / "whole.h5", *self.options)
        copy = self.folder / "median.so"
        shutil.copy(MEDIAN, copy)
        slow = ("--plugin", copy, "--param", "samples=31", "--chunk-duration", "500n", "--checkpoint-interval", "0s",
                "--resume")
        first = run("apply", self.source, self.out, *slow, "--max-time", "0.001s", ranks=2)
        self.assertEqual(first.code, STOPPED, first.err)
        for words, changed in [(("parameter", "31", "33"), ("--plugin", copy, "--param", "samples=33")),
                               (("mode",), (*self.options, "--mode", "nearest"))]:
            other = run("apply", self.source, self.out, *changed, "--resume", ranks=2)
            self.assertEqual(other.code, USAGE, other.err)
            for word in words:
                self.assertIn(word, other.errors[0])
        with open(copy, "ab") as library:
            library.write(b"another build")
        other = run("apply", self.source, self.out, *slow, ranks=2)
        self.assertEqual(other.code, USAGE, other.err)
        self.assertIn("checksum", other.errors[0])
        self.succeed("apply", self.source, self.out, *self.options, "--resume", ranks=1)
        self.assertEqual(checksum(self.out), checksum(self.folder / "whole.h5"))
        self.assertFalse((self.folder / "out.h5.part").exists())

    def test_plan_report_and_config(self):
        plan = self.succeed("apply", self.source, self.out, *self.options, "--plan", ranks=2).out
        self.assertIn("median 1.0", plan)
        self.assertIn("15 samples ahead and 15 behind", plan)
        self.assertFalse(self.out.exists())
        config = self.folder / "apply.toml"
        config.write_text(self.succeed("apply", *self.options, "--param", "samples=5", "--print-config").out)
        report = self.folder / "report.json"
        self.succeed("apply", self.source, self.out, "--config", config, "--report", report, ranks=2)
        did = json.loads(report.read_text())
        self.assertEqual(did["options"]["param"], ["samples=31", "samples=5"])
        self.assertEqual((did["plan"]["halo_before"], did["plan"]["halo_after"]), (2, 2))
        self.succeed("apply", self.source, self.folder / "plain.h5", "--plugin", MEDIAN, "--param", "samples=5")
        self.assertEqual(checksum(self.out), checksum(self.folder / "plain.h5"))

    def test_narrow_arithmetic_is_said(self):
        wide = self.succeed("apply", self.source, self.out, *self.options)
        self.assertEqual(wide.warnings, [])
        narrow = self.succeed("apply", self.source, self.out, *self.options, "--accumulate", "float32", "--overwrite")
        self.assertIn("float64 samples as float32", narrow.warnings[0])


# What is refused before anything is made: the exit code, what the sentence must say, the options.
REFUSED = [
    (USAGE, ["no plugin", "--plugin"], []),
    (USAGE, ["missing.so", "check its name"], ["--plugin", "missing.so"]),
    (USAGE, ["no file"], ["--plugin", "."]),
    (BAD_DATA, ["text.so", "cannot be loaded"], ["--plugin", "text.so"]),
    (USAGE, ["KEY=VALUE", "'samples'"], ["--plugin", MEDIAN, "--param", "samples"]),
    (USAGE, ["'width' is no parameter"], ["--plugin", MEDIAN, "--param", "width=3"]),
    (BAD_DATA, ["version 2", "version 1"], ["--plugin", OTHER_ABI]),
    (USAGE, ["samples=wide", "positive"], ["--plugin", MEDIAN, "--param", "samples=wide"]),
    (USAGE, ["--cval"], ["--plugin", MEDIAN, "--param", "samples=3", "--cval", "1"]),
    (USAGE, ["float32", "--accumulate float64"], ["--plugin", MISBEHAVING, "--accumulate", "float32"]),
    (BAD_DATA, ["1000000000000"], ["--plugin", MISBEHAVING, "--param", "halo=1000000000000"]),
]

# How a plugin ends its process, and what the sentence calls it.
CRASHES = [("segv", "SIGSEGV"), ("stack", "SIGSEGV"), ("fpe", "SIGFPE"), ("exit", "exit()"), ("abort", "SIGABRT"),
           ("ill", "SIGILL"), ("bus", "SIGBUS")]


class Failures(ProgramTest):
    ranks = None
    every = 1  # of the cases above

    def setUp(self):
        super().setUp()
        self.source = write(self.folder / "in.h5", noise(8, 2000))
        self.misbehave = ("--plugin", MISBEHAVING, "--param", "channel=5", "--param", "sample=1234", "--param")

    def apply(self, *options, **how):
        return run("apply", self.source, self.folder / "out.h5", *options, ranks=self.ranks, prefix=WITHOUT_CORE,
                   cwd=self.folder, **how)

    def hold_told(self, result, *words):
        self.assertEqual(len(result.errors), 1, result.err)
        for word in words:
            self.assertIn(word, result.errors[0])

    def test_refused(self):
        (self.folder / "text.so").write_text("no library")
        for code, words, options in REFUSED[::self.every]:
            with self.subTest(options=options):
                before = sorted(os.listdir(self.folder))
                result = self.apply(*options)
                self.assertEqual(result.code, code, result.err)
                self.hold_told(result, *words)
                self.assertEqual(sorted(os.listdir(self.folder)), before)

    def test_library_without_the_symbol(self):
        # Any other shared object, such as one of Python's own.
        other = next(pathlib.Path(json.__file__).parent.parent.glob("lib-dynload/*.so"), None)
        if other is None:
            self.skipTest("this Python has no shared objects of its own")
        result = self.apply("--plugin", other)
        self.assertEqual(result.code, BAD_DATA)
        self.assertRegex(result.errors[0], "weir_plugin_entry|cannot be loaded")

    def test_failed_call(self):
        for way, words in [("error", "the electrode is loose"), ("silent-error", "does not say why"),
                           ("exception", "no more patience")]:
            with self.subTest(way=way):
                result = self.apply(*self.misbehave, f"way={way}")
                self.assertEqual(result.code, BAD_DATA, result.err)
                self.hold_told(result, "misbehaving", "channel 5", words)
                self.assertEqual(os.listdir(self.folder), ["in.h5"])

    def test_failure_after_a_checkpoint(self):
        options = ("--plugin", MISBEHAVING, "--param", "sample=1990", "--chunk-duration", "20n", "--split", "time",
                   "--checkpoint-interval", "0s", "--param", "way=error")
        result = self.apply(*options)
        self.assertEqual(result.code, BAD_DATA, result.err)
        self.hold_told(result, "channel 0, samples 1980:2000", "--resume")
        self.assertTrue((self.folder / "out.h5.part").exists())
        self.hold_told(self.apply(*options, "--resume"), "channel 0, samples 1980:2000")

    def test_crash(self):
        for way, name in CRASHES[::self.every]:
            with self.subTest(way=way):
                result = self.apply(*self.misbehave, f"way={way}", "--overwrite")
                self.assertNotEqual(result.code, 0)
                self.hold_told(result, "misbehaving", "channel 5, samples", name)
                self.assertFalse((self.folder / "out.h5").exists())

    def test_crash_before_the_run(self):
        result = self.apply("--plugin", MISBEHAVING, "--param", "crash-at-start=1")
        self.assertNotEqual(result.code, 0)
        self.assertIn("create()", result.errors[0])
        self.assertEqual(os.listdir(self.folder), ["in.h5"])


class FailuresOnOneRank(Failures):
    """Without a launcher."""


class FailuresOnFourRanks(Failures):
    """Of which one speaks."""

    ranks = 4
    every = 3

    def test_other_halo_on_one_rank(self):
        result = self.apply("--plugin", MISBEHAVING, "--param", "halo-of-the-first-to-make=made")
        self.assertEqual(result.code, BAD_DATA, result.err)
        self.hold_told(result, "other neighbours on other ranks")


del Failures  # which unittest would run too

if __name__ == "__main__":
    program.main()
