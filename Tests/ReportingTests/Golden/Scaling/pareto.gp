# Chips, modelled: time and energy of a token. Written by `bitlab report`; `gnuplot pareto.gp` in this folder draws it again.
if (!exists("format")) format = "svg"
set encoding utf8
if (format eq "png") {
  set terminal pngcairo size 960,904 font "sans-serif,15" fontscale 1.6 linewidth 2 pointscale 2 background "white"
} else {
  set terminal svg size 480,452 enhanced font "sans-serif,15" background "white"
}
set output "pareto." . format
set title "Chips, modelled: time and energy of a token"
set tics nomirror
set border 3
set grid linecolor "#cccccc" linewidth 0.5
set lmargin at screen 0.2
set rmargin at screen 0.95
set tmargin at screen 0.889381
set bmargin at screen 0.247788
set key at screen 0.5,0.00884956 center bottom vertical maxrows 2 samplen 2.5 width -1 font "sans-serif,14"
set xlabel "time per token (ms)"
set logscale x
set xrange [0.879756:89.6446]
set xtics ("1" 1, "2" 2, "5" 5, "10" 10, "20" 20, "50" 50)
set ylabel "energy per token (mJ)"
set logscale y
set yrange [12.35:193.993]
set ytics ("20" 20, "50" 50, "100" 100)
plot "pareto.dat" index 0 using 1:2 with points linecolor "#000000" linewidth 1.5 pointtype 5 pointsize 0.9 title "fp16-server", \
  "pareto.dat" index 1 using 1:2 with points linecolor "#009E73" linewidth 1.5 pointtype 11 pointsize 0.9 title "addsub-server", \
  "pareto.dat" index 2 using 1:2 with points linecolor "#000000" linewidth 1.5 pointtype 4 pointsize 0.9 title "fp16-edge", \
  "pareto.dat" index 3 using 1:2 with points linecolor "#D55E00" linewidth 1.5 pointtype 8 pointsize 0.9 title "lut-edge"
