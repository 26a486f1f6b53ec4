// How a look-up of 8-bit activations fits byte permutes: every table entry T is split into two int8 digits in
// radix 25,
//
//   T = low + 25 * high,    high = round(T / 25),    |low| <= 12,
//
// so that one byte permute per digit looks a row up, and the digits of several look-ups add in int8 before
// one vpmaddubsw by (1, 25) puts them together exactly, as int16. Radix 25 because it balances the two
// digits' room in int8 for every packing of the family (the largest |T| is 128 times the columns of a group):
//
//   packing  group           |low|   |high|        look-ups added in int8   columns
//   tl1      2 columns       12      256/25: 10    10                       20
//   tl2      3 columns       12      384/25: 15    8                        24
//   b1i      4 columns       12      512/25: 20    6                        24
//   tmac     4 columns: P-N  24      21            5 pairs                  20
//   t5       5 columns: 3+2  24      15 + 10       5                        25
//
// (tmac: P and N never both select a column, so the true difference is at most 512 and its rounded high
// digits differ by at most 512/25 + 1. t5: an entry is the sum of the digits of a triple and of a pair.)
// Splitting the activations into two 4-bit halves, the usual way, gives 3 look-ups for t5 where this gives 5:
// the unpack, multiply and add per batch cost less, and the tables are built from two short ones.
#ifndef BL_LUT_DIGITS_H
#define BL_LUT_DIGITS_H

enum {
  BL_LUT_RADIX = 25,
  // vpmulhrsw by this rounds T / 25 to nearest for all |T| <= 1000: 32768 / 1311 is 24.9947, the error of the
  // quotient at 1000 is 0.0085, and no integer is nearer than 0.02 to a rounding boundary of odd radix.
  BL_LUT_RECIPROCAL = 1311,
};

#endif
