#!/usr/bin/env bash
# As test.sh, over MPICH and the HDF5 that Debian builds with it; both stand beside Open MPI and its HDF5. What differs
# for tests is in tests/mpi_launch.cmake. It is run by hand and no part of .ci/run: it builds everything once more, and
# ranks of Debian's MPICH that wait keep their core, so that the tests take long where ranks are more than cores.
set -euo pipefail
source "$(dirname "$0")/setup.sh"
install_packages mpich libmpich-dev libhdf5-mpich-dev
build_weir mpich
ctest --preset mpich -j "$((4 * $(nproc)))" "$@"
