# CPU, measured: decode, times faster than FP16. Written by `bitlab report`; `gnuplot speedup-decode.gp` in this folder draws it again.
if (!exists("format")) format = "svg"
set encoding utf8
if (format eq "png") {
  set terminal pngcairo size 960,946 font "sans-serif,15" fontscale 1.6 linewidth 2 pointscale 2 background "white"
} else {
  set terminal svg size 480,473 enhanced font "sans-serif,15" background "white"
}
set output "speedup-decode." . format
set title "CPU, measured: decode, times faster than FP16"
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
set ylabel "speed-up over FP16"
set yrange [0:*]
plot 1 with lines linecolor "#000000" dashtype 2 title "FP16", \
  "speedup-decode.dat" index 0 using 1:2 with linespoints linecolor "#0072B2" linewidth 2 dashtype 1 pointtype 7 pointsize 0.7 title "mad", \
  "speedup-decode.dat" index 1 using 1:2 with linespoints linecolor "#D55E00" linewidth 2 dashtype 2 pointtype 9 pointsize 0.7 title "lut", \
  "speedup-decode.dat" index 2 using 1:2 with linespoints linecolor "#CC79A7" linewidth 2 dashtype 3 pointtype 13 pointsize 0.7 title "bitserial", \
  "speedup-decode.dat" index 3 using 1:2 with linespoints linecolor "#009E73" linewidth 2 dashtype 4 pointtype 11 pointsize 0.7 title "addsub", \
  "speedup-decode.dat" index 4 using 1:2 with linespoints linecolor "#E69F00" linewidth 2 dashtype 5 pointtype 15 pointsize 0.7 title "rsr"
