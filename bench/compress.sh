#!/usr/bin/env bash
# Times a filter from packed input to packed output (gzip, shuffled) on one rank and on two, in turn with what unpacks and
# packs the same chunks again and filters nothing: h5repack on its one core, and HDF5's own collective transfers on two
# ranks. Prints medians, ratios and sizes.
#
#   bench/compress.sh [BUILD [RUNS [CHANNELS]]]     build/release, 3 and 400 by default: 320 MB; 1250 make 1 GB
set -euo pipefail
source "$(dirname "$0")/../jobs/setup.sh"
build=${1:-build/release}
runs=${2:-3}
channels=${3:-400}
[ $# -gt 0 ] || build_weir release weir_program bench_empty_mpi bench_collective_deflate
folder=$build/bench/compress
mkdir -p "$folder"
trap 'rm -f "$folder"/{plain,in,out,repacked}.h5' EXIT
packing=(-f SHUF -f GZIP=4 -l CHUNK=1x400000)
mpirun -n 2 --oversubscribe "$build/weir" synth "$folder/plain.h5" --channels "$channels" --duration 400s --dtype int16 \
  --overwrite -q
h5repack "${packing[@]}" "$folder/plain.h5" "$folder/in.h5"
rm "$folder/plain.h5"

PYTHONPATH=bench "$weir_python" - "$build" "$folder" "$runs" "${packing[@]}" <<'PY'
import os
import statistics
import sys

from side_by_side import print_table, time_in_turn

build, folder, runs, *packing = sys.argv[1:]
source, packed, repacked = (f"{folder}/{name}.h5" for name in ("in", "out", "repacked"))
weir = [f"{build}/weir", "filter", source, packed, "--gaussian", "4", "--overwrite", "-q", "--compress", "gzip:4",
        "--shuffle"]
launch = ["mpirun", "--oversubscribe", "--bind-to", "none", "-n"]
seconds = time_in_turn({
    "empty MPI program, 2 ranks": [*launch, "2", f"{build}/bench/bench_empty_mpi"],
    "weir without launcher": weir,
    "weir, 1 rank": [*launch, "1", *weir],
    "weir, 2 ranks": [*launch, "2", *weir],
    "HDF5 collective, 2 ranks": [*launch, "2", f"{build}/bench/bench_collective_deflate", source, repacked],
    "h5repack": ["h5repack", *packing, source, repacked],
}, int(runs), outputs=(packed, repacked))
median = {name: statistics.median(all_runs) for name, all_runs in seconds.items()}
packed_bytes = os.path.getsize(source)
print(f"{packed_bytes / 1e6:.0f} MB of packed int16, medians of {runs} runs in turn\n")
print_table(seconds, "x h5repack", lambda one: one / median["h5repack"])
print(f"\n2 ranks are {median['weir, 1 rank'] / median['weir, 2 ranks']:.2f} times as fast as 1, beyond the launcher's start "
      f"{(median['weir without launcher']) / (median['weir, 2 ranks'] - median['empty MPI program, 2 ranks']):.2f} times")
PY
