// tcsc: the columns of the nonzero weights, +1 and -1 apart, in blocks of 128 columns so that a column is one
// byte and the activations of a block stay close (blocked compressed sparse columns: arXiv 2510.06957).
// Rows are in tiles of 128, so that many rows use a block of activations while it is in cache.
//
//   bytes 0 ..          uint64_t offset[tiles + 1]: where each tile begins, and where the last one ends
//   tile (rows 128 t .. 128 t + 127), for each block (columns 128 b .. 128 b + 127):
//     256 bytes         for each row: number of +1 weights, number of -1 weights
//     then, row after row: the columns (0..127) of its +1 weights, ascending, then those of its -1 weights
//   64 bytes            zero, so that a vector may be read from the beginning of any list
//
// Padding rows have no weights. The size depends on the data: one byte per nonzero weight.
#ifndef BL_PACKING_TCSC_H
#define BL_PACKING_TCSC_H

#include "common/bl_math.h"
#include "include/bitlab_kernels.h"

enum {
  BL_TCSC_ROWS = 128,
  BL_TCSC_COLUMNS = 128,
  BL_TCSC_COUNT_BYTES = 2 * BL_TCSC_ROWS,  // of one tile and block
  BL_TCSC_END_BYTES = 64,
};

extern const bl_packing bl_packing_tcsc;

static inline size_t bl_tcsc_tiles(size_t n) {
  return bl_divide_up(n, BL_TCSC_ROWS);
}
static inline size_t bl_tcsc_blocks(size_t k) {
  return bl_divide_up(k, BL_TCSC_COLUMNS);
}
static inline size_t bl_tcsc_bytes(size_t n, size_t k, size_t nonzeros) {
  return (bl_tcsc_tiles(n) + 1) * sizeof(uint64_t) +
         bl_tcsc_tiles(n) * bl_tcsc_blocks(k) * BL_TCSC_COUNT_BYTES + nonzeros + BL_TCSC_END_BYTES;
}

// The counts and lists of a tile.
static inline const uint8_t *bl_tcsc_tile(const void *packed, size_t tile) {
  return (const uint8_t *)packed + ((const uint64_t *)packed)[tile];
}

// Nonzero weights of a packed matrix.
static inline size_t bl_tcsc_nonzeros(size_t n, size_t k, const void *packed) {
  const uint64_t end = ((const uint64_t *)packed)[bl_tcsc_tiles(n)];
  return end - (bl_tcsc_bytes(n, k, 0) - BL_TCSC_END_BYTES);
}

#endif
