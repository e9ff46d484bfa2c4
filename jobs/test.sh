#!/usr/bin/env bash
# Installs what is missing, builds, and runs every test, then those of jobs/sanitize.sh. Arguments go to ctest and choose
# among the first alone: jobs/test.sh -L unit
set -euo pipefail
source "$(dirname "$0")/setup.sh"
install_cluster_packages
build_weir release
# More than the cores: most tests of several ranks spend their time in starting and meeting.
ctest --preset release -j "$((6 * $(nproc)))" "$@"
[ $# -gt 0 ] || jobs/sanitize.sh
