#!/usr/bin/env bash
# The same jobs through weir and through what one would use in its place, in turn: a table of time and memory, JSON, and
# a picture; and the job pool beside Python's.
#
#   bench/peers.sh [BUILD [RUNS]]     build/release and 3 by default
set -euo pipefail
source "$(dirname "$0")/../jobs/setup.sh"
install_peer_packages
build=${1:-build/release}
runs=${2:-3}
[ $# -gt 0 ] || build_weir release weir_program bench_jobs
folder=$build/bench/peers
mkdir -p "$folder"
trap 'rm -f "$folder"/{in,out,copy}.h5 "$folder"/{out,taps}.npy' EXIT
PYTHONPATH=bench "$weir_python" bench/peers.py "$build/weir" "$folder" "$runs"

if [ -x "$build/bench/bench_jobs" ]; then
  { printf '\nweir::job_pool: '
    mpirun --oversubscribe --bind-to none -n 2 "$build/bench/bench_jobs"
    printf '\nmultiprocessing.Pool, 2 processes\n'
    "$weir_python" bench/job_pool_peer.py 2; } | tee "$folder/jobs.txt"
fi
