# Whole commands side by side, time and memory: gnuplot -e "folder='...'" peers.gp
set terminal pngcairo size 1200,460 font "sans,12"
set output folder."/peers.png"
set multiplot layout 1,2 title "100 x 400,000 doubles from file to file, Gaussian of sigma 40, 2 cores" font ",14"
set style fill solid 0.9
set boxwidth 0.7
stats folder."/peers.dat" using 2 nooutput name "peers"
# The first line on top, and the same lines beside one another in both pictures.
set yrange [peers_records - 0.5:-0.5]
set xrange [0:*]
set grid xtics lc rgb "#dddddd"
set tics nomirror scale 0
set border 1
unset key
set lmargin 34
set rmargin 6
set xlabel "seconds, the whole command"
colour(name) = name[1:4] eq "weir" ? 0x1f77b4 : name eq "cp" ? 0x888888 : 0xff9f4a
plot folder."/peers.dat" using (0.5*$2):0:(0.5*$2):(0.35):(colour(strcol(1))):ytic(1) with boxxyerror lc rgb variable, \
     "" using 2:0:(sprintf(" %.2f", $2)) with labels left
set lmargin 4
set ytics format ""
set xlabel "MiB at most, all processes"
plot folder."/peers.dat" using (0.5*$3):0:(0.5*$3):(0.35):(colour(strcol(1))) with boxxyerror lc rgb variable, \
     "" using 3:0:(sprintf(" %.0f", $3)) with labels left
unset multiplot
