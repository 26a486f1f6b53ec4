// The layout shared by the float packings: 16 rows interleaved, so that one vector holds the weights of
// neighbouring rows in one column, sums stay apart until they are stored, and a tile is one long stream.
//
//   tile t (rows 16 t .. 16 t + 15), k_padded = k rounded up to 8, G = columns kept together (1, or 2 in
//   bf16)
//
//   columns 0 .. G - 1                                 columns G .. 2 G - 1
//   | row 0: G weights | row 1 | ... | row 15 |        | row 0: G weights | row 1 | ... | row 15 |  ...
//
//   weight (row, column) is element  t * 16 * k_padded + ((column / G) * 16 + row % 16) * G + column % G
//
// Padding rows and columns are zero. Every tile starts at a multiple of 64 bytes, and so does every vector of
// 16 rows in fp32 and bf16.
#ifndef BL_FLOAT_TILE_H
#define BL_FLOAT_TILE_H

#include "common/bl_math.h"

#include <string.h>

enum { BL_FLOAT_ROWS = 16, BL_FLOAT_COLUMNS = 8 };

static inline size_t bl_float_padded_rows(size_t n) {
  return bl_round_up(n, BL_FLOAT_ROWS);
}
static inline size_t bl_float_padded_columns(size_t k) {
  return bl_round_up(k, BL_FLOAT_COLUMNS);
}

static inline size_t bl_float_tile_element(size_t row, size_t column, size_t k, size_t together) {
  const size_t tile = row / BL_FLOAT_ROWS * BL_FLOAT_ROWS * bl_float_padded_columns(k);
  return tile + (column / together * BL_FLOAT_ROWS + row % BL_FLOAT_ROWS) * together + column % together;
}

// Packs rows n_begin to n_end, converting each weight with `narrow` (a constant, so that it is inlined).
static inline __attribute__((always_inline)) void bl_float_tile_pack(size_t n, size_t k, size_t n_begin,
                                                                     size_t n_end, const float *w,
                                                                     void *packed, size_t weight_bytes,
                                                                     size_t together,
                                                                     void (*narrow)(float, void *)) {
  for (size_t tile = n_begin; tile < n_end; tile += BL_FLOAT_ROWS) {
    for (size_t column = 0; column < bl_float_padded_columns(k); column++) {
      for (size_t row = tile; row < tile + BL_FLOAT_ROWS; row++) {
        const float weight = row < n && column < k ? w[row * k + column] : 0;
        narrow(weight, (char *)packed + bl_float_tile_element(row, column, k, together) * weight_bytes);
      }
    }
  }
}

// The inverse, with `widen` for each weight.
static inline __attribute__((always_inline)) void bl_float_tile_unpack(size_t n, size_t k, const void *packed,
                                                                       float *w, size_t weight_bytes,
                                                                       size_t together,
                                                                       float (*widen)(const void *)) {
  for (size_t row = 0; row < n; row++) {
    for (size_t column = 0; column < k; column++) {
      const size_t element = bl_float_tile_element(row, column, k, together);
      w[row * k + column] = widen((const char *)packed + element * weight_bytes);
    }
  }
}

#endif
