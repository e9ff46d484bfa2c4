"""Runs that are killed: the input is untouched, the final name absent or complete, and --resume ends with the same bits.

WEIR_KILLS says how many runs are killed at moments of chance (10 by default), WEIR_SEED at which. The other kills come
at places of which each could lose something.
"""
import os
import random
import signal
import time

import program
from interrupted import FILTER, InterruptedTest, ranks_of
from program import checksum, identity, noise, write

KILLS = int(os.environ.get("WEIR_KILLS", 10))
SEED = int(os.environ.get("WEIR_SEED", 1))
BLOCKS = ("--chunk-duration", "4000n")

# A place, and at which of its passes: where a marker is written when there is none yet, and when there is one.
PLACES = [("file created", 1), ("tree copied", 1), ("metadata flushed", 1),
          ("samples written", 1), ("samples written", 5), ("samples flushed", 1), ("samples flushed", 3),
          ("marker begun", 1), ("marker begun", 3), ("marker synced", 1), ("marker synced", 3),
          ("marker renamed", 1), ("marker renamed", 3),
          ("results written", 1), ("part synced", 1), ("part renamed", 1)]


def kill(pids):
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


class KillTest(InterruptedTest):
    def hold_resumed(self, before, expected, *options, ranks=2):
        self.assertEqual(identity(self.source), before)
        if self.out.exists():
            self.assertEqual(checksum(self.out), expected)
        self.succeed("filter", self.source, self.out, *FILTER, "--resume", *options, ranks=ranks)
        self.hold_complete(expected)


class Chance(KillTest):
    def has_blocks(self):
        try:
            return '"done": []' not in self.marker.read_text()
        except FileNotFoundError:
            return False

    def test_any_moment(self):
        expected = self.whole()
        before = identity(self.source)
        began = time.monotonic()
        self.succeed("filter", self.source, self.out, *FILTER, *BLOCKS, ranks=2)
        lasts = time.monotonic() - began
        self.hold_complete(expected)
        chance = random.Random(SEED)
        met_at_work = 0
        for number in range(KILLS):
            self.out.unlink(missing_ok=True)
            domain = chance.choice(("1", "node"))
            how = chance.choice(("rank", "ranks", "launcher"))
            with self.subTest(kill=number, how=how, domain=domain):
                process, name = self.begin(*BLOCKS, "--ranks-per-domain", domain)
                if chance.random() < 0.5:
                    self.wait_until(lambda: process.poll() is not None or self.has_blocks(), "no block is done")
                    time.sleep(chance.uniform(0, 0.2) * lasts)
                else:
                    time.sleep(chance.uniform(0.05, 1.05) * lasts)
                ranks = sorted(ranks_of(name))
                kill({"rank": ranks[:1], "ranks": ranks, "launcher": [process.pid]}[how])
                self.end(process, name)
                met_at_work += self.marker.exists()
                self.hold_resumed(before, expected, "--ranks-per-domain", chance.choice(("1", "node")),
                                  ranks=chance.choice((1, 2, 3)))
        print(f"{met_at_work} of {KILLS} kills left work to resume")


class Places(KillTest):
    def setUp(self):
        super().setUp()
        write(self.source, noise(12, 40_000))

    def test_every_place(self):
        expected = self.whole()
        before = identity(self.source)
        for place, times in PLACES:
            for victim in ("rank", "launcher"):
                with self.subTest(place=place, times=times, victim=victim):
                    self.out.unlink(missing_ok=True)
                    process, name = self.begin(*BLOCKS, fault=f"{place}:{times}:{victim}")
                    self.end(process, name)
                    self.assertNotEqual(process.returncode, 0, "the run never came to this place")
                    self.hold_resumed(before, expected)

    def test_data_is_awaited_on_the_disk_for_checkpoints_and_on_request(self):
        unhurried = ("--gaussian", "40", "--checkpoint-interval", "10h")
        for options, awaits in (((), False), (("--durable",), True)):
            with self.subTest(options=options):
                self.out.unlink(missing_ok=True)
                process, name = self.begin(*BLOCKS, *options, fault="samples flushed:1:rank", filtering=unhurried)
                self.end(process, name)
                self.assertEqual(process.returncode != 0, awaits)
                self.assertEqual(self.out.exists(), not awaits)


if __name__ == "__main__":
    program.main()
