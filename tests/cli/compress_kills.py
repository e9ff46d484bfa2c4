"""Compressing runs that are killed where something could be lost: --resume ends with the bytes of an undisturbed run."""
import os

import program
from compress import packed_checksum
from interrupted import FILTER, InterruptedTest
from program import BAD_DATA, USAGE, noise, run, write

PACKED = ("--compress", "gzip:3", "--shuffle")
# Blocks end inside of chunks, so that pieces wait for one another over a kill.
BLOCKS = ("--chunk-duration", "7000n")
PER_NODE = ("--write", "per-node", "--ranks-per-domain", "1")
STOPPED = 75

PLACES = [("metadata flushed", 1), ("samples written", 3), ("samples flushed", 3), ("marker renamed", 3),
          ("chunks placed", 1), ("chunk stored", 1), ("chunk stored", 20), ("results written", 1), ("part renamed", 1)]


class PackedKills(InterruptedTest):
    def setUp(self):
        super().setUp()
        write(self.source, noise(12, 40_000), chunks=(5, 2000))

    def test_every_place(self):
        self.succeed("filter", self.source, self.folder / "whole.h5", "--gaussian", 40, *PACKED)
        expected = packed_checksum(self.folder / "whole.h5")
        # A resumed run may have other ranks, domains and writers.
        ways = [("1", "parallel", 1), ("node", "leader", 3), ("1", "gather", 2)]
        for number, (place, times) in enumerate(PLACES):
            for victim in ("rank", "launcher"):
                domain, writer, ranks = ways[number % len(ways)]
                with self.subTest(place=place, times=times, victim=victim, domain=domain, writer=writer):
                    self.out.unlink(missing_ok=True)
                    process, name = self.begin(*BLOCKS, *PACKED, fault=f"{place}:{times}:{victim}")
                    self.end(process, name)
                    self.assertNotEqual(process.returncode, 0, "the run never came to this place")
                    self.assertTrue(not self.out.exists() or packed_checksum(self.out) == expected)
                    self.succeed("filter", self.source, self.out, *FILTER, *PACKED, "--resume", "--ranks-per-domain",
                                 domain, "--write", writer, ranks=ranks)
                    self.assertEqual(packed_checksum(self.out), expected)
                    self.assertEqual(sorted(path.name for path in self.folder.iterdir()),
                                     ["in.h5", "out.h5", "whole.h5"])

    def test_a_log_that_is_missing_or_cut_is_found_before_the_work(self):
        leader, file, node = ("--write", "leader"), "out.h5", "out.node-0000.h5"
        for more, packed, fault in ((leader, file, "marker renamed:3"), (leader, file, "chunk stored:1"),
                                    (PER_NODE, node, "marker renamed:3"), (PER_NODE, node, "chunk stored:1")):
            process, name = self.begin(*BLOCKS, *PACKED, *more, fault=f"{fault}:rank")
            self.end(process, name)
            log = self.folder / f"{packed}.part.chunks.0.0"
            before = sorted(self.folder.iterdir())
            for damage, word in ((lambda: os.truncate(log, 100), "has 100 bytes in place of"), (log.unlink, "is gone")):
                with self.subTest(options=more, fault=fault, word=word):
                    damage()
                    result = run("filter", self.source, self.out, *FILTER, *PACKED, *more, "--resume", ranks=2)
                    self.assertEqual((result.code, len(result.errors)), (BAD_DATA, 1), result.err)
                    self.assertIn(f"{log.name}', in which packed chunks of it wait, {word}", result.errors[0])
                    # A run that does any work makes logs of its own.
                    self.assertLessEqual(set(self.folder.iterdir()), set(before))
            for path in self.folder.glob("out*"):
                path.unlink()

    def test_a_run_that_packs_nothing_removes_logs(self):
        process, name = self.begin(*BLOCKS, *PACKED, fault="marker renamed:3:rank")
        self.end(process, name)
        self.assertTrue(list(self.folder.glob("*.chunks.*")))
        self.succeed("filter", self.source, self.out, *FILTER, "--overwrite")
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["in.h5", "out.h5"])

    def test_time_that_is_up_when_all_is_packed(self):
        expected = self.whole()
        command = ("filter", self.source, self.out, *FILTER, *PACKED, "--max-time", "1us")
        self.assertEqual(run(*command, ranks=2).code, STOPPED)
        self.assertTrue(self.part.exists() and self.marker.exists() and not self.out.exists())
        # Nothing else is left to the next run, which does it however short its time is.
        self.succeed(*command, "--resume", ranks=3)
        self.hold_complete(expected)

    def test_another_compression_is_refused(self):
        process, name = self.begin(*BLOCKS, *PACKED, fault="marker renamed:3:rank")
        self.end(process, name)
        result = run("filter", self.source, self.out, *FILTER, "--compress", "gzip:9", "--resume", ranks=2)
        self.assertEqual(result.code, USAGE, result.err)
        self.assertIn('compression was "gzip:3, shuffled" and is "gzip:9"', result.errors[0])
        self.assertTrue(self.part.exists() and self.marker.exists())


if __name__ == "__main__":
    program.main()
