#!/usr/bin/env bash
# The most memory that runs over 3.2 GB take under their budgets, or over as many gigabytes as are named.
#
#   bench/memory.sh [BUILD [GIGABYTES ...]]     build/release and 3.2 by default
set -euo pipefail
source "$(dirname "$0")/../jobs/setup.sh"
build=${1:-build/release}
if [ $# -gt 0 ]; then shift; else build_weir release weir_program; fi
mkdir -p "$build/bench/memory"
PYTHONPATH=bench "$weir_python" bench/memory.py "$build/weir" "$build/bench/memory" "${@:-3.2}"
