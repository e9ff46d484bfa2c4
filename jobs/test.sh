#!/usr/bin/env bash
# Installs what is missing, builds, and runs every test, then those of jobs/sanitize.sh. Arguments go to ctest and choose
# among the first alone: jobs/test.sh -L unit
set -euo pipefail
source "$(dirname "$0")/setup.sh"
install_cluster_packages
build_weir release
# More than the cores: most tests of several ranks spend their time in starting and meeting.
ctest --preset release -j "$((6 * $(nproc)))" "$@"
[ $# -eq 0 ] || exit 0
# Builds and tests want an hour's half at most; the sanitized ones take half as long as all before.
readonly latest_start_seconds=1140
if [ "$SECONDS" -gt "$latest_start_seconds" ]; then
  echo "skipped: jobs/sanitize.sh, because what went before took $((SECONDS / 60)) minutes; run it by itself"
else
  jobs/sanitize.sh
fi
