// tmac: two bit-planes in nibbles of four columns, 2 bits per weight, for bit-wise look-up (T-MAC, arXiv
// 2407.00088), rows interleaved by 64 (packing/interleaved.h), 20 columns in 5 bytes:
//
//   byte i of a step:   bit j     = 1 when the weight of column 4 i + j is +1    (plane P, bits 3..0)
//                       bit 4 + j = 1 when the weight of column 4 i + j is -1    (plane N, bits 7..4)
//
// T-MAC sums c_b * sum over groups of LUT[plane b] over the planes b of any integer code. For ternary weights
// the planes P and N with c = +1, -1 need as many look-ups as the binary places of w + 1 with c = 1, 2, but
// no scaling of planes and no correction by the sum of activations.
// Five groups of both planes are what the vector kernels add up in int8 (lut/lut_digits.h).
#ifndef BL_PACKING_TMAC_H
#define BL_PACKING_TMAC_H

#include "include/bitlab_kernels.h"

enum { BL_TMAC_STEP_COLUMNS = 20, BL_TMAC_STEP_BYTES = 5, BL_TMAC_GROUP_COLUMNS = 4 };

extern const bl_packing bl_packing_tmac;

#endif
