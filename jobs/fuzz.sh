#!/usr/bin/env bash
# Fuzzes everything that reads what people and files say, each target for SECONDS [60], one after the other. What is
# found lies in build/fuzz/found, and the inputs that reached new code in build/fuzz/corpus, where the next run goes on.
# Other arguments name the targets: jobs/fuzz.sh 600 layout options
set -euo pipefail
source "$(dirname "$0")/setup.sh"
install_packages clang libclang-rt-dev
seconds=${1:-60}
shift $(($# > 0))
build_weir fuzz weir_fuzz_programs

cd build/fuzz
names=("$@")
if [ $# = 0 ]; then
  names=()
  for program in tests/fuzz/fuzz_*; do names+=("${program##*/fuzz_}"); done
fi
failed=()
for name in "${names[@]}"; do
  mkdir -p "corpus/$name" found
  echo "$name"
  "tests/fuzz/fuzz_$name" -max_total_time="$seconds" -timeout=20 -print_final_stats=1 -artifact_prefix="found/$name-" \
    "corpus/$name" "../../tests/fuzz/seeds/$name" >"found/$name.log" 2>&1 || failed+=("$name")
  grep -E '^stat::number_of_executed_units|^SUMMARY|^does not hold' "found/$name.log" || true
done
if [ ${#failed[@]} -gt 0 ]; then
  echo "found something in ${failed[*]}: see build/fuzz/found" >&2
  exit 1
fi
