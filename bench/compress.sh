#!/usr/bin/env bash
# Times a compressed output on one rank and on two beside what h5repack takes to compress the same samples on its one
# core, in turn, and prints medians, ratios and sizes.
#
#   bench/compress.sh [BUILD [RUNS]]     build/release and 3 by default
set -euo pipefail
source "$(dirname "$0")/../jobs/setup.sh"
build=${1:-build/release}
runs=${2:-3}
[ $# -gt 0 ] || build_weir release weir_program
folder=$build/bench/compress
mkdir -p "$folder"
weir=$build/weir
mpirun -n 2 --oversubscribe "$weir" synth "$folder/in.h5" --channels 400 --duration 400s --dtype int16 --overwrite -q
"$weir" filter "$folder/in.h5" "$folder/plain.h5" --gaussian 4 --overwrite -q

PYTHONPATH=bench "$weir_python" - "$weir" "$folder" "$runs" <<'PY'
import os
import statistics
import sys

from side_by_side import print_table, time_in_turn

weir, folder, runs = sys.argv[1], sys.argv[2], int(sys.argv[3])
filtering = ["filter", f"{folder}/in.h5", f"{folder}/out.h5", "--gaussian", "4", "--overwrite", "-q"]
packing = ["--compress", "gzip:4", "--shuffle"]
launch = ["mpirun", "--oversubscribe", "--bind-to", "none", "-n", "2"]
seconds = time_in_turn({
    "weir, plain, 1 rank": [weir, *filtering],
    "weir, packed, 1 rank": [weir, *filtering, *packing],
    "weir, packed, 2 ranks": [*launch, weir, *filtering, *packing],
    "h5repack of the plain output": ["h5repack", "-f", "SHUF", "-f", "GZIP=4", "-l", "CHUNK=1x400000",
                                     f"{folder}/plain.h5", f"{folder}/repacked.h5"],
}, runs)
one = statistics.median(seconds["weir, packed, 1 rank"])
print(f"{os.path.getsize(f'{folder}/in.h5') / 1e6:.0f} MB of int16, medians of {runs} runs in turn\n")
print_table(seconds, "x faster than 1 rank", lambda median: one / median)
print(f"\nbytes: weir {os.path.getsize(f'{folder}/out.h5')}, h5repack {os.path.getsize(f'{folder}/repacked.h5')}")
PY
