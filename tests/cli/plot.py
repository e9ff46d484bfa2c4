"""weir plot: the picture is there, and what cannot be drawn is refused."""
import shutil

import program
from program import CANNOT_CREATE, NO_INPUT, USAGE, ProgramTest, noise, run, write

import numpy as np


class Plot(ProgramTest):
    def setUp(self):
        super().setUp()
        if not shutil.which("gnuplot"):
            self.skipTest("gnuplot is not installed")
        write(self.folder / "in.h5", noise(8, 5000))

    def draw(self, *arguments, name="p.svg"):
        self.succeed("plot", *arguments, "--save", self.folder / name)
        return (self.folder / name).read_text(errors="replace")

    def test_one_and_two_recordings(self):
        alone = self.draw(self.folder / "in.h5", "--channels", "0,3:6", "--time", "1s:3s")
        for word in (">0<", ">3<", ">4<", ">5<", "time, s", "frequency, Hz"):
            self.assertIn(word, alone)
        self.assertNotIn(">6<", alone)
        self.succeed("filter", self.folder / "in.h5", self.folder / "out.h5", "--lowpass", "40")
        both = self.draw(self.folder / "in.h5", self.folder / "out.h5", "--time", ":500n")
        for word in ("in.h5", "out.h5"):
            self.assertIn(word, both)

    def test_every_kind_of_data(self):
        for number, dtype in enumerate(("int16", "uint16", "int32", "float32")):
            write(self.folder / "other.h5", noise(3, 3000, dtype), time_axis=number % 2, rate=None if dtype == "int32" else 10)
            self.assertIn("<svg", self.draw(self.folder / "other.h5", *(["--time-axis", "1"] if dtype == "int32" else [])))

    def test_odd_data(self):
        for name, data in (("flat", np.zeros((2, 100))), ("short", noise(1, 1)), ("nan", np.full((2, 50), np.nan))):
            with self.subTest(name=name):
                write(self.folder / "odd.h5", data)
                self.assertIn("<svg", self.draw(self.folder / "odd.h5"))

    def refuse(self, code, words, *arguments):
        result = run("plot", *arguments, cwd=self.folder)
        self.assertEqual(result.code, code, result.err)
        self.assertEqual(len(result.errors), 1, result.err)
        for word in words:
            self.assertIn(word, result.errors[0])

    def test_refused(self):
        self.refuse(USAGE, ["--save"], "in.h5")
        self.refuse(NO_INPUT, ["missing.h5"], "missing.h5", "--save", "p.png")
        self.refuse(USAGE, ["p.bmp", ".svg"], "in.h5", "--save", "p.bmp")
        self.refuse(CANNOT_CREATE, ["nowhere/p.png", "folder"], "in.h5", "--save", "nowhere/p.png")
        for channels in ("8", "3:3", "a", "0:4:0", "1,,2", "0:1:2:3"):
            self.refuse(USAGE, ["--channels", f"'{channels}'", "0 to 7"], "in.h5", "--save", "p.png", f"--channels={channels}")
        self.refuse(USAGE, ["--time", "30s:40s", "5 s"], "in.h5", "--save", "p.png", "--time", "30s:40s")
        self.refuse(USAGE, ["--time", "'5s'"], "in.h5", "--save", "p.png", "--time", "5s")
        write(self.folder / "two.h5", noise(2, 100))
        self.refuse(USAGE, ["8 channels", "2"], "in.h5", "two.h5", "--save", "p.png")
        self.assertFalse(list(self.folder.glob("p.*")))


if __name__ == "__main__":
    program.main()
