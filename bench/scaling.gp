# Speed-up, efficiency, throughput and phases by ranks: gnuplot -e "folder='...'" scaling.gp
set terminal pngcairo size 1300,900 font "sans,12"
set output folder."/scaling.png"
set multiplot layout 2,2 title "weir filter, the whole command" font ",15"
set grid ytics lc rgb "#dddddd"
set xlabel "ranks"
set xrange [0:*]
set yrange [0:*]
set xtics 0,1
stats folder."/strong.dat" using 1 nooutput name "ranks"
if (ranks_max > 16) set xtics autofreq
set key top left
set title "speed-up of one recording"
plot x with lines dt 2 lc rgb "#888888" title "ideal", \
     folder."/strong.dat" using 1:2 with linespoints lw 2 pt 7 lc rgb "#1f77b4" title "weir"
set key bottom left
set title "efficiency"
plot 1 with lines dt 2 lc rgb "#888888" title "ideal", \
     folder."/strong.dat" using 1:3 with linespoints lw 2 pt 7 lc rgb "#1f77b4" title "strong", \
     folder."/weak.dat" using 1:3 with linespoints lw 2 pt 5 lc rgb "#2ca02c" title "weak"
set key top left
set title "throughput, GB/s of samples; the limit is a sixth of the triad's bandwidth"
plot folder."/strong.dat" using 1:($5/6e9) with linespoints lw 2 dt 2 pt 6 lc rgb "#888888" title "memory's limit", \
     folder."/strong.dat" using 1:($4/1e9) with linespoints lw 2 pt 7 lc rgb "#1f77b4" title "strong", \
     folder."/weak.dat" using 1:($4/1e9) with linespoints lw 2 pt 5 lc rgb "#2ca02c" title "weak"
set title "where the time goes, seconds"
set style data histograms
set style histogram rowstacked
set style fill solid 0.85 border -1
set boxwidth 0.6
set xrange [-0.7:*]
colours = "#bbbbbb #999999 #777777 #c5b0d5 #9467bd #1f77b4 #2ca02c #ff7f0e #ffdd77 #d62728 #8c564b #555555"
set key outside right reverse Left
unset xtics
set xtics nomirror
plot for [column = 2:13] folder."/phases.dat" using column:xtic(1) title columnheader(column) lc rgb word(colours, column - 1)
unset multiplot
