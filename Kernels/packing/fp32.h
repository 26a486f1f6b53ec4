// fp32: IEEE binary32 weights in tiles of 16 interleaved rows (common/bl_float_tile.h, G = 1). Exact.
#ifndef BL_PACKING_FP32_H
#define BL_PACKING_FP32_H

#include "common/bl_float_tile.h"
#include "include/bitlab_kernels.h"

extern const bl_packing bl_packing_fp32;

#endif
