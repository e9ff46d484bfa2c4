#!/usr/bin/python3
"""Times SciPy's filters on the rows and taps of bench_fir, and writes Google Benchmark's JSON.

usage: scipy_filters.py OUTPUT.json
"""

import json
import sys
import time

import numpy
import scipy
from scipy.ndimage import gaussian_filter1d
from scipy.signal import oaconvolve

ROW_SAMPLES = 400_000
NUMBERS_OF_TAPS = (15, 31, 63, 127, 321, 1025, 2001, 3301, 6601)
TYPES = {"f64": numpy.float64, "f32": numpy.float32}
SECONDS_A_CASE = 0.3
FEWEST_RUNS = 2


def gaussian_taps(count):
    """The taps of gaussian_filter1d with this many of them."""
    radius = count // 2
    x = numpy.arange(-radius, radius + 1)
    taps = numpy.exp(-0.5 * (x / (radius / 4)) ** 2)
    return taps / taps.sum()


def fastest(call):
    """Processor seconds of the fastest run."""
    best = float("inf")
    runs = 0
    begin = time.process_time()
    while runs < FEWEST_RUNS or time.process_time() - begin < SECONDS_A_CASE:
        before = time.process_time()
        call()
        best = min(best, time.process_time() - before)
        runs += 1
    return best


def main(output):
    results = []
    for type_name, dtype in TYPES.items():
        row = (1 + 0.5 * numpy.sin(0.01 * numpy.arange(ROW_SAMPLES))).astype(dtype)
        for count in NUMBERS_OF_TAPS:
            taps = gaussian_taps(count).astype(dtype)
            radius = count // 2
            calls = {
                # SciPy has no boundary for oaconvolve: the row is padded first, as its users do.
                "oaconvolve": lambda: oaconvolve(numpy.pad(row, radius, mode="symmetric"), taps, mode="valid"),
                "gaussian_filter1d": lambda: gaussian_filter1d(row, radius / 4, output=row.copy()),
            }
            for name, call in calls.items():
                rate = ROW_SAMPLES / fastest(call)
                results.append({"name": f"scipy_{name}/{type_name}/{count}", "items_per_second": rate})
    with open(output, "w", encoding="utf-8") as stream:
        json.dump({"context": {"scipy": scipy.__version__, "numpy": numpy.__version__}, "benchmarks": results},
                  stream, indent=1)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
