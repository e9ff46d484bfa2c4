"""Holds weir's designs against SciPy's and MNE's: the same taps, the same lengths."""
import ctypes
import itertools
import math
import sys
import unittest
from fractions import Fraction

try:
    import numpy as np
    from scipy import signal
except ImportError as missing:
    print(f"skipped: {missing}; Debian's python3-scipy brings the oracle")
    sys.exit(77)

library = ctypes.CDLL(sys.argv.pop())
for name in ("design_windowed_sinc", "design_savitzky_golay", "design_twice", "design_minimum_phase",
             "design_spectrum", "design_equiripple", "design_decimation", "design_resampling"):
    getattr(library, name).restype = ctypes.c_ssize_t
library.design_length.restype = ctypes.c_size_t
library.design_kaiser_beta.restype = ctypes.c_double
library.design_attenuation.restype = ctypes.c_double

RATE = 1000.0
BANDS = {"lowpass": (40.0, 0.0), "highpass": (7.5, 0.0), "bandpass": (8.0, 30.0), "bandstop": (45.0, 55.5)}
WINDOWS = {"boxcar": 0.0, "hann": 0.0, "hamming": 0.0, "blackman": 0.0, "kaiser": 8.6}


def number(value):
    return ctypes.c_double(value) if isinstance(value, float) else ctypes.c_size_t(value)


def pointer(array):
    return array.ctypes.data_as(ctypes.c_void_p)


def taps_of(function, *arguments):
    out = np.empty(1 << 16)
    count = getattr(library, function)(
        *(a.encode() if isinstance(a, str) else number(a) for a in arguments), pointer(out), ctypes.c_size_t(out.size))
    return out[:count].copy() if count >= 0 else None


def exact_savgol(length, order, derivative):
    """The least-squares fit in rational numbers: SciPy's own loses digits with the condition of the powers."""
    places = [Fraction(i - length // 2) for i in range(length)]
    moments = [sum(x ** k for x in places) for k in range(2 * order + 1)]
    # Solves (A^T A) c = e_derivative; the weight of place x is then derivative! * sum c_j x^j.
    rows = [[moments[i + j] for j in range(order + 1)] + [Fraction(i == derivative)] for i in range(order + 1)]
    for i in range(order + 1):
        pivot = next(r for r in range(i, order + 1) if rows[r][i])
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [value / rows[i][i] for value in rows[i]]
        for r in range(order + 1):
            if r != i and rows[r][i]:
                rows[r] = [a - rows[r][i] * b for a, b in zip(rows[r], rows[i])]
    weights = [math.factorial(derivative) * sum(rows[j][-1] * x ** j for j in range(order + 1)) for x in places]
    return np.array([float(w) for w in reversed(weights)])


def cutoffs(kind):
    low, high = BANDS[kind]
    return [low, high] if high else low


class Designs(unittest.TestCase):
    def test_windowed_sinc(self):
        for kind, (shape, beta), taps in itertools.product(BANDS, WINDOWS.items(), (1, 3, 64, 101, 3301)):
            if taps % 2 == 0 and kind in ("highpass", "bandstop"):
                continue
            with self.subTest(kind=kind, window=shape, taps=taps):
                got = taps_of("design_windowed_sinc", kind, *BANDS[kind], taps, shape, beta, RATE)
                expected = signal.firwin(taps, cutoffs(kind), window=(shape, beta) if beta else shape, pass_zero=kind,
                                         fs=RATE)
                np.testing.assert_allclose(got, expected, rtol=0, atol=1e-12 * np.abs(expected).max())

    def test_equiripple(self):
        cases = [(3, [(0, 200, 1, 1), (300, 500, 0, 1)]), (4, [(0, 200, 1, 1), (300, 450, 0, 1)]),
                 (9, [(0, 200, 1, 1), (300, 500, 0, 1)]), (64, [(0, 100, 1, 1), (150, 500, 0, 10)]),
                 (31, [(0, 100, 0, 5), (150, 300, 1, 1), (360, 500, 0, 2)]),
                 (33, [(0, 100, 1, 1), (150, 500, 0.5, 1)]), (101, [(0, 40, 1, 1), (60, 500, 0, 1)]),
                 (201, [(0, 100, 0, 1), (110, 500, 1, 1)]), (200, [(0, 100, 1, 1), (110, 500, 0, 1)])]
        for taps, bands in cases:
            with self.subTest(taps=taps, bands=bands):
                table = np.array(bands, dtype=np.float64)
                out = np.empty(taps)
                count = library.design_equiripple(number(taps), pointer(table), number(len(bands)), number(RATE),
                                                  pointer(out), number(out.size))
                self.assertEqual(count, taps)
                expected = signal.remez(taps, table[:, :2].ravel(), table[:, 2], weight=table[:, 3], fs=RATE)
                np.testing.assert_allclose(out, expected, rtol=0, atol=1e-12 * np.abs(expected).max())

    def test_filters_of_a_change_of_the_rate(self):
        for q in (2, 3, 10, 100, 1000):
            np.testing.assert_allclose(taps_of("design_decimation", q), signal.firwin(20 * q + 1, 1 / q), rtol=0,
                                       atol=1e-12 / q)
        for up, down in ((1, 2), (2, 1), (2, 5), (160, 147)):
            most = max(up, down)
            expected = signal.firwin(20 * most + 1, 1 / most, window=("kaiser", 5.0))
            np.testing.assert_allclose(taps_of("design_resampling", up, down), expected, rtol=0, atol=1e-12 / most)
        self.assertIsNone(taps_of("design_decimation", 1))
        self.assertIsNone(taps_of("design_decimation", 10_000_000))

    def test_refused(self):
        for kind, low, high, taps, rate in (("lowpass", 500.0, 0.0, 11, RATE), ("lowpass", 0.0, 0.0, 11, RATE),
                                            ("highpass", 10.0, 0.0, 10, RATE), ("bandstop", 10.0, 20.0, 10, RATE),
                                            ("bandpass", 20.0, 10.0, 11, RATE), ("bandpass", 20.0, 501.0, 11, RATE),
                                            ("lowpass", 10.0, 0.0, 0, RATE), ("lowpass", math.nan, 0.0, 11, RATE)):
            with self.subTest(kind=kind, low=low, high=high, taps=taps):
                self.assertIsNone(taps_of("design_windowed_sinc", kind, low, high, taps, "hamming", 0.0, rate))

    def test_kaiser(self):
        for attenuation in (10.0, 21.0, 25.0, 49.9, 50.0, 60.0, 120.0):
            beta = library.design_kaiser_beta(ctypes.c_double(attenuation))
            self.assertAlmostEqual(beta, signal.kaiser_beta(attenuation), places=12)
        for attenuation, width in itertools.product((30.0, 60.0, 90.0), (1.0, 4.0, 20.0)):
            count, beta = signal.kaiserord(attenuation, width / (RATE / 2))
            got = library.design_length(b"lowpass", number(40.0), number(0.0), number(width), b"kaiser", number(beta),
                                        number(RATE))
            self.assertEqual(got, count | 1, (attenuation, width))

    def test_lengths_as_mne(self):
        # mne.filter.create_filter's rules, in its words: l_freq, h_freq and the transitions beside them.
        factors = {"hann": 3.1, "hamming": 3.3, "blackman": 5.0}

        def expected(kind, low, high, factor):
            rising = {"highpass": low, "bandpass": low, "bandstop": high}.get(kind)
            falling = {"lowpass": low, "bandpass": high, "bandstop": low}.get(kind)
            widths = []
            if rising:
                widths.append(min(max(rising * 0.25, 2.0), rising))
            if falling:
                widths.append(min(max(falling * 0.25, 2.0), RATE / 2 - falling))
            count = math.ceil(factor / min(widths) * RATE)
            return count + (count - 1) % 2

        for kind, low, high in (("lowpass", 40.0, 0.0), ("lowpass", 4.0, 0.0), ("lowpass", 499.0, 0.0),
                                ("highpass", 0.5, 0.0), ("highpass", 30.0, 0.0), ("bandpass", 1.0, 40.0),
                                ("bandpass", 0.1, 300.0), ("bandstop", 45.0, 55.0), ("bandstop", 1.0, 3.0)):
            for shape, factor in factors.items():
                got = library.design_length(kind.encode(), number(low), number(high), number(0.0), shape.encode(),
                                            number(0.0), number(RATE))
                self.assertEqual(got, expected(kind, low, high, factor), (kind, low, high, shape))

    def test_lengths_of_mne_itself(self):
        try:
            from mne.filter import create_filter
        except ImportError as missing:
            self.skipTest(f"{missing}; Debian's python3-mne brings the oracle")
        # Its band-stops are wide enough for both transitions to lie inside of them.
        for kind, low, high in (("lowpass", 40.0, 0.0), ("lowpass", 4.0, 0.0), ("lowpass", 499.0, 0.0),
                                ("highpass", 0.5, 0.0), ("highpass", 30.0, 0.0), ("bandpass", 1.0, 40.0),
                                ("bandpass", 0.1, 300.0), ("bandstop", 40.0, 80.0), ("bandstop", 4.0, 12.0)):
            freqs = {"lowpass": (None, low), "highpass": (low, None), "bandpass": (low, high), "bandstop": (high, low)}
            for shape in ("hann", "hamming", "blackman"):
                with self.subTest(kind=kind, low=low, high=high, window=shape):
                    made = create_filter(None, RATE, *freqs[kind], fir_window=shape, verbose="error")
                    got = library.design_length(kind.encode(), number(low), number(high), number(0.0), shape.encode(),
                                                number(0.0), number(RATE))
                    self.assertEqual(got, made.size)

    def test_savitzky_golay(self):
        for length, order in ((1, 0), (5, 2), (5, 3), (21, 4), (101, 7), (1001, 3)):
            for derivative in range(min(order, 3) + 2):
                with self.subTest(length=length, order=order, derivative=derivative):
                    got = taps_of("design_savitzky_golay", length, order, derivative)
                    if derivative > order:
                        self.assertFalse(got.any())
                        continue
                    exact = exact_savgol(length, order, derivative)
                    np.testing.assert_allclose(got, exact, rtol=0, atol=1e-12 * np.abs(exact).max())
                    like = signal.savgol_coeffs(length, order, deriv=derivative)
                    np.testing.assert_allclose(got, like, rtol=0, atol=1e-5 * np.abs(exact).max())
        self.assertIsNone(taps_of("design_savitzky_golay", 6, 2, 0))
        self.assertIsNone(taps_of("design_savitzky_golay", 5, 5, 0))

    def test_twice_is_filtfilt(self):
        rng = np.random.default_rng(3)
        row = rng.standard_normal(3000).cumsum()
        for taps in (rng.standard_normal(2), rng.standard_normal(9), rng.standard_normal(64), signal.firwin(101, 40, fs=RATE)):
            out = np.empty(1 << 12)
            count = library.design_twice(pointer(taps), ctypes.c_size_t(taps.size), pointer(out),
                                         ctypes.c_size_t(out.size))
            self.assertEqual(count, 2 * taps.size - 1)
            pad = 3 * taps.size
            padded = np.concatenate((2 * row[0] - row[pad:0:-1], row, 2 * row[-1] - row[-2:-pad - 2:-1]))
            got = np.convolve(padded, out[:count], "same")[pad:-pad]
            expected = signal.filtfilt(taps, 1, row)
            np.testing.assert_allclose(got, expected, rtol=0, atol=1e-11 * np.abs(expected).max())

    def test_minimum_phase(self):
        for taps in (signal.firwin(3, 40, fs=RATE), signal.firwin(64, 40, fs=RATE), signal.firwin(101, 40, fs=RATE),
                     signal.firwin(331, [8, 30], pass_zero=False, fs=RATE), signal.windows.gaussian(81, 10)):
            taps = 0.5 * (taps + taps[::-1])
            out = np.empty(1 << 12)
            count = library.design_minimum_phase(pointer(taps), ctypes.c_size_t(taps.size), pointer(out),
                                                 ctypes.c_size_t(out.size))
            expected = signal.minimum_phase(taps)
            self.assertEqual(count, expected.size)
            np.testing.assert_allclose(out[:count], expected, rtol=0, atol=1e-12 * np.abs(expected).max())

    def test_response(self):
        rng = np.random.default_rng(8)
        for taps, advance, intervals in ((rng.standard_normal(1), 0, 8), (rng.standard_normal(31), 15, 256),
                                         (rng.standard_normal(100), 0, 64), (rng.standard_normal(700), 350, 128)):
            out = np.empty(2 * (intervals + 1))
            library.design_response(pointer(taps), ctypes.c_size_t(taps.size), ctypes.c_size_t(advance),
                                    ctypes.c_size_t(intervals), pointer(out))
            w, expected = signal.freqz(taps, worN=np.linspace(0, np.pi, intervals + 1))
            expected = expected * np.exp(1j * w * advance)
            np.testing.assert_allclose(out.view(np.complex128), expected, rtol=0, atol=1e-13 * np.abs(taps).sum())

    def test_power_spectrum(self):
        rng = np.random.default_rng(4)
        for samples in (2, 3, 64, 1000, 4096, 20_000):
            row = rng.standard_normal(samples).cumsum()
            out = np.empty(4096)
            count = library.design_spectrum(pointer(row), ctypes.c_size_t(samples), pointer(out), ctypes.c_size_t(out.size))
            length = min(4096, 1 << (samples.bit_length() - 1))
            _, expected = signal.welch(row, fs=length, nperseg=length, detrend=False)
            np.testing.assert_allclose(out[:count], expected, rtol=1e-9, atol=1e-13 * expected.max())

    def test_summary(self):
        for taps, cutoff in ((signal.firwin(331, 40, fs=RATE), 40), (signal.firwin(1001, 100, fs=RATE, window="hann"), 100)):
            found = np.empty(3)
            library.design_summary(pointer(taps), ctypes.c_size_t(taps.size), ctypes.c_double(-6.0), pointer(found))
            hz, response = signal.freqz(taps, worN=1 << 18, fs=RATE)
            level = 20 * np.log10(np.maximum(np.abs(response) / np.abs(response).max(), 1e-300))
            self.assertAlmostEqual(found[0] * RATE, hz[np.argmax(level < -6)], delta=1e-2)
            self.assertAlmostEqual(found[0] * RATE, cutoff, delta=0.05)
            tops = np.flatnonzero((level[1:-1] > level[:-2]) & (level[1:-1] > level[2:])) + 1
            bottoms = np.flatnonzero((level[1:-1] < level[:-2]) & (level[1:-1] < level[2:])) + 1
            self.assertAlmostEqual(found[2], -level[tops][level[tops] < -6].max(), delta=0.2)
            lobes = np.concatenate((level[:1], level[tops], level[bottoms]))
            self.assertAlmostEqual(found[1], -lobes[lobes > -6].min(), delta=1e-3)

    def test_stop_band_attenuation(self):
        for kind, width in itertools.product(BANDS, (2.0, 10.0)):
            taps = signal.firwin(401, cutoffs(kind), pass_zero=kind, fs=RATE)
            low, high = BANDS[kind]
            got = library.design_attenuation(pointer(taps), ctypes.c_size_t(taps.size), kind.encode(), number(low),
                                             number(high), number(width), number(RATE))
            hz, response = signal.freqz(taps, worN=1 << 16, fs=RATE)
            stops = {"lowpass": hz >= low + width / 2, "highpass": hz <= low - width / 2,
                     "bandpass": (hz <= low - width / 2) | (hz >= high + width / 2),
                     "bandstop": (hz >= low + width / 2) & (hz <= high - width / 2)}[kind]
            if not stops.any():
                self.assertEqual(got, -1)
                continue
            expected = -20 * np.log10(np.abs(response[stops]).max())
            self.assertAlmostEqual(got, expected, delta=0.5, msg=(kind, width))


if __name__ == "__main__":
    unittest.main(verbosity=2)
