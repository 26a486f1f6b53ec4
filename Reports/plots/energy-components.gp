# Chips, modelled: where the energy goes. Written by `bitlab report`; `gnuplot energy-components.gp` in this folder draws it again.
if (!exists("format")) format = "svg"
set encoding utf8
if (format eq "png") {
  set terminal pngcairo size 960,2140 font "sans-serif,15" fontscale 1.6 linewidth 2 pointscale 2 background "white"
} else {
  set terminal svg size 480,1070 enhanced font "sans-serif,15" background "white"
}
set output "energy-components." . format
set title "Chips, modelled: where the energy goes"
set tics nomirror
set border 3
set grid linecolor "#cccccc" linewidth 0.5
set lmargin at screen 0.04
set rmargin at screen 0.94
set tmargin at screen 0.953271
set bmargin at screen 0.124299
set key at screen 0.5,0.00373832 center bottom vertical maxrows 3 samplen 2.5 width -1 font "sans-serif,14"
set border 1
unset ytics
set grid noytics xtics
set yrange [25.5:-0.6]
set xrange [0:*]
set xlabel "energy per token and parameter (pJ)"
set label "bitnet-700m, fp16-server, 54.1 mJ" at 0,-0.3 left offset 0.2,0 front font "sans-serif,13"
set label "bitnet-700m, addsub-server, 10.3 mJ" at 0,0.7 left offset 0.2,0 front font "sans-serif,13"
set label "bitnet-1.3b, fp16-server, 93.4 mJ" at 0,2.1 left offset 0.2,0 front font "sans-serif,13"
set label "bitnet-1.3b, addsub-server, 15.8 mJ" at 0,3.1 left offset 0.2,0 front font "sans-serif,13"
set label "bitnet-2b4t, fp16-server, 172 mJ" at 0,4.5 left offset 0.2,0 front font "sans-serif,13"
set label "bitnet-2b4t, addsub-server, 36.6 mJ" at 0,5.5 left offset 0.2,0 front font "sans-serif,13"
set label "bitnet-3b, fp16-server, 241 mJ" at 0,6.9 left offset 0.2,0 front font "sans-serif,13"
set label "bitnet-3b, addsub-server, 34.5 mJ" at 0,7.9 left offset 0.2,0 front font "sans-serif,13"
set label "bitnet-3.9b, fp16-server, 286 mJ" at 0,9.3 left offset 0.2,0 front font "sans-serif,13"
set label "bitnet-3.9b, addsub-server, 39.9 mJ" at 0,10.3 left offset 0.2,0 front font "sans-serif,13"
set label "bitnet-7b, fp16-server, 476 mJ" at 0,11.7 left offset 0.2,0 front font "sans-serif,13"
set label "bitnet-7b, addsub-server, 62.2 mJ" at 0,12.7 left offset 0.2,0 front font "sans-serif,13"
set label "bitnet-13b, fp16-server, 923 mJ" at 0,14.1 left offset 0.2,0 front font "sans-serif,13"
set label "bitnet-13b, addsub-server, 113 mJ" at 0,15.1 left offset 0.2,0 front font "sans-serif,13"
set label "bitnet-30b, fp16-server, 2.31 J" at 0,16.5 left offset 0.2,0 front font "sans-serif,13"
set label "bitnet-30b, addsub-server, 264 mJ" at 0,17.5 left offset 0.2,0 front font "sans-serif,13"
set label "bitnet-70b-mha, fp16-server, 4.64 J" at 0,18.9 left offset 0.2,0 front font "sans-serif,13"
set label "bitnet-70b-mha, addsub-server, 513 mJ" at 0,19.9 left offset 0.2,0 front font "sans-serif,13"
set label "bitnet-70b-gqa, fp16-server, 4.87 J" at 0,21.3 left offset 0.2,0 front font "sans-serif,13"
set label "bitnet-70b-gqa, addsub-server, 502 mJ" at 0,22.3 left offset 0.2,0 front font "sans-serif,13"
set label "bitnet-100b, fp16-server, 7.13 J" at 0,23.7 left offset 0.2,0 front font "sans-serif,13"
set label "bitnet-100b, addsub-server, 756 mJ" at 0,24.7 left offset 0.2,0 front font "sans-serif,13"
plot "energy-components.dat" using (0):1:(0):(sum [i=2:2] column(i)):($1-0.05):($1+0.4) with boxxyerror fillcolor "#0072B2" fillstyle solid border linecolor "#000000" linewidth 0.5 title "DRAM, weights", \
  "energy-components.dat" using (sum [i=2:2] column(i)):1:(sum [i=2:2] column(i)):(sum [i=2:3] column(i)):($1-0.05):($1+0.4) with boxxyerror fillcolor "#F0E442" fillstyle solid border linecolor "#000000" linewidth 0.5 title "DRAM, other", \
  "energy-components.dat" using (sum [i=2:3] column(i)):1:(sum [i=2:3] column(i)):(sum [i=2:4] column(i)):($1-0.05):($1+0.4) with boxxyerror fillcolor "#D55E00" fillstyle solid border linecolor "#000000" linewidth 0.5 title "buffers", \
  "energy-components.dat" using (sum [i=2:4] column(i)):1:(sum [i=2:4] column(i)):(sum [i=2:5] column(i)):($1-0.05):($1+0.4) with boxxyerror fillcolor "#56B4E9" fillstyle solid border linecolor "#000000" linewidth 0.5 title "array", \
  "energy-components.dat" using (sum [i=2:5] column(i)):1:(sum [i=2:5] column(i)):(sum [i=2:6] column(i)):($1-0.05):($1+0.4) with boxxyerror fillcolor "#333333" fillstyle solid border linecolor "#000000" linewidth 0.5 title "vector unit", \
  "energy-components.dat" using (sum [i=2:6] column(i)):1:(sum [i=2:6] column(i)):(sum [i=2:7] column(i)):($1-0.05):($1+0.4) with boxxyerror fillcolor "#DDDDDD" fillstyle solid border linecolor "#000000" linewidth 0.5 title "leakage and links"
