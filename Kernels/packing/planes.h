// planes: two bit-planes per row, P (weight is +1) and N (weight is -1), in alternating 64-bit words:
//
//   row r:  P[0..63] N[0..63] P[64..127] N[64..127] ...      ceil(k / 64) pairs, 16 bytes each
//
// Bit i of pair j belongs to w[r][64 j + i], little-endian. Padding bits are 0 in both planes, so padded
// columns add nothing. Shared by the addsub, bitserial and popcount families.
#ifndef BL_PACKING_PLANES_H
#define BL_PACKING_PLANES_H

#include "common/bl_math.h"
#include "include/bitlab_kernels.h"

extern const bl_packing bl_packing_planes;

// Pairs of words in one row: words from one row to the next are twice that.
static inline size_t bl_planes_row_pairs(size_t k) {
  return bl_divide_up(k, 64);
}

#endif
