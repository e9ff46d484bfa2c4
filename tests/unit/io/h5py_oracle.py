"""Makes recordings with h5py for weir's tests to read, and looks with h5py at what weir wrote.

    h5py_oracle.py make FOLDER
    h5py_oracle.py same LIST            each line of LIST: file, dataset, tab separated; compares with the pattern
    h5py_oracle.py tree BEFORE AFTER DATASET    everything but DATASET's values and what weir adds is the same
    h5py_oracle.py attributes FILE OBJECT NAME ...    prints each as JSON, a line each; several pairs may follow
    h5py_oracle.py values FILE DATASET          prints them, a line a row
    h5py_oracle.py corner FILE DATASET          prints three corners of a time-first dataset
    h5py_oracle.py sum FILE DATASET ROW         prints a row's sum
"""
import json
import sys

import h5py
import numpy as np

from h5py_recordings import make, pattern
from h5py_tree import tree


def same(listing):
    with open(listing, encoding="utf-8") as lines:
        for line in lines:
            path, name = line.rstrip("\n").split("\t")
            with h5py.File(path, "r") as f:
                found = f[name]
                values = found[()]
                expected = pattern(found.dtype)
                if values.ndim == 1:
                    expected = expected[3]
                elif values.shape == expected.T.shape:
                    values = values.T
                if found.dtype != found.dtype.newbyteorder("=") or not np.array_equal(values, expected):
                    sys.exit(f"{path}:{name} does not hold the pattern")


def print_attributes(path, *pairs):
    """Attributes, or scalar datasets, as JSON lines."""
    with h5py.File(path, "r") as f:
        for item, name in zip(pairs[::2], pairs[1::2]):
            value = f[item].attrs[name] if name in f[item].attrs else f[item][name][()]
            print(json.dumps(value.decode() if isinstance(value, bytes) else np.asarray(value).tolist()))


def values(path, item):
    with h5py.File(path, "r") as f:
        for row in np.atleast_2d(f[item][()]):
            print(*row.tolist())


def corner(path, item):
    with h5py.File(path, "r") as f:
        data = f[item]
        print(data[-1, -1], data[-1, 0], data[0, -1], end="")


def row_sum(path, item, row):
    with h5py.File(path, "r") as f:
        print(f[item][int(row)].sum(dtype="i8"), end="")


COMMANDS = {"make": make, "same": same, "tree": tree, "attributes": print_attributes, "values": values, "corner": corner,
            "sum": row_sum}

if __name__ == "__main__":
    COMMANDS[sys.argv[1]](*sys.argv[2:])
