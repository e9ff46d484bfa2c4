"""Holds changes of the sampling rate against SciPy: files in, files out."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "cli"))

import program
from program import ProgramTest, noise, read, write

import numpy as np
from scipy import ndimage, signal

TYPES = ["float64", "float32", "int16"]
PADS = {"reflect": {"mode": "symmetric"}, "mirror": {"mode": "reflect"}, "nearest": {"mode": "edge"},
        "wrap": {"mode": "wrap"}, "constant": {"mode": "constant"}}


def resampled(data, taps, up, down, mode):
    """Zeros between the samples of rows that NumPy extended, the taps, and every down-th output, from the sum."""
    around = taps.size // up + 1
    rows = np.pad(data.astype(np.float64), ((0, 0), (around, around)), **PADS[mode])
    spread = np.zeros((rows.shape[0], rows.shape[1] * up))
    spread[:, ::up] = rows
    whole = signal.oaconvolve(spread, taps[None, :], mode="same", axes=1)
    return whole[:, around * up:(around + data.shape[1]) * up:down]


class Rates(ProgramTest):
    def filtered(self, data, *options, ranks=None):
        recording = write(self.folder / "in.h5", data)
        self.succeed("filter", recording, self.folder / "out.h5", "--overwrite", "-q", *options, ranks=ranks)
        return read(self.folder / "out.h5")

    def test_decimate(self):
        for number, (q, samples) in enumerate([(2, 4000), (3, 4001), (10, 5003), (64, 5000)]):
            data = noise(4, samples, TYPES[number % 3], seed=number)
            with self.subTest(q=q, dtype=data.dtype):
                got = self.filtered(data, "--decimate", q, "--mode", "constant", ranks=[None, 3][number % 2])
                self.hold(got, signal.decimate(data.astype(np.float64), q, ftype="fir", axis=1), data)
                for mode in ("reflect", "wrap"):
                    taps = signal.firwin(20 * q + 1, 1 / q)
                    self.hold(self.filtered(data, "--decimate", q, "--mode", mode),
                              resampled(data, taps, 1, q, mode), data)

    def test_decimate_causally(self):
        data = noise(4, 4000)
        expected = signal.decimate(data, 5, ftype="fir", axis=1, zero_phase=False)
        self.hold(self.filtered(data, "--decimate", 5, "--phase", "causal"), expected, data)

    def test_decimate_with_a_named_filter(self):
        data = noise(4, 6000, "float32")
        exact = ndimage.gaussian_filter1d(data.astype(np.float64), 12, axis=1)
        self.hold(self.filtered(data, "--decimate", 7, "--gaussian", "12"), exact[:, ::7], data)
        # Long enough for the FFT method.
        taps = signal.firwin(2001, 20, fs=1000)
        exact = ndimage.convolve1d(data.astype(np.float64), taps, axis=1)
        self.hold(self.filtered(data, "--decimate", 10, "--lowpass", "20", "--numtaps", "2001", ranks=2),
                  exact[:, ::10], data)

    def test_resample(self):
        for number, (up, down, samples) in enumerate([(2, 5, 3001), (3, 2, 2000), (160, 147, 1500), (7, 1, 500),
                                                      (1, 6, 3001), (5, 4, 17)]):
            data = noise(3, samples, TYPES[number % 3], seed=number)
            with self.subTest(up=up, down=down, dtype=data.dtype):
                got = self.filtered(data, "--resample", f"{up}/{down}", "--mode", "constant",
                                    ranks=[None, 3][number % 2])
                self.hold(got, signal.resample_poly(data.astype(np.float64), up, down, axis=1), data)
                most = max(up, down)
                taps = signal.firwin(20 * most + 1, 1 / most, window=("kaiser", 5.0)) * up
                self.hold(self.filtered(data, "--resample", f"{up}/{down}"),
                          resampled(data, taps, up, down, "reflect"), data)

    def test_resample_with_a_named_filter(self):
        # It is designed for three times the rate; resample_poly takes such taps as its window.
        data = noise(3, 3000)
        taps = signal.firwin(301, 60, fs=3000)
        expected = signal.resample_poly(data, 3, 8, axis=1, window=taps)
        self.hold(self.filtered(data, "--resample", "3/8", "--lowpass", "60", "--numtaps", "301", "--mode", "constant"),
                  expected, data)


if __name__ == "__main__":
    program.main()
