#!/usr/bin/env bash
# Runs a launcher's command where this user may make the namespaces that stand for hosts (see as_host.sh).
set -euo pipefail
spaces=(--uts --mount)
[ "$(id -u)" = 0 ] || spaces+=(--user --map-current-user --keep-caps)
if ! unshare "${spaces[@]}" true; then
  echo "skipped: this machine lets this user make no namespaces that could stand for hosts"
  exit 77
fi
exec "$@"
