#!/usr/bin/env bash
# Strong and weak scaling over the ranks, domains and nodes of this machine, with a table, JSON, CSV and pictures in
# BUILD/bench/scaling. What follows BUILD goes to scaling.py: --input FILE.h5, --runs 5, ...
#
#   bench/scaling.sh [BUILD [OPTION...]]     build/release by default
set -euo pipefail
source "$(dirname "$0")/../jobs/setup.sh"
build=${1:-build/release}
if [ $# -gt 0 ]; then shift; else build_weir release weir_program bench_stream; fi
"$weir_python" bench/scaling.py "$build/bench/scaling" --weir "$build/weir" --stream "$build/bench/bench_stream" \
  --launcher "mpirun --oversubscribe --bind-to none" --touch-memory "$@"
