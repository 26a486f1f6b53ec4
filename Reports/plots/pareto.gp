# Chips, modelled: time and energy of a token. Written by `bitlab report`; `gnuplot pareto.gp` in this folder draws it again.
if (!exists("format")) format = "svg"
set encoding utf8
if (format eq "png") {
  set terminal pngcairo size 960,1114 font "sans-serif,15" fontscale 1.6 linewidth 2 pointscale 2 background "white"
} else {
  set terminal svg size 480,557 enhanced font "sans-serif,15" background "white"
}
set output "pareto." . format
set title "Chips, modelled: time and energy of a token"
set tics nomirror
set border 3
set grid linecolor "#cccccc" linewidth 0.5
set lmargin at screen 0.2
set rmargin at screen 0.95
set tmargin at screen 0.910233
set bmargin at screen 0.389587
set key at screen 0.5,0.00718133 center bottom vertical maxrows 7 samplen 2.5 width -1 font "sans-serif,14"
set xlabel "time per token (ms)"
set logscale x
set xrange [4.09074:304.125]
set xtics ("5" 5, "10" 10, "20" 20, "50" 50, "100" 100, "200" 200)
set ylabel "energy per token (mJ)"
set logscale y
set yrange [47.872:901.664]
set ytics ("50" 50, "100" 100, "200" 200, "500" 500)
plot "pareto.dat" index 0 using 1:2 with steps linecolor "#777777" linewidth 1.5 title "best", \
  "pareto.dat" index 1 using 1:2 with points linecolor "#000000" linewidth 1.5 pointtype 5 pointsize 0.9 title "fp16-server", \
  "pareto.dat" index 2 using 1:2 with points linecolor "#56B4E9" linewidth 1.5 pointtype 7 pointsize 0.9 title "int8-server", \
  "pareto.dat" index 3 using 1:2 with points linecolor "#009E73" linewidth 1.5 pointtype 11 pointsize 0.9 title "addsub-server", \
  "pareto.dat" index 4 using 1:2 with points linecolor "#D55E00" linewidth 1.5 pointtype 9 pointsize 0.9 title "lut-server", \
  "pareto.dat" index 5 using 1:2 with points linecolor "#CC79A7" linewidth 1.5 pointtype 13 pointsize 0.9 title "bitserial-server", \
  "pareto.dat" index 6 using 1:2 with points linecolor "#B8A000" linewidth 1.5 pointtype 3 pointsize 0.9 title "popcount-server", \
  "pareto.dat" index 7 using 1:2 with points linecolor "#000000" linewidth 1.5 pointtype 4 pointsize 0.9 title "fp16-edge", \
  "pareto.dat" index 8 using 1:2 with points linecolor "#56B4E9" linewidth 1.5 pointtype 6 pointsize 0.9 title "int8-edge", \
  "pareto.dat" index 9 using 1:2 with points linecolor "#009E73" linewidth 1.5 pointtype 10 pointsize 0.9 title "addsub-edge", \
  "pareto.dat" index 10 using 1:2 with points linecolor "#D55E00" linewidth 1.5 pointtype 8 pointsize 0.9 title "lut-edge", \
  "pareto.dat" index 11 using 1:2 with points linecolor "#CC79A7" linewidth 1.5 pointtype 12 pointsize 0.9 title "bitserial-edge", \
  "pareto.dat" index 12 using 1:2 with points linecolor "#B8A000" linewidth 1.5 pointtype 2 pointsize 0.9 title "popcount-edge"
