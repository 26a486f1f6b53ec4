// tl2: triples of ternary weights as mirrored 4-bit table indices and a sign, 5/3 bits per weight (TL2 of
// arXiv 2502.11880), rows interleaved by 64 (packing/interleaved.h), 24 columns in 5 bytes:
//
//   byte i = 0..3 of a step:   bits 7..4 = |v| of columns 6 i .. 6 i + 2
//                              bits 3..0 = |v| of columns 6 i + 3 .. 6 i + 5
//   byte 4:                    bit 7 - t = 1 when v < 0 for triple t = 0..7
//   v of (w0, w1, w2) = 9 w0 + 3 w1 + w2,  |v| = 0..13
//
// Eight triples are what the vector kernels add up in int8 (lut/lut_digits.h). The original keeps signs in
// 16-bit words and leaves a remainder of K in TL1; padding to 24 columns needs no second form.
#ifndef BL_PACKING_TL2_H
#define BL_PACKING_TL2_H

#include "include/bitlab_kernels.h"

enum {
  BL_TL2_STEP_COLUMNS = 24,
  BL_TL2_INDEX_BYTES = 4,  // of a step
  BL_TL2_STEP_BYTES = 5,
  BL_TL2_STEP_TRIPLES = 8,
  BL_TL2_TRIPLE_COLUMNS = 3,
};

extern const bl_packing bl_packing_tl2;

#endif
