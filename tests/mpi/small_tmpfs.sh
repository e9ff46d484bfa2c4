#!/bin/sh
# small_tmpfs.sh VARIABLE COMMAND...: runs the command where the environment variable VARIABLE names a tmpfs of 64
# MiB that nobody else sees and that goes with the command. Ends with 77 where that cannot be mounted.
variable=$1
shift
mount_and_run='
  mount -t tmpfs -o size=64m tmpfs "$WEIR_SMALL_TMPFS" || exit 77
  exec env "$WEIR_VARIABLE=$WEIR_SMALL_TMPFS" "$@"'

WEIR_SMALL_TMPFS=$(mktemp -d)
WEIR_VARIABLE=$variable
export WEIR_SMALL_TMPFS WEIR_VARIABLE
trap 'rmdir "$WEIR_SMALL_TMPFS"' EXIT
for how in "--mount" "--user --map-current-user --keep-caps --mount"; do
  if unshare $how sh -c 'mount -t tmpfs -o size=64m tmpfs "$WEIR_SMALL_TMPFS"' 2>/dev/null; then
    unshare $how sh -c "$mount_and_run" sh "$@"
    exit
  fi
done
echo "a tmpfs of 64 MiB cannot be mounted here: skipped"
exit 77
