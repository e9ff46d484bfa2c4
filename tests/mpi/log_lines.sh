#!/bin/sh
# log_lines.sh PROGRAM RANKS LAUNCHER...: runs the log program on RANKS ranks at several levels, and counts the lines that
# come out whole. All ranks write to one file, so a line that is not written at once would be torn.
WEIR_LOG_PROGRAM=$1
ranks=$2
shift 2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
WEIR_LOG_OUT=$folder/out
export WEIR_LOG_OUT
out=$WEIR_LOG_OUT

fail() {
  echo "log_lines: $1"
  head -20 "$out"
  exit 1
}
expect() { # COUNT PATTERN FILE
  found=$(grep -cE "$2" "$3")
  [ "$found" -eq "$1" ] || fail "$found lines, not $1, are like $2"
}
line='line [0-9]+ (a{100}|b{100}|c{100}|d{100})$'

# The launcher must not come between: each rank appends to the file itself.
run() { "$@" || fail "the program failed"; }

: >"$out"
run "$@" sh -c 'exec "$0" "$@" 2>>"$WEIR_LOG_OUT"' "$WEIR_LOG_PROGRAM" info
expect $((200 * ranks)) "^\[INFO/[0-9]+/[^/ ]+\] $line" "$out"
expect 1 '^weir: warning: the river is low$' "$out"
expect $((200 * ranks + 1)) '' "$out"
expect 200 '^\[INFO/0/.*a{100}$' "$out"

: >"$out"
run "$@" sh -c 'exec "$0" "$@" 2>>"$WEIR_LOG_OUT"' "$WEIR_LOG_PROGRAM" debug
expect "$ranks" '^\[DEBUG/[0-9]+/[^/ ]+\] a detail of rank [0-9]+$' "$out"
expect $((201 * ranks + 1)) '' "$out"

: >"$out"
run "$@" sh -c 'exec "$0" "$@" 2>>"$WEIR_LOG_OUT"' "$WEIR_LOG_PROGRAM" warning
expect 1 '' "$out"
: >"$out"
run "$@" sh -c 'exec "$0" "$@" 2>>"$WEIR_LOG_OUT"' "$WEIR_LOG_PROGRAM" error
expect 0 '' "$out"

# A file a rank: nothing but the warning is left for stderr.
: >"$out"
run "$@" sh -c 'exec "$0" "$@" 2>>"$WEIR_LOG_OUT"' "$WEIR_LOG_PROGRAM" info "$folder/run.log"
expect 1 '' "$out"
rank=0
while [ "$rank" -lt "$ranks" ]; do
  expect 200 "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{12} \[INFO/$rank/[^/ ]+\] $line" "$folder/run.log.$rank"
  rank=$((rank + 1))
done
expect 1 '^[^ ]+ \[WARNING/0/[^/ ]+\] the river is low$' "$folder/run.log.0"
expect 200 '' "$folder/run.log.1"
exit 0
