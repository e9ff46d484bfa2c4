"""The scaling suite at its smallest: what it measures is whole, agrees with itself, and leaves no recording behind."""
import csv
import json
import os
import pathlib
import shlex
import statistics
import subprocess
import sys

import program
from program import ProgramTest

SUITE = pathlib.Path(__file__).resolve().parents[2] / "bench" / "scaling.py"
STREAM = os.environ.get("WEIR_STREAM")


class Scaling(ProgramTest):
    RUNS = 1

    def test_a_tiny_recording(self):
        results = self.folder / "results"
        stream = ["--stream", STREAM] if STREAM else []
        done = subprocess.run(
            [sys.executable, SUITE, results, "--weir", program.PROGRAM, "--launcher", shlex.join(program.LAUNCHER),
             "--channels", "4", "--seconds", "5", "--ranks", "2", "--runs", str(self.RUNS), *stream],
            capture_output=True, text=True, timeout=3 * program.PATIENCE_SECONDS, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        result = json.loads((results / "scaling.json").read_text())
        places = [(point["kind"], point["ranks"], point["ranks_per_domain"]) for point in result["points"]]
        self.assertEqual(places, [("strong", 1, "node"), ("strong", 2, "node"), ("strong", 2, "1"),
                                  ("weak", 1, "node"), ("weak", 2, "node")])
        for point, row in zip(result["points"], result["summary"]):
            self.hold_point(point, row)
        self.hold_lines(result, results / "scaling.csv")
        if STREAM:
            for at in result["bandwidth"]:
                self.assertEqual(len(at["bytes_per_second"]), self.RUNS)
                self.assertGreater(min(at["bytes_per_second"]), 0)
        self.assertEqual(result["machine"]["weir"], self.succeed("--version").out.split()[1])
        self.assertEqual(len((results / "table.txt").read_text().splitlines()), 1 + len(places))
        self.assertFalse(list(results.glob("*.h5*")))

    def hold_point(self, point, row):
        channels = 4 * (point["ranks"] if point["kind"] == "weak" else 1)
        self.assertEqual(len(point["repetitions"]), self.RUNS)
        for run in point["repetitions"]:
            report = run["report"]
            self.assertEqual(report["plan"]["ranks"], point["ranks"])
            self.assertEqual(report["plan"]["domains"], 2 if point["ranks_per_domain"] == "1" else 1)
            self.assertEqual(report["bytes_written"], channels * 5000 * 8)
            self.assertLessEqual(report["phases"]["filter"]["mean_seconds"], run["seconds"])
        self.assertEqual(row["seconds"], statistics.median(run["seconds"] for run in point["repetitions"]))
        self.assertAlmostEqual(row["bytes_per_second"] * row["seconds"], channels * 5000 * 8, places=3)

    def hold_lines(self, result, path):
        with open(path, newline="") as file:
            lines = list(csv.DictReader(file))
        runs = [(point, run) for point in result["points"] for run in point["repetitions"]]
        self.assertEqual(len(lines), len(runs))
        for line, (point, run) in zip(lines, runs):
            self.assertEqual((line["kind"], int(line["ranks"])), (point["kind"], point["ranks"]))
            self.assertEqual(float(line["seconds"]), run["seconds"])
            self.assertEqual(float(line["write_seconds"]), run["report"]["phases"]["write"]["mean_seconds"])


if __name__ == "__main__":
    program.main()
