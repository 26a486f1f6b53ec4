# CPU, measured: roofline of 11008x4096. Written by `bitlab report`; `gnuplot roofline.gp` in this folder draws it again.
if (!exists("format")) format = "svg"
set encoding utf8
if (format eq "png") {
  set terminal pngcairo size 960,1030 font "sans-serif,15" fontscale 1.6 linewidth 2 pointscale 2 background "white"
} else {
  set terminal svg size 480,515 enhanced font "sans-serif,15" background "white"
}
set output "roofline." . format
set title "CPU, measured: roofline of 11008x4096"
set tics nomirror
set border 3
set grid linecolor "#cccccc" linewidth 0.5
set lmargin at screen 0.2
set rmargin at screen 0.95
set tmargin at screen 0.902913
set bmargin at screen 0.339806
set key at screen 0.5,0.00776699 center bottom vertical maxrows 5 samplen 2.5 width -1 font "sans-serif,14"
set xlabel "multiply-accumulates per byte of weights"
set logscale x
set xrange [0.192308:1331.2]
set xtics ("1" 1, "10" 10, "100" 100, "1000" 1000)
set ylabel "GMAC/s (10⁹ a second)"
set logscale y
set yrange [6.73606:1984.04]
set ytics ("10" 10, "20" 20, "50" 50, "100" 100, "200" 200, "500" 500, "1000" 1000)
plot (61.3687*x < 453.261 ? 61.3687*x : 453.261) with lines linecolor "#777777" linewidth 1.5 dashtype 1 title "int8 dot limit", \
  (61.3687*x < 117.161 ? 61.3687*x : 117.161) with lines linecolor "#777777" linewidth 1.5 dashtype 2 title "FP32 FMA limit", \
  "roofline.dat" index 0 using 1:2 with points linecolor "#009E73" linewidth 1.5 pointtype 11 pointsize 0.9 title "addsub", \
  "roofline.dat" index 1 using 1:2 with points linecolor "#CC79A7" linewidth 1.5 pointtype 13 pointsize 0.9 title "bitserial", \
  "roofline.dat" index 2 using 1:2 with points linecolor "#000000" linewidth 1.5 pointtype 5 pointsize 0.9 title "float", \
  "roofline.dat" index 3 using 1:2 with points linecolor "#56B4E9" linewidth 1.5 pointtype 7 pointsize 0.9 title "int8", \
  "roofline.dat" index 4 using 1:2 with points linecolor "#D55E00" linewidth 1.5 pointtype 9 pointsize 0.9 title "lut", \
  "roofline.dat" index 5 using 1:2 with points linecolor "#0072B2" linewidth 1.5 pointtype 7 pointsize 0.9 title "mad", \
  "roofline.dat" index 6 using 1:2 with points linecolor "#B8A000" linewidth 1.5 pointtype 3 pointsize 0.9 title "popcount", \
  "roofline.dat" index 7 using 1:2 with points linecolor "#E69F00" linewidth 1.5 pointtype 15 pointsize 0.9 title "rsr"
