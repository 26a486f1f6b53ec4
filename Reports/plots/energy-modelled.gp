# Chips, modelled: energy of a token. Written by `bitlab report`; `gnuplot energy-modelled.gp` in this folder draws it again.
if (!exists("format")) format = "svg"
set encoding utf8
if (format eq "png") {
  set terminal pngcairo size 960,1072 font "sans-serif,15" fontscale 1.6 linewidth 2 pointscale 2 background "white"
} else {
  set terminal svg size 480,536 enhanced font "sans-serif,15" background "white"
}
set output "energy-modelled." . format
set title "Chips, modelled: energy of a token"
set tics nomirror
set border 3
set grid linecolor "#cccccc" linewidth 0.5
set lmargin at screen 0.2
set rmargin at screen 0.95
set tmargin at screen 0.906716
set bmargin at screen 0.365672
set key at screen 0.5,0.00746269 center bottom vertical maxrows 6 samplen 2.5 width -1 font "sans-serif,14"
set xlabel "parameters (10⁹)"
set logscale x
set xrange [0.560486:130.628]
set xtics ("1" 1, "2" 2, "5" 5, "10" 10, "20" 20, "50" 50, "100" 100)
set ylabel "energy per token (mJ)"
set logscale y
set yrange [7.90625:13495.3]
set ytics ("10" 10, "100" 100, "1000" 1000, "10000" 10000)
plot "energy-modelled.dat" index 0 using 1:2 with linespoints linecolor "#000000" linewidth 2 dashtype 1 pointtype 5 pointsize 0.7 title "fp16-server", \
  "energy-modelled.dat" index 1 using 1:2 with linespoints linecolor "#56B4E9" linewidth 2 dashtype 4 pointtype 7 pointsize 0.7 title "int8-server", \
  "energy-modelled.dat" index 2 using 1:2 with linespoints linecolor "#009E73" linewidth 2 dashtype 4 pointtype 11 pointsize 0.7 title "addsub-server", \
  "energy-modelled.dat" index 3 using 1:2 with linespoints linecolor "#D55E00" linewidth 2 dashtype 2 pointtype 9 pointsize 0.7 title "lut-server", \
  "energy-modelled.dat" index 4 using 1:2 with linespoints linecolor "#CC79A7" linewidth 2 dashtype 3 pointtype 13 pointsize 0.7 title "bitserial-server", \
  "energy-modelled.dat" index 5 using 1:2 with linespoints linecolor "#B8A000" linewidth 2 dashtype 2 pointtype 3 pointsize 0.7 title "popcount-server", \
  "energy-modelled.dat" index 6 using 1:2 with linespoints linecolor "#000000" linewidth 2 dashtype 1 pointtype 4 pointsize 0.7 title "fp16-edge", \
  "energy-modelled.dat" index 7 using 1:2 with linespoints linecolor "#56B4E9" linewidth 2 dashtype 4 pointtype 6 pointsize 0.7 title "int8-edge", \
  "energy-modelled.dat" index 8 using 1:2 with linespoints linecolor "#009E73" linewidth 2 dashtype 4 pointtype 10 pointsize 0.7 title "addsub-edge", \
  "energy-modelled.dat" index 9 using 1:2 with linespoints linecolor "#D55E00" linewidth 2 dashtype 2 pointtype 8 pointsize 0.7 title "lut-edge", \
  "energy-modelled.dat" index 10 using 1:2 with linespoints linecolor "#CC79A7" linewidth 2 dashtype 3 pointtype 12 pointsize 0.7 title "bitserial-edge", \
  "energy-modelled.dat" index 11 using 1:2 with linespoints linecolor "#B8A000" linewidth 2 dashtype 2 pointtype 2 pointsize 0.7 title "popcount-edge"
