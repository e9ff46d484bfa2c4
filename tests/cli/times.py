"""The phases that a report lists are all of a run's time, from the launcher's start to the end of MPI."""
import json
import os
import subprocess
import time

import program
from program import LAUNCHER, ProgramTest, command


class Times(ProgramTest):
    RUNS = 6
    # The kernel tells when a process started to a hundredth of a second, rounded down.
    TICK_SECONDS = 1 / os.sysconf("SC_CLK_TCK")

    def wall_of(self, line):
        begin = time.perf_counter()
        subprocess.run(line, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                       timeout=program.PATIENCE_SECONDS)
        return time.perf_counter() - begin

    def missing_seconds(self, line, report):
        """What a run took beyond its phases: the least over its ranks, and what may be missing."""
        wall = self.wall_of(line)
        did = json.loads(report.read_text())
        self.assertEqual(list(did["phases"]), sorted(did["phases"]))
        for name, seconds in did["phases"].items():
            self.assertGreaterEqual(seconds["min_seconds"], 0, name)
        mean = sum(seconds["mean_seconds"] for seconds in did["phases"].values())
        # On one node the ranks' clocks begin and end together, so each of them accounts for the same time.
        self.assertLessEqual(did["least_rank_seconds"] - 1e-6, mean)
        self.assertLessEqual(mean - 1e-6, did["wall_seconds"])
        self.assertLessEqual(did["wall_seconds"], wall + 2 * self.TICK_SECONDS)
        self.assertIn("finalize", did["phases"])
        return wall - did["least_rank_seconds"], max(0.03 * wall, 0.05)

    def hold(self, ranks, outside):
        """`outside()`: seconds that lie outside of the ranks. A busy machine adds to some runs, a phase that is left
        out to all of them."""
        recording, output, report = (self.folder / name for name in ("in.h5", "out.h5", "report.json"))
        self.succeed("synth", recording, "--channels", "40", "--duration", "100s")
        line = command("filter", recording, output, "--gaussian", "40", "--overwrite", "--report", report, ranks=ranks)
        seen = []
        for _ in range(self.RUNS):
            missing, allowed = self.missing_seconds(line, report)
            allowed += outside()
            seen.append(f"{missing:.3f} of {allowed:.3f}")
            if missing <= allowed:
                return
        self.fail(f"seconds outside of all phases in each run: {', '.join(seen)}")

    def test_alone(self):
        # To start and to end a process, which an empty one does as well.
        self.hold(None, lambda: self.wall_of(["true"]))

    def test_two_ranks(self):
        # The launcher's own end is after that of the ranks, and not longer than all of an empty run.
        self.hold(2, lambda: self.wall_of([*LAUNCHER, "-n", "2", "true"]))


if __name__ == "__main__":
    program.main()
