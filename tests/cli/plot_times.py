"""weir plot IN OUT: an output that was cut from the input, or has another rate, is drawn where it belongs. What would be
drawn is read from the script that a gnuplot of the test's own gets. And weir info: when the first sample was."""
import os
import re

import program
from program import USAGE, ProgramTest, noise, run, write

import h5py
import numpy as np

LAYOUTS = ("generic", "nwb", "prodml")
GNUPLOT = """#!/bin/sh
cat > "$WEIR_TEST_SCRIPT"
echo picture
"""


class Times(ProgramTest):
    def setUp(self):
        super().setUp()
        tools = self.folder / "tools"
        tools.mkdir()
        (tools / "gnuplot").write_text(GNUPLOT)
        (tools / "gnuplot").chmod(0o755)
        self.script = self.folder / "script"
        self.environment = {"PATH": f"{tools}:{os.environ['PATH']}", "WEIR_TEST_SCRIPT": str(self.script)}

    def plot(self, *arguments):
        return run("plot", *arguments, "--save", self.folder / "p.svg", cwd=self.folder, environment=self.environment)

    def times(self, *arguments, warnings=0):
        """When the traces of the first channel in each recording begin and end."""
        result = self.plot(*arguments)
        self.assertEqual(result.code, 0, result.err)
        self.assertEqual(len(result.warnings), warnings, result.err)
        traces = re.findall(r"\$trace\d_0 << EOD\n(.*?)EOD\n", self.script.read_text(), re.S)
        self.points = [np.array([line.split() for line in trace.splitlines()], float) for trace in traces]
        return [round(end, 6) for points in self.points for end in (points[0, 0], points[-1, 0])]

    def make(self, layout, *options):
        self.succeed("synth", self.folder / "in.h5", "--layout", layout, "--channels", "2", "--duration", "20s", "--fs",
                     "100", "--overwrite")
        self.succeed("filter", self.folder / "in.h5", self.folder / "out.h5", *options, "--overwrite")

    def test_a_span_of_the_input(self):
        for layout in LAYOUTS:
            with self.subTest(layout=layout):
                self.make(layout, "--gaussian", "0.01", "--time", "12:14")
                self.assertEqual(self.times("in.h5", "out.h5", "--time", "11:15"), [11, 14.99, 12, 13.99])
                np.testing.assert_allclose(np.diff(self.points[1][:, 1]), np.diff(self.points[0][100:300, 1]), atol=1e-3)
                self.assertEqual(self.times("in.h5", "out.h5", "--time", "12.5:13"), [12.5, 12.99, 12.5, 12.99])
                # From where both are there, unless it is said.
                self.assertEqual(self.times("in.h5", "out.h5"), [12, 19.99, 12, 13.99])
                self.assertEqual(self.times("out.h5", "out.h5"), [0, 1.99, 0, 1.99])

    def test_the_other_way_round(self):
        self.make("prodml", "--gaussian", "3", "--time", "12:14")
        self.assertEqual(self.times("out.h5", "in.h5", "--time", "0.5:1"), [0.5, 0.99, 0.5, 0.99])

    def test_another_rate(self):
        for layout in LAYOUTS:
            with self.subTest(layout=layout):
                self.make(layout, "--decimate", "4", "--time", "1.01:3")
                self.assertEqual(self.times("in.h5", "out.h5", "--time", "0:5"), [0, 4.99, 1.04, 2.96])

    def test_no_rate(self):
        write(self.folder / "in.h5", noise(2, 3000), rate=None)
        self.succeed("filter", self.folder / "in.h5", self.folder / "out.h5", "--gaussian", "3", "--time", "500n:900n",
                     "--time-axis", "1")
        self.assertEqual(self.times("in.h5", "out.h5", "--time", "400n:600n", "--time-axis", "1"), [400, 599, 500, 599])

    def test_no_common_time(self):
        self.make("generic", "--gaussian", "3", "--time", "12:14")
        result = self.plot("in.h5", "out.h5", "--time", "2:4")
        self.assertEqual(result.code, USAGE)
        self.assertRegex(result.err, "'out.h5' holds 12 to 14 s of 'in.h5', and 2 to 4 s are to be drawn.*--time")

    def test_recordings_without_a_common_time(self):
        self.make("prodml", "--gaussian", "3", "--time", "12:14")
        self.succeed("filter", self.folder / "in.h5", self.folder / "other.h5", "--gaussian", "3", "--time", "2:4")
        for pair in ("out.h5", "other.h5"), ("other.h5", "out.h5"):
            self.assertEqual(self.times(*pair, warnings=1), [0, 1.99, 0, 1.99])

    def test_files_that_do_not_know_one_another(self):
        write(self.folder / "in.h5", noise(2, 3000))
        write(self.folder / "out.h5", noise(2, 2000))
        self.assertEqual(self.times("in.h5", "out.h5", warnings=1), [0, 2.999, 0, 1.999])
        write(self.folder / "out.h5", noise(2, 3000))
        self.assertEqual(self.times("in.h5", "out.h5"), [0, 2.999, 0, 2.999])

    def test_info_tells_when_the_first_sample_was(self):
        for layout in ("nwb", "prodml"):
            self.make(layout, "--gaussian", "3", "--time", "12:14")
            self.assertRegex(self.succeed("info", self.folder / "out.h5").out,
                             r"(?m)^start +2024-01-01T00:00:12\.000000\+00:00$")
        self.make("nwb", "--gaussian", "3", "--time", "12:14")
        with h5py.File(self.folder / "out.h5", "r+") as file:
            del file["session_start_time"], file["timestamps_reference_time"]
            file["session_start_time"] = "one morning"
        self.assertRegex(self.succeed("info", self.folder / "out.h5").out, r"(?m)^start +one morning \+ 12 s$")


if __name__ == "__main__":
    program.main()
