"""What the program says and leaves when all goes well: help, plans, reports, messages, configuration."""
import json
import os
import pty
import re
import subprocess

import program
from program import USAGE, ProgramTest, command, noise, read, real_recordings, run, write

import h5py
import numpy as np

COMMANDS = ["filter", "info", "synth"]


class Help(ProgramTest):
    def test_help_names_every_command(self):
        text = self.succeed("--help").out
        for name in COMMANDS:
            self.assertRegex(text, rf"(?m)^  {name} ")

    def test_help_of_every_command_shows_options_with_their_meaning(self):
        for name in COMMANDS:
            with self.subTest(command=name):
                result = self.succeed(name, "--help")
                self.assertEqual(result.err, "")
                self.assertIn(f"weir {name}", result.out)
                options = re.findall(r"(?m)^  (-[^ ]+)", result.out)
                self.assertGreater(len(options), 2)

    def test_without_arguments_help_is_an_error(self):
        result = run()
        self.assertEqual(result.code, program.USAGE)
        self.assertIn("usage: weir COMMAND", result.err)

    def test_one_rank_speaks_for_all(self):
        self.assertEqual(self.succeed("--version", ranks=4).out.count("weir"), 1)
        self.assertEqual(self.succeed("filter", "--help", ranks=4).out.count("--gaussian SIGMA"), 1)

    def test_version(self):
        self.assertRegex(self.succeed("--version").out, r"^weir \d+\.\d+\.\d+\n$")


class Synth(ProgramTest):
    def test_numbers_that_cannot_be(self):
        for option, value, words in (("--channels", "-1", "-1 is negative"), ("--seed", "-3", "-3 is negative"),
                                     ("--fs", "0", "0 is not positive"), ("--fs", "-2", "-2 is not positive")):
            with self.subTest(option=option, value=value):
                result = run("synth", self.folder / "x.h5", "--duration", "1s", option, value)
                self.assertEqual(result.code, USAGE, result.err)
                self.assertEqual(len(result.errors), 1, result.err)
                self.assertRegex(result.errors[0], rf"{option}\b.*{words}")
                self.assertLess(len(result.errors[0]), 120)
                self.assertNotIn("--duration", result.errors[0])
        self.assertFalse(list(self.folder.iterdir()))


class Info(ProgramTest):
    def test_json(self):
        path = write(self.folder / "in.h5", noise(3, 5000, "int16"), "/group/values", 0, 250.0, chunks=(100, 3),
                     compression="gzip", compression_opts=3, shuffle=True)
        what = json.loads(self.succeed("info", path, "--json").out)
        expected = {"path": str(path), "layout": "generic", "dataset": "/group/values", "time_axis": 0, "channels": 3,
                    "samples": 5000, "type": "int16", "sampling_rate": 250.0}
        self.assertEqual({key: what[key] for key in expected}, expected)
        storage = {"chunked": True, "chunk_channels": 3, "chunk_samples": 100, "gzip_level": 3, "shuffle": True}
        self.assertEqual({key: what["storage"][key] for key in storage}, storage)

    def test_text(self):
        path = write(self.folder / "in.h5", noise(3, 5000, "float32"), rate=None)
        text = self.succeed("info", path).out
        for part in ("3 channels x 5000 samples, float32", "contiguous", "--fs"):
            self.assertIn(part, text)
        self.assertIn("125 Hz, 40 s", self.succeed("info", path, "--fs", "125").out)

    def test_real_recordings(self):
        seen = {(what["channels"], what["samples"], what["sampling_rate"]) for path, _ in real_recordings()
                for what in [json.loads(self.succeed("info", path, "--json").out)] if what["layout"] == "prodml"}
        if not seen:
            self.skipTest(f"no real recordings in {program.TEST_DATA}")
        self.assertEqual(seen, {(1152, 1000, 1000.0), (512, 2500, 200.0)})


class Plan(ProgramTest):
    """A plan touches nothing and says what the run will do."""

    def plan_and_report(self, recording, *options, ranks):
        before = sorted(os.listdir(self.folder))
        report = self.folder / "report.json"
        arguments = ["filter", recording, self.folder / "out.h5", *options, "--report", report]
        text = self.succeed(*arguments, "--plan", ranks=ranks).out
        self.assertEqual(sorted(os.listdir(self.folder)), before)
        self.succeed(*arguments, "--overwrite", ranks=ranks)
        did = json.loads(report.read_text())
        os.remove(report)
        return text, did

    @staticmethod
    def stored_bytes(recording):
        with h5py.File(recording) as file:
            return file["data"].id.get_storage_size()

    def test_bytes(self):
        data = noise(24, 30_000, "int16")
        time_last = write(self.folder / "rows.h5", data)
        time_first = write(self.folder / "columns.h5", data, time_axis=0, chunks=(1000, 24), compression="gzip")
        cuts = [[], ["--chunk-duration", "3000n"],
                ["--chunk-duration", "777n", "--split", "rows", "--ranks-per-domain", "1"]]
        for recording in (time_last, time_first):
            for options in cuts:
                with self.subTest(recording=recording.name, options=options):
                    text, did = self.plan_and_report(recording, "--gaussian", "50", "--method", "direct", *options,
                                                     ranks=2)
                    planned = did["plan"]
                    self.assertEqual(did["bytes_written"], data.nbytes)
                    stored = self.stored_bytes(recording)
                    self.assertGreaterEqual(did["bytes_read"], stored)
                    self.assertLessEqual(did["bytes_read"], 1.05 * planned["bytes_read"])
                    if stored == data.nbytes:  # ranks keep packed chunks, and may need fewer than planned
                        self.assertGreaterEqual(did["bytes_read"], 0.95 * planned["bytes_read"])
                    self.assertIn(f"{planned['read_amplification']:.3f} x the recording", text)
                    self.assertRegex(text, rf"(?m)^blocks +{planned['blocks']}, ")
                    os.remove(self.folder / "out.h5")


class Report(ProgramTest):
    def test_content(self):
        data = noise(8, 50_000)
        data[3, 100] = np.nan
        data[5, 200:203] = np.inf
        recording = write(self.folder / "in.h5", data)
        report = self.folder / "report.json"
        result = self.succeed("filter", recording, self.folder / "out.h5", "--gaussian", "200", "--method", "direct",
                              "--chunk-duration", "5s", "--ranks-per-domain", "2", "--report", report, ranks=4)
        did = json.loads(report.read_text())
        self.assertEqual(did["nonfinite_samples"], 4)
        self.assertEqual(did["clipped_samples"], 0)
        self.assertIn("weir: warning: 4 of 400000 input samples are NaN or infinite", result.err)
        self.assertEqual(did["options"]["gaussian"], "200")
        self.assertEqual(did["options"]["chunk-duration"], "5s")
        self.assertEqual(did["input"]["sampling_rate"], 1000.0)
        self.assertEqual([host["ranks"] for host in did["hosts"]], [4])
        self.assertEqual((did["plan"]["ranks"], did["plan"]["domains"], did["plan"]["taps"]), (4, 2, 1601))
        self.assertEqual(did["plan"]["block_samples"], 5000)
        self.assertEqual(f"weir {did['weir']}\n", self.succeed("--version").out)
        for name, seconds in did["phases"].items():
            self.assertLessEqual(seconds["min_seconds"], seconds["mean_seconds"], name)
            self.assertLessEqual(seconds["mean_seconds"], seconds["max_seconds"], name)
        # A rank's phases are all of its time; ranks begin and end together but for the launcher's pace.
        total = sum(seconds["mean_seconds"] for seconds in did["phases"].values())
        self.assertLessEqual(abs(total - did["wall_seconds"]), 0.05 * did["wall_seconds"])
        self.assertGreater(did["phases"]["filter"]["min_seconds"], 0)

    def test_nan_reaches_as_far_as_its_taps(self):
        for method in ("direct", "fft"):
            with self.subTest(method=method):
                data = noise(2, 9000)
                data[1, 4000] = np.nan
                recording = write(self.folder / "in.h5", data)
                self.succeed("filter", recording, self.folder / "out.h5", "--gaussian", "25", "--method", method,
                             "--overwrite")
                bad = np.argwhere(~np.isfinite(read(self.folder / "out.h5")))
                np.testing.assert_array_equal(bad, [[1, i] for i in range(4000 - 100, 4000 + 101)])

    def test_clipped_samples_are_counted_and_said(self):
        data = noise(5, 4000, "int16")
        recording = write(self.folder / "in.h5", data)
        (self.folder / "taps.txt").write_text("1.5")
        report = self.folder / "report.json"
        result = self.succeed("filter", recording, self.folder / "out.h5", "--taps", self.folder / "taps.txt",
                              "--report", report, ranks=3)
        exact = np.rint(1.5 * data.astype(np.float64))
        clipped = int(((exact > 32767) | (exact < -32768)).sum())
        self.assertGreater(clipped, 0)
        self.assertEqual(json.loads(report.read_text())["clipped_samples"], clipped)
        self.assertEqual(result.warnings, [f"weir: warning: {clipped} of 20000 samples did not fit int16 and were "
                                           "clipped to its range"])
        np.testing.assert_array_equal(read(self.folder / "out.h5"), np.clip(exact, -32768, 32767))


class Messages(ProgramTest):
    """Progress, silence, logs."""

    def setUp(self):
        super().setUp()
        # Twenty blocks, each of which takes longer than a millisecond.
        self.recording = write(self.folder / "in.h5", noise(24, 100_000, "float32"))
        self.arguments = ["filter", self.recording, self.folder / "out.h5", "--gaussian", "100", "--method", "direct",
                          "--accumulate", "float64", "--chunk-duration", "5000n", "--overwrite"]

    def test_lines(self):
        result = self.succeed(*self.arguments, "--progress", "0.001", ranks=2)
        pattern = re.compile(r"^weir: +(\d+) %, \d+:\d\d, [\d.]+ [KMG]?i?B/s(, \d+:\d\d left)?$")
        lines = [line for line in result.err.splitlines() if line.startswith("weir:") and " %, " in line]
        self.assertTrue(lines, result.err)
        for line in lines:
            self.assertRegex(line, pattern)
        parts = [int(pattern.match(line)[1]) for line in lines]
        self.assertEqual(parts, sorted(parts))
        self.assertLessEqual(parts[-1], 100)

    def test_quiet_says_nothing_and_off_no_progress(self):
        quiet = self.succeed(*self.arguments, "-q", "--progress", "0.001")
        self.assertEqual((quiet.out, quiet.err), ("", ""))
        off = self.succeed(*self.arguments, "--progress", "off")
        self.assertEqual(off.err, "")
        self.assertIn("24 channels x 100000 samples", off.out)

    def test_bar_on_a_terminal(self):
        ours, theirs = pty.openpty()
        # A bar is drawn ten times a second, and the first after a tenth of one: this is 29e9 multiply-adds.
        longer = ["1500" if argument == "100" else argument for argument in self.arguments]
        with subprocess.Popen(command(*longer), stdout=subprocess.DEVNULL, stderr=theirs,
                              stdin=subprocess.DEVNULL) as process:
            os.close(theirs)
            shown = b""
            try:
                while piece := os.read(ours, 4096):
                    shown += piece
            except OSError:  # how Linux says that the other end of a terminal is closed
                pass
            os.close(ours)
        self.assertEqual(process.returncode, 0)
        self.assertRegex(shown.decode(), r"\r\[=* *\] +\d+ %")
        self.assertRegex(shown.decode(), r"\[={30}\] 100 %.*\r\n$")

    def test_log_file_of_each_rank(self):
        log = self.folder / "run.log"
        result = self.succeed(*self.arguments, "--log-file", log, "--log-level", "debug", ranks=3)
        self.assertNotIn("[DEBUG", result.err)
        for rank in range(3):
            lines = (self.folder / f"run.log.{rank}").read_text().splitlines()
            steps = [line for line in lines if "[WARNING" not in line]
            self.assertGreater(len(steps), 20)
            for line in lines:
                self.assertRegex(line, rf"^\d{{4}}-\d\d-\d\dT[\d:.]+ \[(DEBUG|INFO|WARNING)/{rank}/[^\]]+\] ")
            self.assertTrue(any("samples 95000:100000" in line for line in steps))

    def test_verbose_tells_of_each_rank(self):
        err = self.succeed(*self.arguments, "-v", ranks=2).err
        for rank in range(2):
            self.assertRegex(err, rf"(?m)^\[INFO/{rank}/[^\]]+\] ")
        self.assertNotIn("[DEBUG", err)


class Config(ProgramTest):
    """Options of a file: the command line wins over it, and it wins over the default."""

    def setUp(self):
        super().setUp()
        self.recording = write(self.folder / "in.h5", noise(3, 3000))

    def filtered(self, *options):
        self.succeed("filter", self.recording, self.folder / "out.h5", "-q", "--overwrite", *options)
        return read(self.folder / "out.h5")

    def test_what_is_printed_is_read_back(self):
        options = ["--gaussian", "12", "--order", "1", "--mode", "constant", "--cval", "-3.5", "--chunk-duration",
                   "500n", "--write", "leader", "--report", self.folder / "report #1.json", "--memory-per-node", "1 GiB"]
        printed = self.succeed("filter", *options, "--print-config", ranks=2).out
        self.assertEqual(printed.count('gaussian = "12"'), 1)
        config = self.folder / "options.toml"
        config.write_text(printed)
        self.assertEqual(self.succeed("filter", "--config", config, "--print-config").out, printed)
        np.testing.assert_array_equal(self.filtered("--config", config), self.filtered(*options))
        self.assertTrue((self.folder / "report #1.json").exists())

    def test_what_such_a_file_cannot_hold_is_refused(self):
        for name in ("it's \"one\".npy", "two\nlines.npy", "a folder\\"):
            with self.subTest(name):
                result = run("filter", "--taps", name, "--print-config", ranks=2)
                self.assertEqual((result.code, result.out), (USAGE, ""))
                self.assertEqual(len(result.errors), 1, result.err)
                self.assertIn("--taps", result.errors[0])

    def test_the_default_configuration_is_read_back(self):
        config = self.folder / "options.toml"
        config.write_text(self.succeed("filter", "--print-config").out)
        np.testing.assert_array_equal(self.filtered("--gaussian", "12", "--config", config),
                                      self.filtered("--gaussian", "12"))

    def test_precedence(self):
        config = self.folder / "options.toml"
        config.write_text('# of today\ngaussian = "30" # not 12\nmode = "wrap"\n')
        by_line, by_file = self.filtered("--gaussian", "12", "--config", config), self.filtered("--config", config)
        np.testing.assert_array_equal(by_line, self.filtered("--gaussian", "12", "--mode", "wrap"))
        np.testing.assert_array_equal(by_file, self.filtered("--gaussian", "30", "--mode", "wrap"))
        self.assertFalse(np.array_equal(by_line, by_file))
        self.assertFalse(np.array_equal(by_file, self.filtered("--gaussian", "30")))


if __name__ == "__main__":
    program.main()
