// bf16: bfloat16 weights in tiles of 16 interleaved rows (common/bl_float_tile.h, G = 2).
//
// Two columns of a row share 32 bits, the even one in the lower half: the operand of vdpbf16ps, and widened
// to float by one shift or one mask. Weights are rounded to nearest, ties to even: relative error up to 2^-8
// over the range of float (subnormals, below 2^-126, may count as zero).
#ifndef BL_PACKING_BF16_H
#define BL_PACKING_BF16_H

#include "common/bl_float_tile.h"
#include "include/bitlab_kernels.h"

enum { BL_BF16_TOGETHER = 2 };

extern const bl_packing bl_packing_bf16;

#endif
