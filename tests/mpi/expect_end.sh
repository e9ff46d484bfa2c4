#!/bin/sh
# expect_end.sh CODE LINES TEXT COMMAND...: runs the command and expects that it ends with the exit code CODE,
# that stderr has LINES lines that begin with "weir: error:", and that one of them has TEXT, unless that is "-". If
# CODE is 0 or ends with "n", the job must end by itself and not by an abort.
code=$1 lines=$2 text=$3
shift 3
normal=
case $code in
  *n) normal=yes code=${code%n} ;;
  0) normal=yes ;;
esac

messages=$(mktemp)
trap 'rm -f "$messages"' EXIT
"$@" 2>"$messages"
ended=$?
cat "$messages"

fail() {
  echo "expect_end: $1"
  exit 1
}
[ "$ended" -eq "$code" ] || fail "the exit code is $ended, not $code"
found=$(grep -c '^weir: error: ' "$messages")
[ "$found" -eq "$lines" ] || fail "there are $found error lines, not $lines"
[ "$text" = - ] || grep '^weir: error: ' "$messages" | grep -qF -- "$text" || fail "no error line has '$text'"
[ -z "$normal" ] || ! grep -qi 'MPI_ABORT' "$messages" || fail "the job was aborted"
exit 0
