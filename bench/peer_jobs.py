"""One job, from file to file, as it is done in Python: peer_jobs.py HOW CASE IN.h5 OUT.npy

CASE: gaussian, of sigma 40 with the ends reflected; or boxcar, 1,500 taps of 1/15, causal, nothing ahead of the data.
HOW: direct, the filter's usual function; oaconvolve, on all rows at once; pipeline:N, 20 blocks of rows by N processes,
each read, convolved with oaconvolve and written by itself; mne, its overlap-add; shared:N, all rows in an array that N
processes share, each filtering its part in place.
"""
import multiprocessing as mp
import sys

import h5py
import numpy as np
from scipy import ndimage, signal

BLOCKS = 20
SIGMA = 40


def taps_of(case):
    if case == "boxcar":
        return np.ones(1500) / 15
    radius = int(4 * SIGMA + 0.5)
    taps = np.exp(-0.5 * (np.arange(-radius, radius + 1) / SIGMA) ** 2)
    return taps / taps.sum()


def extended(rows, case):
    """The rows with what stands beyond their ends, for a convolution of mode `valid`."""
    taps = taps_of(case).size
    if case == "boxcar":
        return np.pad(rows, ((0, 0), (taps - 1, 0)))
    return np.pad(rows, ((0, 0), (taps // 2, taps // 2)), mode="symmetric")


def overlap_add(rows, case):
    return signal.oaconvolve(extended(rows, case), taps_of(case)[None, :], mode="valid", axes=1)


def direct(rows, case):
    if case == "boxcar":
        return np.stack([np.convolve(row, taps_of(case))[:row.size] for row in rows])
    return ndimage.gaussian_filter1d(rows, SIGMA, axis=1)


def read_all(source):
    with h5py.File(source) as file:
        return file["data"][...]


def open_output(path, like, mode):
    return np.lib.format.open_memmap(path, mode=mode, dtype=like.dtype, shape=like.shape)


def filter_block(arguments):
    source, output, case, number = arguments
    with h5py.File(source) as file:
        data = file["data"]
        rows = slice(*(data.shape[0] * (number + i) // BLOCKS for i in range(2)))
        np.lib.format.open_memmap(output, mode="r+")[rows] = overlap_add(data[rows], case)


def pipeline(source, output, case, processes):
    with h5py.File(source) as file:
        open_output(output, file["data"], "w+")
    blocks = [(source, output, case, number) for number in range(BLOCKS)]
    if processes == 1:
        for block in blocks:
            filter_block(block)
    else:
        with mp.get_context("fork").Pool(processes) as pool:
            pool.map(filter_block, blocks, chunksize=1)


shared = {}


def filter_part(rows):
    part = np.frombuffer(shared["memory"]).reshape(shared["shape"])[rows]
    part[...] = direct(part, shared["case"])


def share(source, output, case, processes):
    data = read_all(source)
    shared.update(memory=mp.RawArray("d", data.size), shape=data.shape, case=case)
    whole = np.frombuffer(shared["memory"]).reshape(data.shape)
    whole[...] = data
    del data
    parts = [slice(*(len(whole) * (i + j) // processes for j in range(2))) for i in range(processes)]
    with mp.get_context("fork").Pool(processes) as pool:
        pool.map(filter_part, parts, chunksize=1)
    np.save(output, whole)


def mne_overlap_add(rows, case):
    import mne

    mne.set_log_level("error")
    # The public functions make their own taps; its ends are odd reflections and then zeros.
    if case == "boxcar":
        taps = taps_of(case)
        padded = mne.filter._overlap_add_filter(rows, np.r_[taps, 0.0], phase="zero", pad="constant")
        return np.pad(padded, ((0, 0), (taps.size // 2, 0)))[:, :rows.shape[1]]
    return mne.filter._overlap_add_filter(rows, taps_of(case), phase="zero")


def main(how, case, source, output):
    name, _, processes = how.partition(":")
    if name == "pipeline":
        pipeline(source, output, case, int(processes))
    elif name == "shared":
        share(source, output, case, int(processes))
    else:
        function = {"direct": direct, "oaconvolve": overlap_add, "mne": mne_overlap_add}[name]
        np.save(output, function(read_all(source), case))


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    main(*sys.argv[1:])
