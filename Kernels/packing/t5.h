// t5: five trits in a byte, 1.6 bits per weight, rows interleaved by 64 so that one vector of bytes belongs
// to 64 rows and the same five columns.
//
//   tile t (rows 64 t .. 64 t + 63), group g (columns 5 g .. 5 g + 4):   64 bytes at (t * ceil(k / 5) + g) *
//   64 byte r of them:  v = 81 w0 + 27 w1 + 9 w2 + 3 w3 + w4  of row 64 t + r;  |v| <= 121
//                    bits 6..0 = |v|, bit 7 = 1 when v < 0
//
// The mirrored form (magnitude and sign) halves every look-up table: 122 entries fit the 128 that one
// two-register byte permute can address. Padding weights are zero. Shared by lut and mad.
#ifndef BL_PACKING_T5_H
#define BL_PACKING_T5_H

#include "common/bl_math.h"
#include "include/bitlab_kernels.h"

enum { BL_T5_ROWS = 64, BL_T5_COLUMNS = 5 };

extern const bl_packing bl_packing_t5;

static inline size_t bl_t5_groups(size_t k) {
  return bl_divide_up(k, BL_T5_COLUMNS);
}
static inline size_t bl_t5_tile_bytes(size_t k) {
  return bl_t5_groups(k) * BL_T5_ROWS;
}

#endif
