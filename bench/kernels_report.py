#!/usr/bin/python3
"""Turns the JSON of bench_fir and scipy_filters.py into a table with ratios, and data and picture for gnuplot.

usage: kernels_report.py BENCH_FIR.json SCIPY.json OUTPUT_DIRECTORY
"""

import json
import math
import pathlib
import shutil
import subprocess
import sys

COLUMNS = ("limit", "auto", "direct", "fft", "fftw", "oaconvolve", "gaussian_filter1d")
BYTES = {"f64": 8, "f32": 4}
ARITHMETIC = {"i16": "f32", "i32": "f64"}


def rates_of(paths):
    """Samples a second by case; of repeated cases the median that Google Benchmark adds, or else the fastest."""
    rates, labels = {}, {}
    for path in paths:
        for case in json.loads(pathlib.Path(path).read_text(encoding="utf-8"))["benchmarks"]:
            name = case.get("run_name", case["name"])
            if case.get("run_type") == "aggregate" and case.get("aggregate_name") != "median":
                continue
            median = case.get("aggregate_name") == "median"
            if median or name not in rates or not rates[name][0]:
                best = case["items_per_second"] if median else max(case["items_per_second"], rates.get(name, (0, 0))[1])
                rates[name] = (median, best)
            if case.get("label"):
                labels[name] = case["label"]
    return {name: rate for name, (_, rate) in rates.items()}, labels


def transform_operations(taps):
    """Additions and multiplications a sample that overlap-save needs, at the length that needs the fewest: two
    split-radix transforms of N complex points, 4 N log2 N - 6 N + 8 each (Yavne 1968), and a real response, for
    2 (N - taps + 1) samples. Segments that are joined to one circle yield 2 N - taps + 1, but the weights that
    it takes, 12 operations a number, leave them with 3 to 7 % more at their best length from 63 taps on."""
    best = math.inf
    for bits in range(4, 25):
        n = 1 << bits
        if n > taps:
            best = min(best, (2 * (4 * n * bits - 6 * n + 8) + 2 * n) / (2 * (n - taps + 1)))
    return best


def limit_of(rates, kind, taps):
    """The smaller of what memory and what arithmetic allow; the arithmetic is the better of both methods'."""
    peak = rates[f"fma_peak/{kind}"]
    arithmetic = max(peak / taps, 2 * peak / transform_operations(taps))
    return min(rates[f"memory_in_place/{kind}"], arithmetic)


def table_of(rates, kind):
    counts = sorted({int(name.split("/")[-1]) for name in rates if name.startswith(f"filter_row/{kind}/")})
    rows = []
    for taps in counts:
        row = {"taps": taps, "limit": limit_of(rates, kind, taps)}
        for engine in ("auto", "direct", "fft"):
            row[engine] = rates.get(f"filter_row/{kind}/{engine}/{taps}")
        row["fftw"] = rates.get(f"fftw/{kind}/{taps}")
        for name in ("oaconvolve", "gaussian_filter1d"):
            row[name] = rates.get(f"scipy_{name}/{kind}/{taps}")
        rows.append(row)
    return rows


def million(rate):
    return "-" if rate is None else f"{rate / 1e6:.0f}" if rate > 2e7 else f"{rate / 1e6:.1f}"


def ratio(a, b):
    return "-" if a is None or b is None else f"{a / b:.2f}"


def print_table(rates, labels, kind, rows):
    peak, memory = rates[f"fma_peak/{kind}"], rates[f"memory_in_place/{kind}"]
    print(f"\n{kind}, million samples a second on one core; multiply-add peak {peak / 1e9:.1f} G/s, "
          f"in-place memory {memory * 2 * BYTES[kind] / 1e9:.1f} GB/s = {memory / 1e6:.0f} M samples/s\n")
    print("| taps | " + " | ".join(COLUMNS) + " | auto/limit | auto/fftw | auto/oaconvolve | direct/peak | auto is |")
    print("| ---: |" + " ---: |" * (len(COLUMNS) + 4) + " --- |")
    for row in rows:
        direct_share = None if row["direct"] is None else row["direct"] * row["taps"]
        print(f"| {row['taps']} | " + " | ".join(million(row[c]) for c in COLUMNS) +
              f" | {ratio(row['auto'], row['limit'])} | {ratio(row['auto'], row['fftw'])}"
              f" | {ratio(row['auto'], row['oaconvolve'])} | {ratio(direct_share, peak)}"
              f" | {labels.get('filter_row/' + kind + '/auto/' + str(row['taps']), '')} |")


def print_integers(rates):
    """Rows of integers beside those of what they are filtered in."""
    print("\nRows of integers, million samples a second, and their share of the same rows in the arithmetic's type\n")
    print("| taps | " + " | ".join(f"{kind} | to {of}" for kind, of in ARITHMETIC.items()) + " |")
    print("| ---: |" + " ---: |" * (2 * len(ARITHMETIC)))
    for taps in sorted({int(name.split("/")[-1]) for name in rates if name.startswith("filter_row/")}):
        cells = []
        for kind, of in ARITHMETIC.items():
            rate, whole = (rates.get(f"filter_row/{one}/auto/{taps}") for one in (kind, of))
            cells += [million(rate), ratio(rate, whole)]
        print(f"| {taps} | " + " | ".join(cells) + " |")


def write_data(path, rows):
    lines = ["# taps " + " ".join(COLUMNS)]
    lines += [" ".join([str(row["taps"])] + ["nan" if row[c] is None else f"{row[c]:.6g}" for c in COLUMNS])
              for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main(bench, scipy, output):
    rates, labels = rates_of((bench, scipy))
    directory = pathlib.Path(output)
    for kind in BYTES:
        rows = table_of(rates, kind)
        print_table(rates, labels, kind, rows)
        write_data(directory / f"kernels_{kind}.dat", rows)
    print_integers(rates)
    if shutil.which("gnuplot") is None:
        sys.exit("kernels_report.py: no picture was drawn: gnuplot is missing (apt-get install gnuplot-nox)")
    subprocess.run(["gnuplot", "-e", f"directory='{directory}'", pathlib.Path(__file__).with_name("kernels.gp")],
                   check=True)
    print(f"\npicture: {directory / 'kernels.png'}")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
