#!/usr/bin/env bash
# Compiles the filters for AArch64 and runs the unit tests of what differs there, kernels and resampling, under qemu: minutes,
# since it emulates the tests' long double too. Says so and does nothing else where the compiler
# or qemu is missing: apt-get install g++-aarch64-linux-gnu qemu-user-static googletest. Arguments go to ctest.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
for program in aarch64-linux-gnu-g++ qemu-aarch64-static; do
  if ! command -v "$program" >/dev/null; then
    echo "skipped: $program is not here; apt-get install g++-aarch64-linux-gnu qemu-user-static googletest" >&2
    exit 0
  fi
done
if [ ! -e /usr/src/googletest/CMakeLists.txt ]; then
  echo "skipped: /usr/src/googletest is not here; apt-get install googletest" >&2
  exit 0
fi
cmake -S tests/aarch64 -B build/aarch64 -G Ninja -DCMAKE_BUILD_TYPE=Release >/dev/null
cmake --build build/aarch64
ctest --test-dir build/aarch64 --output-on-failure -R "kernels|resampler" -j "$(nproc)" "$@"
