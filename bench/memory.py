"""The most memory that a run takes, beside what it plans and may take: memory.py WEIR FOLDER GIGABYTES...

The recordings are of zeros that take no room on the disk; outputs do, and are removed at once.
"""
import json
import os
import pathlib
import shutil
import sys

import h5py
from peak_memory import peak_memory

LAUNCH = ["mpirun", "--oversubscribe", "--bind-to", "none", "-n", "2"]
CHANNELS = 100
BUDGETS = ("256MiB", "1GiB")


def sparse_recording(path, gigabytes):
    """Doubles, allocated by the format and not by the disk."""
    samples = int(gigabytes * 1e9) // (8 * CHANNELS)
    created = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    created.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
    created.set_fill_time(h5py.h5d.FILL_TIME_NEVER)
    with h5py.File(path, "w") as file:
        space = h5py.h5s.create_simple((CHANNELS, samples))
        h5py.h5d.create(file.id, b"data", h5py.h5t.IEEE_F64LE, space, created)
        file["data"].attrs["sampling_rate"] = 1000.0
        file["data"].attrs["DIMENSION_LABELS"] = ["channel", "time"]


def main(weir, folder, *sizes):
    source, output, report = (pathlib.Path(folder, name) for name in ("sparse.h5", "out.h5", "report.json"))
    print(f"{'GB':>6}{'budget':>9}{'planned MiB':>13}{'peak MiB':>10}{'of it window':>14}")
    for gigabytes in map(float, sizes):
        if shutil.disk_usage(folder).free < 1.2e9 * gigabytes:
            print(f"{gigabytes:6.1f}  is left out: {folder} has no room for the output")
            continue
        sparse_recording(source, gigabytes)
        for budget in BUDGETS:
            try:
                peak, _ = peak_memory([*LAUNCH, weir, "filter", source, output, "--gaussian", "40", "--overwrite", "-q",
                                       "--memory-per-node", budget, "--report", report])
                memory = json.loads(report.read_text(encoding="utf-8"))["plan"]["memory"]
            finally:
                for path in (output, report, *pathlib.Path(folder).glob("out.h5.part*")):
                    path.unlink(missing_ok=True)
            mebibytes = [value / 2**20 for value in (memory["node_bytes"], peak, memory["window_bytes"])]
            print(f"{gigabytes:6.1f}{budget:>9}{mebibytes[0]:13.0f}{mebibytes[1]:10.0f}{mebibytes[2]:14.0f}")
            if peak > memory["budget_bytes"]:
                sys.exit("memory.py: the run took more than its budget")
        os.remove(source)


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
