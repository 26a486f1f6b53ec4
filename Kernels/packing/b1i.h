// b1i: one bit per binary (+1/-1) weight, in nibbles of four columns for look-up, rows interleaved by 64
// (packing/interleaved.h), 24 columns in 3 bytes:
//
//   bit j of byte i of a step = 1 when the weight of column 8 i + j is +1
//
// Padding bits are 0, that is -1: padded columns must meet zero activations. Six nibbles are what the vector
// kernels add up in int8 (lut/lut_digits.h).
#ifndef BL_PACKING_B1I_H
#define BL_PACKING_B1I_H

#include "include/bitlab_kernels.h"

enum { BL_B1I_STEP_COLUMNS = 24, BL_B1I_STEP_BYTES = 3, BL_B1I_GROUP_COLUMNS = 4 };

extern const bl_packing bl_packing_b1i;

#endif
