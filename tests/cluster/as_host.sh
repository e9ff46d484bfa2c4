#!/usr/bin/env bash
# Stands in for ssh: runs the launcher's command on this machine under another host's name, so that MPI sees two
# hosts. WEIR_HIDE names a folder that the host far does not see; WEIR_REPLACE=OTHER:FILE, a file in whose place it
# sees another one.
set -euo pipefail
while [[ ${1:-} == -* ]]; do
  case $1 in
    -[lpoiF]) shift 2 ;;
    *) shift ;;
  esac
done
host=$1
shift
spaces=(--uts --mount)
[ "$(id -u)" = 0 ] || spaces+=(--user --map-current-user --keep-caps)
export WEIR_HOST=$host WEIR_COMMAND=$*
exec unshare "${spaces[@]}" bash -c '
  hostname "$WEIR_HOST"
  [ -z "${WEIR_HIDE:-}" ] || [ "$WEIR_HOST" != far ] || mount -t tmpfs none "$WEIR_HIDE"
  [ -z "${WEIR_REPLACE:-}" ] || [ "$WEIR_HOST" != far ] || mount --bind "${WEIR_REPLACE%%:*}" "${WEIR_REPLACE#*:}"
  exec bash -c "$WEIR_COMMAND"'
