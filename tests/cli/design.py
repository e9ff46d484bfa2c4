"""weir design: what it says of a filter, the taps it writes, the picture it draws."""
import json
import shutil

import program
from program import BAD_DATA, CANNOT_CREATE, USAGE, ProgramTest, noise, read, run, write

import h5py
import numpy as np
from scipy import signal

LOWPASS = ("--lowpass", "40", "--fs", "1000")
TAPS = signal.firwin(331, 40, fs=1000)


class Design(ProgramTest):
    def hold_taps(self, got, expected):
        np.testing.assert_allclose(got, expected, rtol=0, atol=1e-12 * np.abs(expected).max())

    def test_text(self):
        out = self.succeed("design", *LOWPASS).out
        facts = dict(line.split(None, 1) for line in out.splitlines() if " dB " not in line[:10])
        self.assertIn("low-pass at 40 Hz", facts["filter"])
        self.assertEqual(facts["length"], "331 taps (0.331 s)")
        self.assertEqual(facts["delay"], "none")
        self.assertIn("165 samples (0.165 s)", self.succeed("design", *LOWPASS, "--phase", "causal").out)
        self.assertIn("cycles/sample", self.succeed("design", "--gaussian", "4").out)

    def test_json(self):
        facts = json.loads(self.succeed("design", *LOWPASS, "--json").out)
        self.hold_taps(facts["taps"], TAPS)
        self.assertEqual(facts["advance"], 165)
        # At the cutoff the gain is a half, a little below -6 dB.
        self.assertAlmostEqual(facts["crossings"]["-6 dB"][0], 40, delta=0.05)

    def test_minimum_phase(self):
        facts = json.loads(self.succeed("design", *LOWPASS, "--phase", "minimum", "--json").out)
        self.hold_taps(facts["taps"], signal.minimum_phase(TAPS))
        self.assertEqual(facts["advance"], 0)
        data = noise(3, 2000)
        write(self.folder / "in.h5", data)
        self.succeed("filter", self.folder / "in.h5", self.folder / "out.h5", *LOWPASS, "--phase", "minimum", ranks=2)
        self.hold(read(self.folder / "out.h5"), signal.lfilter(signal.minimum_phase(TAPS), 1, data), data)

    def test_equiripple(self):
        options = ("--remez", "33", "--bands", "0,100,0.15kHz,500", "--desired", "1,0", "--weights", "1,10", "--fs", "1000")
        expected = signal.remez(33, [0, 100, 150, 500], [1, 0], weight=[1, 10], fs=1000)
        result = self.succeed("design", *options, "--json")
        self.hold_taps(json.loads(result.out)["taps"], expected)
        self.assertEqual(result.warnings, [])
        # Its ripple, from the response at the edge of the stop band.
        _, response = signal.freqz(expected, worN=[150], fs=1000)
        text = self.succeed("design", *options).out
        self.assertIn(f"150 to 500 Hz: gain 0 +- {abs(response[0]):.3g}", text)
        dense = self.succeed("design", *options, "--grid-density", "64", "--max-iterations", "50", "--json").out
        self.hold_taps(json.loads(dense)["taps"],
                       signal.remez(33, [0, 100, 150, 500], [1, 0], weight=[1, 10], fs=1000, grid_density=64, maxiter=50))
        data = noise(3, 2000)
        write(self.folder / "in.h5", data)
        self.succeed("filter", self.folder / "in.h5", self.folder / "out.h5", *options, "--mode", "zero")
        self.hold(read(self.folder / "out.h5"), signal.oaconvolve(data, expected[None, :], mode="same", axes=1), data)
        poor = self.succeed("design", "--remez", "5", "--bands", "0,100,150,500", "--desired", "1,0", "--fs", "1000")
        self.assertEqual(len(poor.warnings), 1, poor.err)
        self.assertIn("stops 150 to 500 Hz only by", poor.warnings[0])

    def test_equiripple_refused(self):
        bands, desired, rate = ("--bands", "0,100,150,500"), ("--desired", "1,0"), ("--fs", "1000")
        remez = ("--remez", "31")
        self.refuse(USAGE, ["--remez", "--fs"], *remez, *bands, *desired)
        self.refuse(USAGE, ["--bands"], *remez, *desired, *rate)
        self.refuse(USAGE, ["--desired"], *remez, *bands, *rate)
        self.refuse(USAGE, ["--remez", "--lowpass"], *remez, *bands, *desired, *LOWPASS)
        for option, value in (bands, desired, ("--weights", "1,2"), ("--max-iterations", "9"), ("--grid-density", "9")):
            self.refuse(USAGE, [option, "--remez"], option, value, *rate)
        self.refuse(USAGE, ["3 edges"], *remez, "--bands", "0,100,150", *desired, *rate)
        self.refuse(USAGE, ["--desired", "1 numbers", "2 bands"], *remez, *bands, "--desired", "1", *rate)
        self.refuse(USAGE, ["--weights", "3 numbers"], *remez, *bands, *desired, "--weights", "1,2,3", *rate)
        self.refuse(USAGE, ["--desired", "'x'"], *remez, *bands, "--desired", "1,x", *rate)
        self.refuse(USAGE, ["transition"], *remez, "--bands", "0,200,150,500", *desired, *rate)
        self.refuse(USAGE, ["half the sampling rate"], *remez, "--bands", "0,100,150,600", *desired, *rate)
        self.refuse(USAGE, ["odd"], "--remez", "30", *bands, "--desired", "0,1", *rate)
        self.refuse(USAGE, ["2 iterations"], *remez, *bands, *desired, *rate, "--max-iterations", "2")
        self.refuse(USAGE, ["--remez"], "--remez", "many", *bands, *desired, *rate)
        self.refuse(USAGE, ["4096"], "--remez", "100000", *bands, *desired, *rate)

    def test_saved_taps_are_read_back(self):
        write(self.folder / "in.h5", noise(3, 2000))
        self.succeed("filter", self.folder / "in.h5", self.folder / "direct.h5", *LOWPASS)
        for name in ("taps.txt", "taps.csv", "taps.npy", "taps.h5:/filters/lowpass", "plain.h5"):
            with self.subTest(name=name):
                path = self.folder / name
                self.succeed("design", *LOWPASS, "--save", path)
                named = f"{path}:/taps" if name == "plain.h5" else path
                self.succeed("filter", self.folder / "in.h5", self.folder / "out.h5", "--taps", named, "--overwrite")
                np.testing.assert_array_equal(read(self.folder / "out.h5"), read(self.folder / "direct.h5"))
        self.hold_taps(np.load(self.folder / "taps.npy"), TAPS)
        self.hold_taps(np.loadtxt(self.folder / "taps.txt"), TAPS)
        with h5py.File(self.folder / "taps.h5") as file:
            self.hold_taps(file["filters/lowpass"][...], TAPS)

    def test_picture(self):
        if not shutil.which("gnuplot"):
            self.skipTest("gnuplot is not installed")
        for name, begin in (("r.png", b"\x89PNG"), ("r.svg", b"<?xml"), ("r.pdf", b"%PDF")):
            self.succeed("design", *LOWPASS, "--plot", self.folder / name)
            self.assertTrue((self.folder / name).read_bytes().startswith(begin), name)

    def refuse(self, code, words, *arguments):
        result = run("design", *arguments, cwd=self.folder)
        self.assertEqual(result.code, code, result.err)
        self.assertEqual(len(result.errors), 1, result.err)
        for word in words:
            self.assertIn(word, result.errors[0])
        return result.errors[0]

    def test_refused(self):
        self.refuse(USAGE, ["no filter is named"], "--fs", "1000")
        self.refuse(USAGE, ["--lowpass", "--fs"], "--lowpass", "40")
        self.refuse(USAGE, ["--fs"], "--gaussian", "4", "--fs", "-1")
        self.refuse(USAGE, ["--save", "taps.foo", ".npy"], *LOWPASS, "--save", "taps.foo")
        self.refuse(USAGE, ["r.jpg", ".svg"], *LOWPASS, "--plot", "r.jpg")
        self.refuse(USAGE, ["own mirror image"], "--gaussian", "4", "--order", "1", "--phase", "minimum")
        self.refuse(CANNOT_CREATE, ["nowhere", "folder"], *LOWPASS, "--plot", "nowhere/r.png")
        self.refuse(CANNOT_CREATE, ["nowhere", "folder"], *LOWPASS, "--save", "nowhere/taps.npy")
        self.refuse(CANNOT_CREATE, ["nowhere", "folder"], *LOWPASS, "--save", "nowhere/taps.h5")
        for name in ("taps.npy", "taps.h5"):
            self.succeed("design", *LOWPASS, "--save", self.folder / name)
            self.refuse(CANNOT_CREATE, [name, "--overwrite"], *LOWPASS, "--save", name)
            self.succeed("design", *LOWPASS, "--save", self.folder / name, "--overwrite")

    def test_taps_in_files_of_other_kinds(self):
        np.savez(self.folder / "h.npz", taps=TAPS)
        with h5py.File(self.folder / "h.h5", "w") as file:
            file["taps"] = TAPS
        TAPS.tofile(self.folder / "h.bin")
        (self.folder / "h.txt").write_bytes(b"0.5 \x1b[31m\xff 1")
        (self.folder / "long.txt").write_text("x" * 100_000)
        (self.folder / "wide.txt").write_bytes("0.5 0.5".encode("utf-16"))
        for name, words in (("h.npz", ["ZIP", "numpy.save()", ".npy"]), ("h.h5", ["HDF5", "'h.h5:/path'"]),
                            ("h.bin", ["no text", "FILE.h5:/path"]), ("h.txt", ["line 1", r"'\x1b[31m\xff'"]),
                            ("long.txt", ["line 1", "xxx...'"]), ("wide.txt", ["no text"])):
            with self.subTest(name=name):
                sentence = self.refuse(BAD_DATA, [name, *words], "--taps", name)
                self.assertTrue(sentence.isprintable())
                self.assertLess(len(sentence), 250)
        # As spreadsheets write it.
        (self.folder / "marked.csv").write_bytes(b"\xef\xbb\xbf0.25,0.5,0.25\r\n")
        facts = json.loads(self.succeed("design", "--taps", self.folder / "marked.csv", "--json").out)
        self.assertEqual(facts["taps"], [0.25, 0.5, 0.25])

    def test_numbers_in_messages_are_as_short_as_can_be(self):
        self.refuse(USAGE, ["1e-09 Hz", "3300000000000 taps"], *LOWPASS, "--transition", "1e-9")
        self.refuse(USAGE, ["sigma 2 ", "1e+300"], "--gaussian", "2", "--truncate", "1e300")
        self.refuse(USAGE, ["1e-09 to 0.15 Hz"], "--remez", "31", "--bands", "0,0.1,1e-9,0.15", "--desired", "1,0",
                    "--fs", "1")
        self.refuse(USAGE, ["--lowpass 40 ", " 20 Hz"], "--lowpass", "40", "--fs", "40")

    def test_numbers_that_are_negative(self):
        bands = ("--bands", "0,100,150,500", "--desired", "1,0", "--fs", "1000")
        self.refuse(USAGE, ["--remez", "-5 is negative"], "--remez", "-5", *bands)
        self.refuse(USAGE, ["--grid-density", "-8 is negative"], "--remez", "31", *bands, "--grid-density=-8")

    def test_warns_of_a_filter_that_hardly_stops(self):
        result = self.succeed("design", *LOWPASS, "--numtaps", "9")
        self.assertEqual(len(result.warnings), 1, result.err)
        self.assertIn("stops only by", result.warnings[0])


if __name__ == "__main__":
    program.main()
