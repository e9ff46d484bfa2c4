"""What happens to a run from outside while it works: it ends with one sentence and the right code, and what it leaves can
be resumed; or it is not disturbed at all. For the tests of this folder that are named after it.
"""
import contextlib
import os
import re
import signal
import unittest.mock

import program
from interrupted import FILTER, InterruptedTest, is_paused, processes_of
from program import IO_ERROR

BLOCKS = ("--chunk-duration", "4000n")


class BadDay(InterruptedTest):
    def fill(self, folder):
        """Leaves no byte free there."""
        with contextlib.suppress(OSError), open(folder / "filler", "wb", buffering=0) as filler:
            while filler.write(bytes(1 << 20)):
                pass

    def output_in(self, folder):
        self.out = folder / "out.h5"
        self.part, self.marker = folder / "out.h5.part", folder / "out.h5.part.progress"

    @contextlib.contextmanager
    def paused(self, place="marker renamed:3", environment=None):
        """A run that stands still at a place, in its middle unless told otherwise: some blocks are safe and some are to
        do. What it comes to when it goes on is in the list that is given."""
        with unittest.mock.patch.dict(os.environ, environment or {}):
            process, name = self.begin(*BLOCKS, fault=f"{place}:pause")
        try:
            self.wait_until(lambda: any(map(is_paused, processes_of(name))) or process.poll() is not None,
                            f"the run does not come to {place}")
            if process.poll() is not None:
                self.fail(f"the run ended before {place}: {self.end(process, name)}")
            rank = next(filter(is_paused, processes_of(name)))
            results = []
            yield results
            os.kill(rank, signal.SIGCONT)
            err = self.end(process, name)
            results.append(program.Result(process.returncode, "", err))
        finally:
            for pid in processes_of(name):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            process.communicate()

    def hold_sentence(self, result, code, *words):
        self.assertEqual(result.code, code, result.err)
        self.assertEqual(len(result.errors), 1, result.err)
        for word in words:
            self.assertIn(word, result.errors[0])
        self.assertNotIn("internal", result.errors[0])

    def hold_resumable(self, result, *words):
        """It failed on the way, what is done is kept, and the sentence says how to go on."""
        self.hold_sentence(result, IO_ERROR, "--resume", *words)
        done, all_blocks = map(int, re.search(r"(\d+) of (\d+) blocks are safe", result.errors[0]).groups())
        self.assertTrue(0 < done < all_blocks, result.errors[0])
        self.assertTrue(self.part.exists() and self.marker.exists() and not self.out.exists())

    def resume(self, expected):
        self.succeed("filter", self.source, self.out, *FILTER, "--resume", ranks=2)
        self.hold_complete(expected)
