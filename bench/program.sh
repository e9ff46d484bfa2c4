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

"$weir_python" - "$weir" "$input" "$folder" "$runs" <<'PY'
import statistics
import subprocess
import sys
import time

import h5py
from scipy.ndimage import gaussian_filter1d

weir, source, folder, runs = *sys.argv[1:4], int(sys.argv[4])
filtering = ["filter", source, f"{folder}/out.h5", "--gaussian", "40", "--overwrite", "-q"]
commands = {
    "cp": ["cp", source, f"{folder}/copy.h5"],
    "empty mpirun -n 2": ["mpirun", "-n", "2", "true"],
    "weir, 2 ranks": ["mpirun", "-n", "2", weir, *filtering],
    "weir, 1 rank": [weir, *filtering],
}
seconds = {name: [] for name in commands}
for run in range(runs + 1):  # the first warms up
    for name, command in commands.items():
        begin = time.perf_counter()
        subprocess.run(command, check=True)
        seconds[name].append(time.perf_counter() - begin)

with h5py.File(source) as file:
    rows = file["data"][...]
begin = time.perf_counter()
gaussian_filter1d(rows, 40)
seconds["scipy.ndimage, rows in memory"] = [time.perf_counter() - begin] * 2

copy = statistics.median(seconds["cp"][1:])
print(f"{rows.nbytes / 1e6:.0f} MB, Gaussian of sigma 40, medians of {runs} runs in turn\n")
print(f"{'':32}{'seconds':>9}{'min':>8}{'max':>8}{'x cp':>8}")
for name, all_runs in seconds.items():
    counted = all_runs[1:]
    median = statistics.median(counted)
    print(f"{name:32}{median:9.3f}{min(counted):8.3f}{max(counted):8.3f}{median / copy:8.1f}")
PY
