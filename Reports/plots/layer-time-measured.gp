# CPU, measured: one layer of bitnet-7b. Written by `bitlab report`; `gnuplot layer-time-measured.gp` in this folder draws it again.
if (!exists("format")) format = "svg"
set encoding utf8
if (format eq "png") {
  set terminal pngcairo size 960,738 font "sans-serif,15" fontscale 1.6 linewidth 2 pointscale 2 background "white"
} else {
  set terminal svg size 480,369 enhanced font "sans-serif,15" background "white"
}
set output "layer-time-measured." . format
set title "CPU, measured: one layer of bitnet-7b"
set tics nomirror
set border 3
set grid linecolor "#cccccc" linewidth 0.5
set lmargin at screen 0.04
set rmargin at screen 0.94
set tmargin at screen 0.864499
set bmargin at screen 0.303523
set key at screen 0.5,0.0108401 center bottom vertical maxrows 2 samplen 2.5 width -1 font "sans-serif,14"
set border 1
unset ytics
set grid noytics xtics
set yrange [5.5:-0.6]
set xrange [0:*]
set xlabel "time (ms)"
set label "float-fp16-avx512, 9.82 ms" at 0,-0.3 left offset 0.2,0 front font "sans-serif,13"
set label "mad-t5-avx512vbmi, 1.19 ms" at 0,0.7 left offset 0.2,0 front font "sans-serif,13"
set label "lut-t5-avx512vbmi, 1.22 ms" at 0,1.7 left offset 0.2,0 front font "sans-serif,13"
set label "bitserial-planes-avx512vpopcntdq, 1.46 ms" at 0,2.7 left offset 0.2,0 front font "sans-serif,13"
set label "addsub-planes-avx512, 1.78 ms" at 0,3.7 left offset 0.2,0 front font "sans-serif,13"
set label "rsr-rsr-avx512vbmi, 3.21 ms" at 0,4.7 left offset 0.2,0 front font "sans-serif,13"
plot "layer-time-measured.dat" using (0):1:(0):(sum [i=2:2] column(i)):($1-0.05):($1+0.4) with boxxyerror fillcolor "#0072B2" fillstyle solid border linecolor "#000000" linewidth 0.5 title "q, k, v, o", \
  "layer-time-measured.dat" using (sum [i=2:2] column(i)):1:(sum [i=2:2] column(i)):(sum [i=2:3] column(i)):($1-0.05):($1+0.4) with boxxyerror fillcolor "#F0E442" fillstyle solid border linecolor "#000000" linewidth 0.5 title "gate, up", \
  "layer-time-measured.dat" using (sum [i=2:3] column(i)):1:(sum [i=2:3] column(i)):(sum [i=2:4] column(i)):($1-0.05):($1+0.4) with boxxyerror fillcolor "#D55E00" fillstyle solid border linecolor "#000000" linewidth 0.5 title "down"
