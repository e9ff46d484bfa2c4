"""Holds whole runs of the program against SciPy: files in, files out."""
import itertools
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "cli"))

import program
from program import ProgramTest, noise, read, write

import h5py
import numpy as np
from scipy import ndimage, signal

TYPES = ["float64", "float32", "int16"]


class Parity(ProgramTest):
    def filtered(self, data, *options, ranks=None):
        recording = write(self.folder / "in.h5", data)
        self.succeed("filter", recording, self.folder / "out.h5", "--overwrite", "-q", *options, ranks=ranks)
        return read(self.folder / "out.h5")

    def test_gaussian(self):
        cases = [(0.3, 0, "reflect", "float64"), (1, 1, "mirror", "float32"), (40, 0, "nearest", "int16"),
                 (40, 2, "wrap", "float64"), (500, 0, "reflect", "float32"), (500, 1, "constant", "float64"),
                 (2.5, 2, "constant", "int16"), (40, 1, "mirror", "float32")]
        for number, (sigma, order, mode, dtype) in enumerate(cases):
            with self.subTest(sigma=sigma, order=order, mode=mode, dtype=dtype):
                data = noise(6, 5000, dtype, seed=number)
                cval = ["--cval", "1.5"] if mode == "constant" else []
                got = self.filtered(data, "--gaussian", sigma, "--order", order, "--mode", mode, *cval,
                                    ranks=[None, 3][number % 2])
                exact = ndimage.gaussian_filter1d(data.astype(np.float64), sigma, order=order, mode=mode, cval=1.5)
                self.hold(got, exact, data)

    def test_gaussian_in_units(self):
        data = noise(3, 5000)
        for text, sigma in (("20ms", 20), ("0.04s", 40), ("8Hz", 1000 / (2 * np.pi * 8)), ("12.5", 12.5)):
            with self.subTest(text=text):
                self.hold(self.filtered(data, "--gaussian", text), ndimage.gaussian_filter1d(data, sigma), data)
        got = self.filtered(data, "--gaussian", "20ms", "--fs", "500", "--truncate", "3")
        self.hold(got, ndimage.gaussian_filter1d(data, 10, truncate=3), data)

    def test_designs(self):
        rate = 1000.0
        cases = [
            (("--lowpass", "40"), signal.firwin(331, 40, fs=rate)),
            (("--highpass", "5Hz", "--window", "blackman", "--numtaps", "801"),
             signal.firwin(801, 5, pass_zero="highpass", window="blackman", fs=rate)),
            (("--bandpass", "8", "30", "--window", "hann"),
             signal.firwin(1551, [8, 30], pass_zero="bandpass", window="hann", fs=rate)),
            (("--bandstop", "45", "0.055kHz", "--attenuation", "60", "--transition", "5"),
             signal.firwin(signal.kaiserord(60, 5 / 500)[0] | 1, [45, 55], pass_zero="bandstop",
                           window=("kaiser", signal.kaiser_beta(60)), fs=rate)),
            (("--lowpass", "40", "--window", "kaiser(5.5)", "--numtaps", "101"),
             signal.firwin(101, 40, window=("kaiser", 5.5), fs=rate)),
            (("--savgol", "21,3"), signal.savgol_coeffs(21, 3)),
            (("--savgol", "51,4,1"), signal.savgol_coeffs(51, 4, deriv=1)),
            (("--moving-average", "25ms"), np.full(25, 1 / 25)),
            (("--moving-average", "101n", "--complement"), np.eye(1, 101, 50)[0] - 1 / 101)]
        for number, (options, taps) in enumerate(cases):
            with self.subTest(options=options):
                data = noise(4, 4000, TYPES[number % 3], seed=number)
                exact = ndimage.convolve1d(data.astype(np.float64), taps)
                self.hold(self.filtered(data, *options, ranks=[None, 3][number % 2]), exact, data)

    def test_forwards_and_backwards(self):
        data = noise(4, 4000)
        taps = signal.firwin(331, 40, fs=1000)
        self.hold(self.filtered(data, "--lowpass", "40", "--phase", "zero-double", ranks=2),
                  signal.filtfilt(taps, 1, data), data)

    def taps_files(self, taps):
        np.savetxt(self.folder / "taps.txt", taps, fmt="%.17g", header="made here")
        np.save(self.folder / "taps.npy", taps)
        with h5py.File(self.folder / "taps.h5", "w") as file:
            file["filters/one"] = taps
        return ["taps.txt", "taps.npy", "taps.h5:/filters/one"]

    def test_taps_of_every_kind_of_file(self):
        taps = np.random.default_rng(5).standard_normal(255)
        taps /= np.abs(taps).sum()
        for name, dtype in itertools.product(self.taps_files(taps), TYPES):
            with self.subTest(name=name, dtype=dtype):
                data = noise(5, 3000, dtype)
                exact = ndimage.correlate1d(data.astype(np.float64), taps[::-1], mode="mirror")
                self.hold(self.filtered(data, "--taps", self.folder / name, "--mode", "mirror"), exact, data)

    def test_causal_is_lfilter(self):
        for n, dtype in ((1, "float64"), (2, "float64"), (1000, "float32"), (1001, "int16")):
            with self.subTest(n=n, dtype=dtype):
                taps = np.random.default_rng(n).standard_normal(n)
                taps /= np.abs(taps).sum()
                np.save(self.folder / "taps.npy", taps)
                data = noise(5, 3000, dtype)
                got = self.filtered(data, "--taps", self.folder / "taps.npy", "--phase", "causal", ranks=2)
                self.hold(got, signal.lfilter(taps, 1.0, data.astype(np.float64), axis=1), data)

    def test_integers_of_16_bits_are_rounded_from_either_precision(self):
        for dtype, options, taps in (("int16", ["--gaussian", "40"], None), ("uint16", ["--savgol", "51,4"], None),
                                     ("int16", ["--taps", self.folder / "taps.npy"], [30.0, -29.0])):
            with self.subTest(dtype=dtype, options=options):
                data = noise(8, 20_000, dtype)
                if taps:
                    np.save(self.folder / "taps.npy", taps)
                    options = [*options, "--phase", "causal"]
                    expected = signal.lfilter(taps, 1.0, data.astype(np.float64), axis=1)
                elif dtype == "int16":
                    expected = ndimage.gaussian_filter1d(data.astype(np.float64), 40)
                else:
                    expected = ndimage.convolve1d(data.astype(np.float64), signal.savgol_coeffs(51, 4))
                # Taps whose float32 could be off by more than half a unit are summed in float64 anyway.
                self.hold(self.filtered(data, *options), expected, data, exact=taps is not None)
                self.hold(self.filtered(data, *options, "--accumulate", "float64"), expected, data, exact=True)

    def test_single_precision_on_request(self):
        data = noise(4, 4000)
        exact = ndimage.gaussian_filter1d(data, 30)
        single = self.filtered(data, "--gaussian", "30", "--accumulate", "float32")
        self.assertEqual(single.dtype, np.float64)
        error = np.abs(single - exact).max() / np.abs(data).max()
        self.assertLessEqual(error, 2e-6)
        self.assertGreater(error, 1e-13)


if __name__ == "__main__":
    program.main()
