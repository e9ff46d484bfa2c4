#!/usr/bin/env bash
# Builds the unit and MPI tests, and fuzz targets that replay their seeds, with AddressSanitizer and
# UndefinedBehaviorSanitizer, and runs them. It is a build of its own: nothing sanitized serves another. Arguments go to
# ctest.
set -euo pipefail
source "$(dirname "$0")/setup.sh"
build_weir asan weir_sanitized_tests
ctest --preset asan -L '^(unit|mpi|fuzz)$' -LE '^(example|install)$' -j "$((4 * $(nproc)))" "$@"
