# Memory of a model by weight format. Written by `bitlab report`; `gnuplot memory.gp` in this folder draws it again.
if (!exists("format")) format = "svg"
set encoding utf8
if (format eq "png") {
  set terminal pngcairo size 960,946 font "sans-serif,15" fontscale 1.6 linewidth 2 pointscale 2 background "white"
} else {
  set terminal svg size 480,473 enhanced font "sans-serif,15" background "white"
}
set output "memory." . format
set title "Memory of a model by weight format"
set tics nomirror
set border 3
set grid linecolor "#cccccc" linewidth 0.5
set lmargin at screen 0.2
set rmargin at screen 0.95
set tmargin at screen 0.894292
set bmargin at screen 0.281184
set key at screen 0.5,0.00845666 center bottom vertical maxrows 3 samplen 2.5 width -1 font "sans-serif,14"
set xlabel "parameters (10⁹)"
set logscale x
set xrange [0.560486:130.628]
set xtics ("1" 1, "2" 2, "5" 5, "10" 10, "20" 20, "50" 50, "100" 100)
set ylabel "memory (GB)"
set logscale y
set yrange [0.238233:262.826]
set ytics ("1" 1, "10" 10, "100" 100)
plot 25.2765 with lines linecolor "#777777" dashtype 2 title "this machine", \
  "memory.dat" index 0 using 1:2 with linespoints linecolor "#000000" linewidth 2 dashtype 1 pointtype 5 pointsize 0.7 title "FP16", \
  "memory.dat" index 1 using 1:2 with linespoints linecolor "#56B4E9" linewidth 2 dashtype 4 pointtype 7 pointsize 0.7 title "int8", \
  "memory.dat" index 2 using 1:2 with linespoints linecolor "#0072B2" linewidth 2 dashtype 1 pointtype 7 pointsize 0.7 title "2 bit (i2s)", \
  "memory.dat" index 3 using 1:2 with linespoints linecolor "#D55E00" linewidth 2 dashtype 2 pointtype 9 pointsize 0.7 title "1.6 bit (t5)"
