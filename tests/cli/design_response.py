"""weir design: the frequencies and levels that it tells of a response, against SciPy's freqz of the same taps."""
import json
import math

import program
from program import ProgramTest

import numpy as np
from scipy import signal

RATE = 100.0
LEVELS = (-1, -3, -6, -20, -40, -60)
FILTERS = {
    "derivative of a Gaussian": ("--gaussian", "3", "--order", "1"),
    "second derivative": ("--gaussian", "3", "--order", "2"),
    "derivative of a polynomial": ("--savgol", "21,3,1"),
    "smoothing polynomial": ("--savgol", "21,3"),
    "wide polynomial": ("--savgol", "301,2"),
    "low-pass": ("--lowpass", "4"),
    "high-pass": ("--highpass", "0.5"),
    "band-stop": ("--bandstop", "10", "30", "--phase", "causal"),
    "minimum phase": ("--lowpass", "4", "--phase", "minimum"),
}


def gains(taps, frequencies):
    return np.abs(signal.freqz(taps, worN=np.atleast_1d(frequencies), fs=RATE)[1])


class Response(ProgramTest):
    def facts(self, *filter_options):
        return json.loads(self.succeed("design", *filter_options, "--fs", RATE, "--json").out)

    def test_every_crossing_is_there_and_where_it_is_said(self):
        for name, options in FILTERS.items():
            facts = self.facts(*options)
            taps = np.array(facts["taps"])
            grid = np.linspace(0, RATE / 2, 400_001)
            on_grid = gains(taps, grid)
            for level in LEVELS:
                with self.subTest(filter=name, level=level):
                    places = np.array(facts["crossings"].get(f"{level} dB", []))
                    wanted = facts["largest_gain"] * 10 ** (level / 20)
                    changes = np.flatnonzero((on_grid[1:] < wanted) != (on_grid[:-1] < wanted))
                    self.assertEqual(len(places), len(changes))
                    if not places.size:
                        continue
                    self.assertLess(np.abs(places - grid[changes]).max(), 2 * grid[1])
                    np.testing.assert_allclose(gains(taps, places), wanted, rtol=1e-8)

    def test_the_largest_gain_and_the_highest_side_lobe(self):
        for name, options in FILTERS.items():
            with self.subTest(filter=name):
                facts = self.facts(*options)
                taps = np.array(facts["taps"])
                on_grid = gains(taps, np.linspace(0, RATE / 2, 400_001))
                self.assertAlmostEqual(facts["largest_gain"] / on_grid.max(), 1, delta=1e-8)
                self.assertAlmostEqual(gains(taps, facts["largest_gain_at"])[0] / on_grid.max(), 1, delta=1e-8)
                tops = on_grid[1:-1][(on_grid[1:-1] > on_grid[:-2]) & (on_grid[1:-1] > on_grid[2:])]
                below = tops[tops < 10 ** (-6 / 20) * on_grid.max()]
                if name not in ("second derivative", "band-stop") and below.size:
                    self.assertAlmostEqual(facts["attenuation_db"], -20 * math.log10(below.max() / on_grid.max()),
                                           delta=1e-4)

    def test_a_slope_through_zero(self):
        # Near 0 Hz the gain of a derivative is 2 pi f / fs: no frequency there is a matter of a grid.
        facts = self.facts("--gaussian", "3", "--order", "1")
        place = facts["crossings"]["-60 dB"][0]
        self.assertAlmostEqual(place, 1e-3 * facts["largest_gain"] * RATE / (2 * math.pi), delta=2e-3 * place)
        text = self.succeed("design", "--gaussian", "3", "--order", "1", "--fs", RATE).out
        self.assertRegex(text, r"(?m)^-40 dB +at 0\.0322\d*, ")
        self.assertRegex(text, r"(?m)^-60 dB +at 0\.0032\d*, ")


if __name__ == "__main__":
    program.main()
