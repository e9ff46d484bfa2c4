"""Filters a recording with scipy.ndimage as weir did, and prints how far apart the two are and what each took."""
import argparse
import json
import time

import h5py
import numpy as np
from scipy.ndimage import gaussian_filter1d


def rows_of(path, report):
    """The recording's dataset with channels first, as it is stored."""
    with h5py.File(path) as file:
        data = file[report["input"]["dataset"]][...]
    return data if report["input"]["time_axis"] == 1 else np.ascontiguousarray(data.T)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("before")
    parser.add_argument("after")
    parser.add_argument("report")
    parser.add_argument("--sigma", type=float, help="samples; the taps that weir used if not given")
    args = parser.parse_args()
    with open(args.report) as file:
        report = json.load(file)

    x, y = rows_of(args.before, report), rows_of(args.after, report)
    start = time.perf_counter()
    if args.sigma:
        expected = gaussian_filter1d(x.astype(np.float64, copy=False), args.sigma)
    else:
        with h5py.File(args.after) as file:
            taps = file["provenance/taps"][...]
        from scipy.ndimage import convolve1d
        expected = convolve1d(x.astype(np.float64), taps, mode="reflect")
    seconds = time.perf_counter() - start

    largest = np.abs(x.astype(np.float64)).max()
    if np.issubdtype(x.dtype, np.integer):
        wrong = np.count_nonzero(y != np.rint(expected))
        print(f"difference: {wrong} of {y.size} samples are not SciPy's float64 result, rounded")
    else:
        print(f"difference: at most {np.abs(y - expected).max() / largest:.1e} of the largest sample")
    filtering = report["phases"]["filter"]["max_seconds"]
    print(f"time: SciPy {seconds:.2f} s on arrays in memory; weir {report['wall_seconds']:.2f} s from file to file, "
          f"{filtering:.3f} s of it filtering: {seconds / report['wall_seconds']:.0f} and {seconds / filtering:.0f} times faster")


if __name__ == "__main__":
    main()
