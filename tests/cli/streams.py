"""What the program does where stdout or stderr cannot be written, as on a disk that is full: results that are lost are
an error, messages that are lost end nothing."""
import json
import os
import subprocess

import program
from program import IO_ERROR, LAUNCHER, PATIENCE_SECONDS, USAGE, ProgramTest, checksum, noise, run, write

FULL = "/dev/full"


def redirected(redirection):
    """What starts a command with a stream of its own."""
    return ("sh", "-c", f'exec "$@" {redirection}', "sh")


class StreamTest(ProgramTest):
    def setUp(self):
        super().setUp()
        if not os.path.exists(FULL):
            self.skipTest(f"there is no {FULL}")
        self.recording = write(self.folder / "in.h5", noise(4, 5000))


class Results(StreamTest):
    def hold_lost(self, result, cause="No space left on device"):
        self.assertEqual(result.code, IO_ERROR, result.err)
        self.assertEqual(result.err, f"weir: error: standard output cannot be written: {cause}; make room, or send it "
                                     "elsewhere\n")

    def test_a_full_disk(self):
        design = ("design", "--lowpass", "40", "--fs", "1000")
        for arguments in (("--help",), ("--version",), ("filter", "--help"), ("info", self.recording),
                          ("info", self.recording, "--json"), design, (*design, "--json"),
                          ("filter", self.recording, self.folder / "out.h5", "--gaussian", "3", "--plan"),
                          ("synth", self.folder / "new.h5", "--channels", "2", "--duration", "10n")):
            with self.subTest(arguments=arguments):
                self.hold_lost(run(*arguments, prefix=redirected(f"> {FULL}")))
        # More than a buffer holds.
        self.assertGreater(len(self.succeed(*design, "--numtaps", "2001", "--json").out), 1 << 14)
        self.hold_lost(run(*design, "--numtaps", "2001", "--json", prefix=redirected(f"> {FULL}")))

    def test_a_stream_that_is_closed(self):
        self.hold_lost(run("info", self.recording, prefix=redirected(">&-")), "Bad file descriptor")

    def test_another_error_keeps_its_code(self):
        result = run("filter", self.recording, prefix=redirected(f"> {FULL}"))
        self.assertEqual(result.code, USAGE)
        self.assertEqual(len(result.errors), 1, result.err)


class Messages(StreamTest):
    FILTER = ("--gaussian", "3", "--chunk-duration", "100n", "--progress", "0.0001")

    def setUp(self):
        super().setUp()
        self.succeed("filter", self.recording, self.folder / "good.h5", *self.FILTER)

    def hold_output(self):
        self.assertEqual(checksum(self.folder / "out.h5"), checksum(self.folder / "good.h5"))
        self.assertFalse(list(self.folder.glob("*.part")))

    def test_progress_that_nobody_sees(self):
        for redirection in (f"2> {FULL}", "2>&-"):
            with self.subTest(redirection=redirection):
                self.succeed("filter", self.recording, self.folder / "out.h5", *self.FILTER, "--overwrite",
                             prefix=redirected(redirection))
                self.hold_output()

    def test_progress_that_nobody_sees_of_two_ranks(self):
        words = [*LAUNCHER, "-n", "2", *redirected(f"2> {FULL}"), program.PROGRAM, "filter", str(self.recording),
                 str(self.folder / "out.h5"), *self.FILTER]
        done = subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.hold_output()

    def test_a_warning_that_nobody_sees(self):
        self.succeed("design", "--lowpass", "40", "--fs", "1000", "--numtaps", "9", prefix=redirected(f"2> {FULL}"))


class Reports(ProgramTest):
    """Reports and tables that go where stdout goes, to a pipe, or nowhere."""

    def setUp(self):
        super().setUp()
        self.filter = ("filter", write(self.folder / "in.h5", noise(4, 5000)), self.folder / "out.h5", "--gaussian", "3",
                       "--overwrite", "--report")

    def hold_log(self, log, begin=""):
        """The summary, then the report, and nothing gone that was there before."""
        text = log.read_text()
        self.assertTrue(text.startswith(begin), text)
        self.assertIn("out.h5", text)
        self.assertEqual(json.loads(text[text.index("{"):text.rindex("}") + 1])["output"], str(self.folder / "out.h5"))

    def test_a_file_that_stdout_goes_to(self):
        log = self.folder / "job.log"
        link = self.folder / "stdout"
        link.symlink_to("/proc/self/fd/1")
        for name in ("/dev/stdout", link):
            with self.subTest(name=name):
                log.write_text("begin\n")
                inode = log.stat().st_ino
                self.succeed(*self.filter, name, prefix=redirected(f">> {log}"))
                self.hold_log(log, "begin\n")
                self.assertEqual(log.stat().st_ino, inode)
                self.assertTrue(os.path.islink(name))

    def test_a_pipe(self):
        pipe = self.folder / "pipe"
        os.mkfifo(pipe)
        with subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE, text=True) as reader:
            self.succeed(*self.filter, pipe)
            self.assertIn("phases", json.loads(reader.communicate(timeout=PATIENCE_SECONDS)[0]))

    def test_nothing_is_replaced_where_there_is_no_file(self):
        found = self.succeed("sweep", self.filter[1], "--gaussian", "2,3", "--csv", "/dev/stdout", "--json", "/dev/null")
        self.assertIn("gaussian,rms,best", found.out)
        self.assertLess(found.out.index("<- best"), found.out.index("gaussian,rms,best"))

    def test_a_name_beside_which_no_longer_one_is_possible(self):
        report = self.folder / ("r" * os.pathconf(self.folder, "PC_NAME_MAX"))
        report.write_text("before")
        self.succeed(*self.filter, report)
        self.assertIn("phases", json.loads(report.read_text()))

    def test_a_folder_that_takes_no_new_file(self):
        if os.geteuid() == 0:
            self.skipTest("every folder takes a new file of root's")
        folder = self.folder / "kept"
        folder.mkdir()
        report = folder / "report.json"
        report.write_text("before")
        folder.chmod(0o555)
        try:
            self.succeed(*self.filter, report)
        finally:
            folder.chmod(0o755)
        self.assertIn("phases", json.loads(report.read_text()))

    def test_a_folder_that_is_yet_to_be_made(self):
        report = self.folder / "made" / "report.json"
        self.succeed("filter", self.filter[1], self.folder / "made", "--output-per-file", "--gaussian", "3", "--report",
                     report)
        self.assertIn("phases", json.loads(report.read_text()))


if __name__ == "__main__":
    program.main()
