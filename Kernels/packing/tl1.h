// tl1: pairs of ternary weights as 4-bit table indices, 2 bits per weight (TL1 of arXiv 2502.11880), rows
// interleaved by 64 (packing/interleaved.h), 20 columns in 5 bytes:
//
//   byte i of a step:   bits 7..4 = index of columns 4 i, 4 i + 1
//                       bits 3..0 = index of columns 4 i + 2, 4 i + 3
//   index of (w0, w1) = 3 w0 + w1 + 4 = 0..8
//
// Ten pairs are what the vector kernels add up in int8 (lut/lut_digits.h).
#ifndef BL_PACKING_TL1_H
#define BL_PACKING_TL1_H

#include "include/bitlab_kernels.h"

enum { BL_TL1_STEP_COLUMNS = 20, BL_TL1_STEP_BYTES = 5, BL_TL1_PAIR_COLUMNS = 2 };

extern const bl_packing bl_packing_tl1;

#endif
