# Samples a second against taps: gnuplot -e "directory='...'" kernels.gp
set terminal pngcairo size 1500,680 font "sans,12"
set output directory."/kernels.png"
set multiplot layout 1,2 title "Filtering rows of 400,000 samples in place, one core" font ",15"
set logscale xy
set xrange [13:8000]
set yrange [1e5:1e10]
set xlabel "taps"
set ylabel "samples a second"
set format y "%.0s %c"
set xtics (15, 31, 63, 127, 321, 1025, 3301, 6601)
set grid ytics lc rgb "#dddddd"
set key bottom left
do for [kind in "f64 f32"] {
  set title kind eq "f64" ? "float64" : "float32"
  data = directory."/kernels_".kind.".dat"
  plot data using 1:2 with lines lw 2 dt 2 lc rgb "#888888" title "limit of this machine", \
       data using 1:3 with lines lw 7 lc rgb "#cfe3f5" title "weir (automatic)", \
       data using 1:5 with linespoints lw 2 pt 7 lc rgb "#1f77b4" title "weir, overlap-save", \
       data using 1:4 with linespoints lw 2 pt 5 lc rgb "#2ca02c" title "weir, direct", \
       data using 1:6 with linespoints lw 2 pt 9 lc rgb "#ff7f0e" title "FFTW overlap-save", \
       data using 1:7 with linespoints lw 2 pt 11 lc rgb "#d62728" title "scipy oaconvolve", \
       data using 1:8 with linespoints lw 2 pt 13 lc rgb "#9467bd" title "scipy gaussian\\_filter1d"
}
unset multiplot
