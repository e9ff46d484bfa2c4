#!/usr/bin/env bash
# Times the whole program beside `cp` of the same file, the launcher's empty run and SciPy, in turn, and prints
# medians and ratios.
#
#   bench/program.sh [BUILD [RUNS]]     build/release and 5 by default
set -euo pipefail
source "$(dirname "$0")/../jobs/setup.sh"
build=${1:-build/release}
runs=${2:-5}
[ $# -gt 0 ] || build_weir release weir_program
folder=$build/bench/program
mkdir -p "$folder"
weir=$build/weir
input=$folder/in.h5
mpirun -n 2 "$weir" synth "$input" --channels 100 --duration 400s --overwrite -q

PYTHONPATH=bench "$weir_python" - "$weir" "$input" "$folder" "$runs" <<'PY'
import statistics
import sys
import time

import h5py
from scipy.ndimage import gaussian_filter1d
from side_by_side import print_table, time_in_turn

weir, source, folder, runs = *sys.argv[1:4], int(sys.argv[4])
filtering = ["filter", source, f"{folder}/out.h5", "--gaussian", "40", "--overwrite", "-q"]
seconds = time_in_turn({
    "cp": ["cp", source, f"{folder}/copy.h5"],
    "empty mpirun -n 2": ["mpirun", "-n", "2", "true"],
    "weir, 2 ranks": ["mpirun", "-n", "2", weir, *filtering],
    "weir, 1 rank": [weir, *filtering],
}, runs)

with h5py.File(source) as file:
    rows = file["data"][...]
begin = time.perf_counter()
gaussian_filter1d(rows, 40)
seconds["scipy.ndimage, rows in memory"] = [time.perf_counter() - begin]

copy = statistics.median(seconds["cp"])
print(f"{rows.nbytes / 1e6:.0f} MB, Gaussian of sigma 40, medians of {runs} runs in turn\n")
print_table(seconds, "x cp", lambda median: median / copy)
PY
