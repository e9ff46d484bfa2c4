"""The input changes while a run reads it, or is not what a file should be."""
import fcntl
import os
import shutil
import signal

import program
from bad_day import BadDay
from interrupted import FILTER
from program import NO_INPUT, run


class Input(BadDay):
    def test_is_cut_while_it_is_read(self):
        expected = self.whole()
        copy = shutil.copy2(self.source, self.folder / "copy.h5")
        with self.paused() as ended:
            os.truncate(self.source, os.stat(self.source).st_size // 2)
        self.hold_resumable(ended[0], "in.h5", "cut")
        result = run("filter", self.source, self.out, *FILTER, "--resume", ranks=2)
        self.hold_sentence(result, program.BAD_DATA, "in.h5", "cut short")
        shutil.copy2(copy, self.source)
        self.resume(expected)

    def test_is_removed_while_it_is_read(self):
        expected = self.whole()
        with self.paused() as ended:
            self.source.unlink()
        self.assertEqual(ended[0].code, 0, ended[0].err)
        self.hold_complete(expected)

    def test_is_locked_by_another_process(self):
        with open(self.source, "rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            result = run("filter", self.source, self.out, *FILTER, ranks=2)
            self.hold_sentence(result, NO_INPUT, "in.h5", "lock", "HDF5_USE_FILE_LOCKING=FALSE")
            self.assertEqual(os.listdir(self.folder), ["in.h5"])
            self.succeed("filter", self.source, self.out, *FILTER, ranks=2,
                         environment={"HDF5_USE_FILE_LOCKING": "FALSE"})
        self.hold_complete(self.whole())

    def test_was_written_in_the_future(self):
        next_century = 4_200_000_000
        os.utime(self.source, (next_century, next_century))
        code, err = self.stop_midway(signal.SIGUSR1)
        self.assertEqual(code, 75, err)
        self.resume(self.whole())


if __name__ == "__main__":
    program.main()
