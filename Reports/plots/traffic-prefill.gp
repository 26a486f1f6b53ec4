# Chips, modelled: DRAM traffic, prefill. Written by `bitlab report`; `gnuplot traffic-prefill.gp` in this folder draws it again.
if (!exists("format")) format = "svg"
set encoding utf8
if (format eq "png") {
  set terminal pngcairo size 960,1146 font "sans-serif,15" fontscale 1.6 linewidth 2 pointscale 2 background "white"
} else {
  set terminal svg size 480,573 enhanced font "sans-serif,15" background "white"
}
set output "traffic-prefill." . format
set title "Chips, modelled: DRAM traffic, prefill"
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
set xrange [0:*]
set xlabel "DRAM traffic per token (MB)"
set label "fp16-server, 119 MB" at 0,-0.3 left offset 0.2,0 front font "sans-serif,13"
set label "int8-server, 62.3 MB" at 0,0.7 left offset 0.2,0 front font "sans-serif,13"
set label "addsub-server, 17.6 MB" at 0,1.7 left offset 0.2,0 front font "sans-serif,13"
set label "lut-server, 22.8 MB" at 0,2.7 left offset 0.2,0 front font "sans-serif,13"
set label "bitserial-server, 22.2 MB" at 0,3.7 left offset 0.2,0 front font "sans-serif,13"
set label "popcount-server, 18.5 MB" at 0,4.7 left offset 0.2,0 front font "sans-serif,13"
set label "fp16-edge, 233 MB" at 0,5.7 left offset 0.2,0 front font "sans-serif,13"
set label "int8-edge, 119 MB" at 0,6.7 left offset 0.2,0 front font "sans-serif,13"
set label "addsub-edge, 51.6 MB" at 0,7.7 left offset 0.2,0 front font "sans-serif,13"
set label "lut-edge, 51.8 MB" at 0,8.7 left offset 0.2,0 front font "sans-serif,13"
set label "bitserial-edge, 50.1 MB" at 0,9.7 left offset 0.2,0 front font "sans-serif,13"
set label "popcount-edge, 33.3 MB" at 0,10.7 left offset 0.2,0 front font "sans-serif,13"
plot "traffic-prefill.dat" using (0):1:(0):(sum [i=2:2] column(i)):($1-0.05):($1+0.4) with boxxyerror fillcolor "#0072B2" fillstyle solid border linecolor "#000000" linewidth 0.5 title "weights", \
  "traffic-prefill.dat" using (sum [i=2:2] column(i)):1:(sum [i=2:2] column(i)):(sum [i=2:3] column(i)):($1-0.05):($1+0.4) with boxxyerror fillcolor "#F0E442" fillstyle solid border linecolor "#000000" linewidth 0.5 title "activations", \
  "traffic-prefill.dat" using (sum [i=2:3] column(i)):1:(sum [i=2:3] column(i)):(sum [i=2:4] column(i)):($1-0.05):($1+0.4) with boxxyerror fillcolor "#D55E00" fillstyle solid border linecolor "#000000" linewidth 0.5 title "outputs", \
  "traffic-prefill.dat" using (sum [i=2:4] column(i)):1:(sum [i=2:4] column(i)):(sum [i=2:5] column(i)):($1-0.05):($1+0.4) with boxxyerror fillcolor "#56B4E9" fillstyle solid border linecolor "#000000" linewidth 0.5 title "key-value cache"
