#!/usr/bin/env bash
# As test.sh, over MPICH and the HDF5 that Debian builds with it; both stand beside Open MPI and its HDF5. What differs
# for tests is in tests/mpi_launch.cmake, and for the library in src/mpi/blocking.cpp. It is run by hand and no part of
# .ci/run, because it builds everything once more.
set -euo pipefail
source "$(dirname "$0")/setup.sh"
install_packages mpich libmpich-dev libhdf5-mpich-dev
build_weir mpich
ctest --preset mpich -j "$((4 * $(nproc)))" "$@"
