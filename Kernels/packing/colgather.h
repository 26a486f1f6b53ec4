// colgather: two bit-planes, column by column, in tiles of 256 rows, so that one column of a tile is one
// cache line and a column whose activation is zero is never read:
//
//   tile t (rows 256 t .. 256 t + 255), column c:  64 bytes at (t * k + c) * 64
//     4 words P: bit i of word q is 1 when w[256 t + 64 q + i][c] is +1
//     4 words N: the same for -1
//
// Words are little-endian. Padding rows are 0 in both planes.
#ifndef BL_PACKING_COLGATHER_H
#define BL_PACKING_COLGATHER_H

#include "common/bl_math.h"
#include "include/bitlab_kernels.h"

enum {
  BL_COLGATHER_ROWS = 256,
  BL_COLGATHER_PLANE_WORDS = BL_COLGATHER_ROWS / 64,
  BL_COLGATHER_COLUMN_WORDS = 2 * BL_COLGATHER_PLANE_WORDS,  // P, then N
};

extern const bl_packing bl_packing_colgather;

// Words from one tile to the next.
static inline size_t bl_colgather_tile_words(size_t k) {
  return k * BL_COLGATHER_COLUMN_WORDS;
}
static inline size_t bl_colgather_bytes(size_t n, size_t k) {
  return bl_divide_up(n, BL_COLGATHER_ROWS) * bl_colgather_tile_words(k) * sizeof(uint64_t);
}

#endif
