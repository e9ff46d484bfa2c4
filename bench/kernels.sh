#!/bin/sh
# Builds bench_fir, runs it and SciPy beside it, and leaves JSON, a table and a picture.
# usage: bench/kernels.sh [BUILD_DIRECTORY [BENCH_FIR_OPTION...]]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=${1:-$here/../build/release}
[ $# -gt 0 ] && shift
results=$build/bench/results
python=${WEIR_PYTHON:-/usr/bin/python3}

[ -f "$build/CMakeCache.txt" ] || cmake -S "$here/.." -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release
cmake --build "$build" --target bench_fir
mkdir -p "$results"
"$build/bench/bench_fir" --benchmark_out="$results/bench_fir.json" --benchmark_out_format=json "$@"
"$python" "$here/scipy_filters.py" "$results/scipy.json"
"$python" "$here/kernels_report.py" "$results/bench_fir.json" "$results/scipy.json" "$results" | tee "$results/kernels.md"
