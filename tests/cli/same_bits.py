"""The same bits on any number of ranks, domains and blocks, whoever writes; and the right ones, by SciPy."""
import itertools

import program
from pairs import covering
from program import ProgramTest, checksum, noise, read, real_recordings, write

import numpy as np
from scipy import ndimage, signal

RANKS = [1, 2, 3, 4, 8]
DOMAINS = ["1", "2", "node"]
WRITERS = ["parallel", "leader", "gather", "per-node"]
SPLITS = ["rows", "time"]


class SameBits(ProgramTest):
    def options_of(self, row):
        """The program's options for a row of a covering table; blocks of None are as the program likes them."""
        options = ["--ranks-per-domain", row["domain"], "--write", row["write"], "--split", row["split"]]
        return options + ([] if row["block"] is None else ["--chunk-duration", f"{row['block']}n"])

    def filtered(self, recording, dataset, ranks, *options):
        """Filters the recording, and gives the path of the output."""
        output = self.folder / "out.h5"
        self.succeed("filter", recording, output, "--dataset", dataset, "--overwrite", "-q", *options, ranks=ranks)
        return output

    def hold_same(self, recording, filter_options, rows, dataset="/data"):
        """Filters on one rank, without a launcher, and then as each row says; gives the samples as they are in the
        file."""
        reference = self.filtered(recording, dataset, None, *filter_options)
        expected = checksum(reference, dataset)
        samples = read(reference, dataset)
        for row in rows:
            with self.subTest(filter=filter_options, **row):
                output = self.filtered(recording, dataset, row["ranks"], *filter_options, *self.options_of(row))
                self.assertEqual(checksum(output, dataset), expected)
        return samples


class Synthetic(SameBits):
    """As the seed notebook's recording, smaller."""

    CHANNELS, SAMPLES = 37, 20_000

    def setUp(self):
        super().setUp()
        self.recording = self.folder / "synthetic.h5"
        self.succeed("synth", self.recording, "--channels", self.CHANNELS, "--duration", f"{self.SAMPLES}n", "-q",
                     ranks=2)

    def hold_gaussian(self, sigma, method, rows):
        samples = self.hold_same(self.recording, ["--gaussian", sigma, "--method", method], rows)
        original = read(self.recording)
        self.assertEqual(original.shape, (self.CHANNELS, self.SAMPLES))
        self.hold(samples, ndimage.gaussian_filter1d(original, sigma), original)

    def test_direct(self):
        # 321 taps: the shortest blocks are shorter than the taps.
        self.hold_gaussian(40, "direct", covering({"ranks": RANKS, "domain": DOMAINS, "block": [None, 97, 1000, 6661],
                                                   "write": WRITERS, "split": SPLITS}))

    def test_fft(self):
        # 1,601 taps; blocks are rounded up to the transform's grid.
        self.hold_gaussian(200, "fft", covering({"ranks": [2, 3, 8], "domain": DOMAINS, "block": [None, 1, 9000],
                                                 "write": WRITERS, "split": SPLITS}))


class Real(SameBits):
    """Both recordings of distributed acoustic sensing: int16, time first."""

    def setUp(self):
        super().setUp()
        if len(real_recordings()) < 2:
            self.skipTest(f"no real recordings in {program.TEST_DATA}; set WEIR_TEST_DATA to the folder of 'das'")

    def test_real(self):
        # 161 taps.
        rows = covering({"domain": DOMAINS, "block": [None, 50, 512, 700], "write": WRITERS, "split": SPLITS})
        for ranks, row in zip(itertools.cycle(RANKS), rows):
            row["ranks"] = ranks
        for recording, dataset in real_recordings():
            original = read(recording, dataset)
            samples = self.hold_same(recording, ["--gaussian", "20"], rows, dataset)
            with self.subTest(recording=recording.name):
                self.hold(samples, ndimage.gaussian_filter1d(original.astype(np.float64), 20, axis=0), original)
                self.hold_both_axes(original, samples)

    def hold_both_axes(self, original, samples):
        """The same data with the channels first gives the same bits as with the time first."""
        turned = write(self.folder / "turned.h5", original.T)
        output = self.filtered(turned, "/data", 3, "--gaussian", "20", "--ranks-per-domain", "2")
        np.testing.assert_array_equal(read(output).T, samples)


def expected_of(original, taps, causal, mode):
    """Each row's convolution with the taps, by SciPy, on a row that was extended by NumPy."""
    n = taps.size
    before, after = (n - 1, 0) if causal else (n // 2, n // 2)
    padding = {"reflect": {"mode": "symmetric"}, "mirror": {"mode": "reflect"}, "nearest": {"mode": "edge"},
               "wrap": {"mode": "wrap"}, "constant": {"mode": "constant", "constant_values": 2.5},
               "zero": {"mode": "constant"}, "odd": {"mode": "reflect", "reflect_type": "odd"}}[mode]
    extended = np.pad(original.astype(np.float64), ((0, 0), (before, after)), **padding)
    return signal.oaconvolve(extended, taps[None, :], mode="valid", axes=1)


class Shapes(SameBits):
    """Modes, phases, stored types, both axes, and recordings whose shape does not suit the ranks."""

    def taps(self, n):
        taps = np.random.default_rng(n).standard_normal(n)
        taps /= np.abs(taps).sum()
        np.savetxt(self.folder / "taps.txt", taps, fmt="%.17g")
        return taps

    def hold_filter(self, original, causal, mode, method, rows, time_axis=1, **storage):
        taps = self.taps(152 if causal else 151)
        recording = write(self.folder / "in.h5", original, time_axis=time_axis, **storage)
        options = ["--taps", self.folder / "taps.txt", "--phase", "causal" if causal else "zero", "--mode", mode,
                   "--method", method, *(["--cval", "2.5"] if mode == "constant" else [])]
        samples = self.hold_same(recording, options, rows)
        samples = samples if time_axis == 1 else samples.T
        self.hold(samples, expected_of(original, taps, causal, mode), original)
        return samples

    def test_modes_and_phases(self):
        rows = [{"ranks": 4, "domain": "2", "block": 60, "write": "gather", "split": "time"},
                {"ranks": 3, "domain": "node", "block": 1000, "write": "parallel", "split": "rows"}]
        cases = [("wrap", False, "direct"), ("wrap", True, "fft"), ("mirror", True, "direct"), ("odd", False, "fft"),
                 ("nearest", False, "direct"), ("constant", True, "direct"), ("zero", True, "fft")]
        for row, (mode, causal, method) in zip(itertools.cycle(rows), cases):
            with self.subTest(mode=mode, causal=causal, method=method):
                self.hold_filter(noise(5, 2503), causal, mode, method, [row])

    def test_types_and_axes(self):
        rows = [{"ranks": 4, "domain": "2", "block": 300, "write": "leader", "split": "rows"}]
        for dtype, method in itertools.product(("int16", "float32", "float64"), ("direct", "fft")):
            with self.subTest(dtype=dtype, method=method):
                original = noise(11, 3001, dtype)
                time_last = self.hold_filter(original, False, "reflect", method, [], 1, chunks=(3, 500))
                time_first = self.hold_filter(original, False, "reflect", method, rows, 0, chunks=(256, 7),
                                              compression="gzip", shuffle=True)
                np.testing.assert_array_equal(time_first, time_last)

    def test_one_long_channel_on_many_ranks(self):
        rows = [{"ranks": 8, "domain": "node", "block": None, "write": "parallel", "split": "rows"},
                {"ranks": 8, "domain": "2", "block": None, "write": "leader", "split": "time"},
                {"ranks": 8, "domain": "1", "block": 5000, "write": "gather", "split": "rows"}]
        for method in ("direct", "fft"):
            with self.subTest(method=method):
                self.hold_filter(noise(1, 200_000, "float32"), False, "reflect", method, rows)

    def test_fewer_rows_than_ranks(self):
        rows = [{"ranks": 8, "domain": "node", "block": None, "write": "leader", "split": "rows"},
                {"ranks": 8, "domain": "1", "block": None, "write": "parallel", "split": "rows"},
                {"ranks": 4, "domain": "1", "block": 10, "write": "gather", "split": "rows"}]
        self.hold_filter(noise(3, 401), False, "mirror", "direct", rows)

    def test_fewer_samples_than_ranks_and_taps(self):
        rows = [{"ranks": 8, "domain": "2", "block": 1, "write": "parallel", "split": "time"},
                {"ranks": 4, "domain": "node", "block": 2, "write": "gather", "split": "rows"}]
        for mode in ("reflect", "wrap"):
            with self.subTest(mode=mode):
                self.hold_filter(noise(2, 5), False, mode, "direct", rows)


if __name__ == "__main__":
    program.main()
