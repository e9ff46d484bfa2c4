"""What the program does where stdout or stderr cannot be written, as on a disk that is full: results that are lost are
an error, messages that are lost end nothing."""
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


if __name__ == "__main__":
    program.main()
