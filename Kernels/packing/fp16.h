// fp16: IEEE binary16 weights in tiles of 16 interleaved rows (common/bl_float_tile.h, G = 1).
//
// Weights are rounded to nearest, ties to even: relative error up to 2^-11 for magnitudes from 2^-14 to
// 65504, the range this packing is for. Smaller ones are kept to within 2^-25 absolute, 65520 and more become
// infinite.
#ifndef BL_PACKING_FP16_H
#define BL_PACKING_FP16_H

#include "common/bl_float_tile.h"
#include "include/bitlab_kernels.h"

extern const bl_packing bl_packing_fp16;

#endif
