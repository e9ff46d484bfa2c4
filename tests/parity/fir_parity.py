"""Holds weir's filters against SciPy's: the same taps, the same rows, the same boundaries."""
import ctypes
import itertools
import sys
import unittest

try:
    import numpy as np
    from scipy import ndimage, signal
except ImportError as missing:
    print(f"skipped: {missing}; Debian's python3-scipy brings the oracle")
    sys.exit(77)

library = ctypes.CDLL(sys.argv.pop())
library.gaussian_taps.restype = ctypes.c_ssize_t

MODES = ("reflect", "constant", "nearest", "mirror", "wrap")
METHODS = ("auto", "direct")
TOLERANCE = {"float64": 1e-13, "float32": 2e-6}


def weir_filter(row, taps, advance, mode="reflect", cval=0.0, method="auto"):
    out = np.array(row, order="C", copy=True)
    taps = np.ascontiguousarray(taps, dtype=np.float64)
    failed = getattr(library, f"filter_{out.dtype}")(
        out.ctypes.data_as(ctypes.c_void_p), ctypes.c_size_t(out.size),
        taps.ctypes.data_as(ctypes.c_void_p), ctypes.c_size_t(taps.size), ctypes.c_size_t(advance),
        mode.encode(), ctypes.c_double(cval), method.encode())
    assert not failed
    return out


def weir_gaussian(sigma, order, truncate=4.0):
    taps = np.empty(100_000)
    n = library.gaussian_taps(ctypes.c_double(sigma), ctypes.c_double(truncate), ctypes.c_uint(order),
                              taps.ctypes.data_as(ctypes.c_void_p), ctypes.c_size_t(taps.size))
    return taps[:n].copy()


def row_of(dtype, samples, seed):
    rng = np.random.default_rng(seed)
    values = rng.standard_normal(samples).cumsum() + 3 * rng.standard_normal(samples)
    if dtype == "int16":
        return np.clip(values * 20, -32768, 32767).astype(np.int16)
    return values.astype(dtype)


class Parity(unittest.TestCase):
    def hold(self, got, expected, row):
        """expected is SciPy's float64 result on the row's values."""
        largest = np.abs(row.astype(np.float64)).max()
        if row.dtype == np.int16:
            rounded = np.clip(np.rint(expected), -32768, 32767)
            tie = np.abs(np.abs(expected - np.floor(expected)) - 0.5) < 1e-9
            self.assertTrue(np.all((got == rounded) | tie))
        else:
            worst = np.abs(got.astype(np.float64) - expected).max()
            self.assertLessEqual(worst, TOLERANCE[str(row.dtype)] * largest)

    def test_gaussian_taps(self):
        for sigma, order, truncate in itertools.product((0.3, 1, 2.5, 40, 500), range(5), (3.0, 4.0)):
            with self.subTest(sigma=sigma, order=order, truncate=truncate):
                radius = int(truncate * sigma + 0.5)
                impulse = np.zeros(2 * radius + 1)
                impulse[radius] = 1.0
                expected = ndimage.gaussian_filter1d(impulse, sigma, order=order, truncate=truncate, mode="constant")
                np.testing.assert_allclose(weir_gaussian(sigma, order, truncate), expected, rtol=1e-12,
                                           atol=1e-15 * np.abs(expected).max())

    def test_gaussian_filter1d(self):
        cases = itertools.product(MODES, range(3), (0.3, 1, 40, 500), ("float32", "float64", "int16"), METHODS)
        for mode, order, sigma, dtype, method in cases:
            with self.subTest(mode=mode, order=order, sigma=sigma, dtype=dtype, method=method):
                row = row_of(dtype, 5000, seed=order)
                taps = weir_gaussian(sigma, order)
                got = weir_filter(row, taps, (taps.size - 1) // 2, mode, 1.5, method)
                expected = ndimage.gaussian_filter1d(row.astype(np.float64), sigma, order=order, mode=mode, cval=1.5)
                self.hold(got, expected, row)

    def test_kernel_longer_than_the_row(self):
        for mode, samples, method in itertools.product(MODES, (1, 2, 7, 100), METHODS):
            with self.subTest(mode=mode, samples=samples, method=method):
                row = row_of("float64", samples, seed=samples)
                taps = weir_gaussian(40, 0)
                got = weir_filter(row, taps, 160, mode, -2.0, method)
                self.hold(got, ndimage.gaussian_filter1d(row, 40, mode=mode, cval=-2.0), row)

    def test_correlate1d_with_random_taps(self):
        for n, mode, dtype, method in itertools.product((1, 3, 31, 255, 1001), MODES, ("float32", "float64"), METHODS):
            with self.subTest(n=n, mode=mode, dtype=dtype, method=method):
                taps = np.random.default_rng(n).standard_normal(n)
                taps /= np.abs(taps).sum()
                row = row_of(dtype, 4000, seed=n)
                got = weir_filter(row, taps, (n - 1) // 2, mode, 0.5, method)
                expected = ndimage.correlate1d(row.astype(np.float64), taps[::-1], mode=mode, cval=0.5)
                self.hold(got, expected, row)

    def test_lfilter_with_random_taps(self):
        for n, dtype, method in itertools.product((1, 2, 3, 16, 100, 1001), ("float32", "float64"), METHODS):
            with self.subTest(n=n, dtype=dtype, method=method):
                taps = np.random.default_rng(n).standard_normal(n)
                taps /= np.abs(taps).sum()
                row = row_of(dtype, 4000, seed=n)
                got = weir_filter(row, taps, 0, "constant", 0.0, method)
                self.hold(got, signal.lfilter(taps, 1.0, row.astype(np.float64)), row)

    def test_odd_extension(self):
        for n, method in itertools.product((3, 31, 1001), METHODS):
            with self.subTest(n=n, method=method):
                taps = np.random.default_rng(n).standard_normal(n)
                taps /= np.abs(taps).sum()
                row = row_of("float64", 3000, seed=n)
                extended = np.pad(row, (n - 1) // 2, mode="reflect", reflect_type="odd")
                got = weir_filter(row, taps, (n - 1) // 2, "odd", 0.0, method)
                self.hold(got, signal.fftconvolve(extended, taps, mode="valid"), extended)

    def test_integers_saturate(self):
        row = np.array([32767, -32768] * 50, dtype=np.int16)
        got = weir_filter(row, [3.0], 0)
        np.testing.assert_array_equal(got, row)


if __name__ == "__main__":
    unittest.main()
