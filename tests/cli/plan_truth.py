"""What --plan says of memory, bytes and time, against what the run's report says was measured, and the kernel's own count.

Memory is what the job adds to the ranks: its windows and buffers. What MPI and the libraries hold before it begins is
measured, not planned; on the node as a whole both stand in both figures.
"""
import json
import os
import re

import program
from program import BAD_DATA, NO_INPUT, USAGE, ProgramTest, noise, run, write

import h5py
import numpy as np

TOLERANCE = 0.05

# How the input is stored, on how many ranks, with which options.
CASES = [
    ({"time_axis": 1}, 1, []),
    ({"time_axis": 1}, 2, ["--ranks-per-domain", "1"]),
    ({"time_axis": 1}, 3, ["--write", "leader"]),
    ({"time_axis": 0}, 2, []),
    ({"time_axis": 0}, 3, ["--write", "leader"]),
    ({"time_axis": 0, "chunks": (8192, 16)}, 2, []),
    ({"time_axis": 0}, 2, ["--write", "gather", "--ranks-per-domain", "1"]),
    ({"time_axis": 1, "chunks": (8, 8192)}, 2, ["--split", "time", "--ranks-per-domain", "1"]),
    ({"time_axis": 0, "chunks": (1024, 48), "compression": 1, "shuffle": True}, 1, []),
    ({"time_axis": 1, "chunks": (4, 16384), "compression": 1}, 2, []),
    ({"time_axis": 0, "chunks": (1024, 48), "compression": 1, "shuffle": True}, 2, ["--compress", "gzip:1"]),
    ({"time_axis": 1}, 2, ["--compress", "gzip:4", "--shuffle"]),
    ({"time_axis": 1}, 2, ["--compress", "gzip:1", "--write", "leader"]),
]


class PlanTruth(ProgramTest):
    def setUp(self):
        super().setUp()
        if not os.path.exists("/proc/self/smaps_rollup"):
            self.skipTest("this kernel does not sum up the memory of a process (smaps_rollup)")
        # Repeated noise: quick to make, and gzip takes some of it away.
        self.samples = np.rint(np.tile(noise(48, 20_000), 10) * 16).astype("float32") / 16

    def hold_close(self, planned, measured, what):
        self.assertLessEqual(abs(planned - measured), TOLERANCE * measured, f"{what}: {planned} planned, {measured} measured")

    def test_memory_and_bytes(self):
        output, report = self.folder / "out.h5", self.folder / "report.json"
        for storage, ranks, options in CASES:
            with self.subTest(storage=storage, ranks=ranks, options=options):
                recording = write(self.folder / "in.h5", self.samples, **storage)
                self.succeed("filter", recording, output, "--gaussian", "40", "--overwrite", "--report", report,
                             *options, ranks=ranks)
                said = json.loads(report.read_text())
                plan = said["plan"]
                self.hold_close(plan["memory"]["job_bytes"], said["peak_job_bytes"], "windows and buffers")
                self.hold_close(plan["memory"]["node_bytes"], said["peak_node_bytes"], "a node's memory")
                self.hold_close(said["bytes_read"], plan["bytes_read"], "bytes read")
                self.hold_written(output, said, is_packed="--compress" in options)
                if said["kernel_bytes_read"] is not None and "--compress" not in options:
                    self.hold_close(plan["bytes_read"], said["kernel_bytes_read"], "bytes read, by the kernel")

    def test_short_parts_of_long_rows(self):
        recording, report = write(self.folder / "in.h5", self.samples, time_axis=1), self.folder / "report.json"
        backwards = ",".join(map(str, reversed(range(48))))
        planned, measured = [], []
        # Rows that come in another order than the file's are brought in by way of a tile a rank.
        for order in ([], ["--channels", backwards]):
            with self.subTest(order=order):
                self.succeed("filter", recording, self.folder / "out.h5", "--reference", "median", "--chunk-duration", "2048n",
                             *order, "--overwrite", "--report", report, ranks=2)
                said = json.loads(report.read_text())
                self.hold_close(said["bytes_read"], said["plan"]["bytes_read"], "bytes read")
                if said["kernel_bytes_read"] is not None:
                    self.hold_close(said["bytes_read"], said["kernel_bytes_read"], "bytes read, by the kernel")
                planned.append(said["plan"]["memory"]["job_bytes"])
                measured.append(said["peak_job_bytes"])
        self.assertGreaterEqual(planned[1] - planned[0], measured[1] - measured[0] - (128 << 10))

    def test_memory_of_short_and_long_filters(self):
        recording, report = write(self.folder / "in.h5", self.samples), self.folder / "report.json"
        for sigma, arithmetic in ((8, "float64"), (40, "float64"), (400, "float32"), (800, "float64")):
            with self.subTest(sigma=sigma, arithmetic=arithmetic):
                self.succeed("filter", recording, self.folder / "out.h5", "--gaussian", sigma, "--accumulate", arithmetic,
                             "--overwrite", "--report", report)
                said = json.loads(report.read_text())
                self.hold_close(said["plan"]["memory"]["job_bytes"], said["peak_job_bytes"], "windows and buffers")

    def hold_written(self, output, said, is_packed):
        stored = self.samples.nbytes
        if is_packed:
            with h5py.File(output) as file:
                stored = file["data"].id.get_storage_size()
        else:
            self.assertEqual(said["plan"]["bytes_written"], stored)
        self.assertEqual(said["bytes_written"], stored)
        written = said["kernel_bytes_written"]
        if written is None:
            written = os.stat(output).st_blocks * 512
        elif is_packed:
            # Chunks wait in logs, and are stored in the output from there.
            written /= 2
        self.hold_close(stored, written, "bytes written, by the kernel")

    def time_of(self, text):
        """The seconds that a plan's text expects in all, and of its parts; they are printed to two digits."""
        line = next(line for line in text.splitlines() if line.startswith("time"))
        number = r"([0-9.e+-]+) s"
        return [float(seconds) for seconds in
                re.search(f"about {number}: start {number}, read {number}, filter {number}, write {number}, "
                          f"wait {number}", line).groups()]

    def test_time_at_the_rates_of_a_report(self):
        recording, report = write(self.folder / "in.h5", self.samples), self.folder / "report.json"
        command = ["filter", recording, self.folder / "out.h5", "--gaussian", "40"]
        for ranks in (1, 2):
            self.succeed(*command, "--overwrite", "--report", report, ranks=ranks)
            said = json.loads(report.read_text())
            phases = {name: phase["mean_seconds"] for name, phase in said["phases"].items()}
            text = self.succeed(*command, "--plan", "--estimate-from", report, ranks=ranks).out
            whole, *parts = self.time_of(text)
            self.hold_close(whole, sum(phases.values()), "seconds")
            start = sum(phases[name] for name in ("launch", "load", "mpi_init", "plan", "open", "close", "finalize"))
            measured = (start, phases["read"], phases["filter"], phases["write"] + phases["sync"], phases["wait"])
            for what, planned, seconds in zip(("start", "read", "filter", "write", "wait"), parts, measured):
                self.assertLessEqual(abs(planned - seconds), max(TOLERANCE * seconds, 1e-3), what)

    def test_half_the_recording_takes_half_the_time(self):
        recording, report = write(self.folder / "in.h5", self.samples), self.folder / "report.json"
        command = ["filter", recording, self.folder / "out.h5", "--gaussian", "40"]
        self.succeed(*command, "--report", report)
        whole, half = (self.time_of(self.succeed(*command, *channels, "--plan", "--estimate-from", report).out)
                       for channels in ([], ["--channels", "0:24"]))
        self.assertLessEqual(abs(half[1] - whole[1]), TOLERANCE * whole[1], "the start does not depend on the size")
        for part in (2, 3, 4):
            self.assertLessEqual(abs(half[part] - whole[part] / 2), 0.06 * whole[part])

    def test_time_by_the_work_at_the_usual_rates(self):
        recording = self.folder / "in.h5"
        self.succeed("synth", recording, "--channels", "100", "--duration", "400s")
        def line_of(*options):
            return self.succeed("filter", recording, self.folder / "out.h5", *options, "--plan").out
        direct, long = (self.time_of(line_of("--gaussian", sigma, "--method", "direct"))[3] for sigma in ("100", "200"))
        self.assertLess(abs(long / direct - 2), 0.1, "the direct sum takes as long as there are taps")
        fft = self.time_of(line_of("--gaussian", "200"))[3]
        self.assertLess(fft, long / 5)
        self.assertLess(self.time_of(line_of("--gaussian", "100", "--method", "direct", "--decimate", "10"))[3], direct / 5)
        self.assertNotIn("not counted", line_of("--gaussian", "40"))
        self.assertIn("packing and unpacking not counted", line_of("--gaussian", "40", "--compress", "gzip:4"))
        self.assertIn("the steps before the filter not counted", line_of("--gaussian", "40", "--reference", "median"))

    def refuse(self, code, words, *arguments, **how):
        result = run(*arguments, **how)
        self.assertEqual(result.code, code, result.err)
        self.assertEqual(len(result.errors), 1, result.err)
        for word in words:
            self.assertIn(word, result.errors[0])

    def test_what_is_no_report(self):
        recording, report = write(self.folder / "in.h5", self.samples[:2, :100]), self.folder / "report.json"
        command = ["filter", recording, self.folder / "out.h5", "--gaussian", "4"]
        self.refuse(NO_INPUT, ["no.json"], *command, "--plan", "--estimate-from", self.folder / "no.json", ranks=2)
        for text in ("", "{}", '{"plan": 3}', "{", "[1, 2]"):
            report.write_text(text)
            self.refuse(BAD_DATA, ["report.json", "--report"], *command, "--plan", "--estimate-from", report, ranks=2)
        self.refuse(USAGE, ["--estimate-from", "--plan"], *command, "--estimate-from", report)


if __name__ == "__main__":
    program.main()
