#!/usr/bin/env bash
# Shows the main job: makes a recording, filters it on 2 ranks, holds the result against SciPy's, draws a picture.
# Then the same with a real recording, if one is named.
#
#   jobs/demo.sh [RECORDING.h5]
set -euo pipefail
real=${1:+$(realpath "$1")}
source "$(dirname "$0")/setup.sh"
build_weir release weir_program

weir=$PWD/build/release/weir
out=demo
mkdir -p $out
export HDF5_USE_FILE_LOCKING=FALSE

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
run() {
  printf '$ %s\n' "${*//"$PWD/build/release/"/}"
  "$@"
}

say "A synthetic recording: 100 channels x 400,000 samples of float64 at 1 kHz"
run mpirun -n 2 "$weir" synth $out/synthetic.h5 --channels 100 --duration 400s --fs 1000 --overwrite

say "A Gaussian of sigma 40 samples, 321 taps, in place in one shared window"
run mpirun -n 2 "$weir" filter $out/synthetic.h5 $out/synthetic-smooth.h5 --gaussian 40 --overwrite --report $out/synthetic.json

say "The same by SciPy, in one process"
"$weir_python" jobs/demo_compare.py $out/synthetic.h5 $out/synthetic-smooth.h5 $out/synthetic.json --sigma 40

if [ -n "$real" ]; then
  say "A real recording: $(basename "$real")"
  run "$weir" info "$real"
  run mpirun -n 2 "$weir" filter "$real" $out/real-smooth.h5 --gaussian 40ms --overwrite --report $out/real.json
  "$weir_python" jobs/demo_compare.py "$real" $out/real-smooth.h5 $out/real.json
else
  real=$out/synthetic.h5
  cp $out/synthetic-smooth.h5 $out/real-smooth.h5
  rm -f $out/real.json
fi

"$weir_python" jobs/demo_picture.py $out "$real"
say "The picture: $out/demo.png"
