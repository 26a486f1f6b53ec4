# Chips, modelled: one layer of bitnet-7b. Written by `bitlab report`; `gnuplot layer-time-modelled.gp` in this folder draws it again.
if (!exists("format")) format = "svg"
set encoding utf8
if (format eq "png") {
  set terminal pngcairo size 960,1146 font "sans-serif,15" fontscale 1.6 linewidth 2 pointscale 2 background "white"
} else {
  set terminal svg size 480,573 enhanced font "sans-serif,15" background "white"
}
set output "layer-time-modelled." . format
set title "Chips, modelled: one layer of bitnet-7b"
set tics nomirror
set border 3
set grid linecolor "#cccccc" linewidth 0.5
set lmargin at screen 0.04
set rmargin at screen 0.94
set tmargin at screen 0.91274
set bmargin at screen 0.195462
set key at screen 0.5,0.0069808 center bottom vertical maxrows 2 samplen 2.5 width -1 font "sans-serif,14"
set border 1
unset ytics
set grid noytics xtics
set yrange [11.5:-0.6]
set xrange [0:100]
set xlabel "share of the layer's time (%)"
set label "fp16-server, 1.19 ms" at 0,-0.3 left offset 0.2,0 front font "sans-serif,13"
set label "int8-server, 610 us" at 0,0.7 left offset 0.2,0 front font "sans-serif,13"
set label "addsub-server, 143 us" at 0,1.7 left offset 0.2,0 front font "sans-serif,13"
set label "lut-server, 148 us" at 0,2.7 left offset 0.2,0 front font "sans-serif,13"
set label "bitserial-server, 143 us" at 0,3.7 left offset 0.2,0 front font "sans-serif,13"
set label "popcount-server, 171 us" at 0,4.7 left offset 0.2,0 front font "sans-serif,13"
set label "fp16-edge, 7.17 ms" at 0,5.7 left offset 0.2,0 front font "sans-serif,13"
set label "int8-edge, 3.67 ms" at 0,6.7 left offset 0.2,0 front font "sans-serif,13"
set label "addsub-edge, 858 us" at 0,7.7 left offset 0.2,0 front font "sans-serif,13"
set label "lut-edge, 882 us" at 0,8.7 left offset 0.2,0 front font "sans-serif,13"
set label "bitserial-edge, 853 us" at 0,9.7 left offset 0.2,0 front font "sans-serif,13"
set label "popcount-edge, 1.03 ms" at 0,10.7 left offset 0.2,0 front font "sans-serif,13"
plot "layer-time-modelled.dat" using (0):1:(0):(sum [i=2:2] column(i)):($1-0.05):($1+0.4) with boxxyerror fillcolor "#0072B2" fillstyle solid border linecolor "#000000" linewidth 0.5 title "q, k, v, o", \
  "layer-time-modelled.dat" using (sum [i=2:2] column(i)):1:(sum [i=2:2] column(i)):(sum [i=2:3] column(i)):($1-0.05):($1+0.4) with boxxyerror fillcolor "#F0E442" fillstyle solid border linecolor "#000000" linewidth 0.5 title "feed-forward", \
  "layer-time-modelled.dat" using (sum [i=2:3] column(i)):1:(sum [i=2:3] column(i)):(sum [i=2:4] column(i)):($1-0.05):($1+0.4) with boxxyerror fillcolor "#D55E00" fillstyle solid border linecolor "#000000" linewidth 0.5 title "attention", \
  "layer-time-modelled.dat" using (sum [i=2:4] column(i)):1:(sum [i=2:4] column(i)):(sum [i=2:5] column(i)):($1-0.05):($1+0.4) with boxxyerror fillcolor "#56B4E9" fillstyle solid border linecolor "#000000" linewidth 0.5 title "element-wise"
