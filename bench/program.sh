#!/usr/bin/env bash
# Times the whole program beside `cp` of the same file, an empty MPI program and a careful pipeline in Python, in turn,
# and prints medians and ratios.
#
#   bench/program.sh [BUILD [RUNS [CASE]]]     build/release, 5 and small by default
#
# CASE: small, 100 x 400,000 doubles (0.32 GB); large, ten times as long; int16, NWB as recorded, 384 channels, samples
# first, in chunks (5 GB).
set -euo pipefail
source "$(dirname "$0")/../jobs/setup.sh"
build=${1:-build/release}
runs=${2:-5}
case=${3:-small}
[ $# -gt 0 ] || build_weir release weir_program bench_empty_mpi
folder=$build/bench/program
mkdir -p "$folder"
trap 'rm -f "$folder"/{in,out,copy}.h5 "$folder"/out.npy' EXIT
case $case in
  small) synth=(--channels 100 --duration 400s) ;;
  large) synth=(--channels 100 --duration 4000s) ;;
  int16) synth=(--channels 384 --fs 30000 --duration 217s --dtype int16 --layout nwb --time-axis 0 --chunk 64x8192) ;;
  *) echo "program.sh: the case '$case' is none of small, large and int16" >&2; exit 64 ;;
esac
mpirun --oversubscribe -n 2 "$build/weir" synth "$folder/in.h5" "${synth[@]}" --overwrite -q
PYTHONPATH=bench "$weir_python" bench/program.py "$build" "$folder" "$runs" "$case"
