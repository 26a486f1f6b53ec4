// Row-interleaved tiles, the shape that tl1, tl2, tmac and b1i have in common:
//
//   tile t (rows 64 t .. 64 t + 63), step s (columns c s .. c s + c - 1):  b times 64 bytes, at
//   ((t * steps + s) * b + i) * 64 byte r:  byte i of the code of row 64 t + r
//
// so one vector of bytes is 64 rows of the same columns. A packing says how the c weights of one row and step
// become b bytes, and back. Padding weights, in rows and in columns, are given as zero.
#ifndef BL_PACKING_INTERLEAVED_H
#define BL_PACKING_INTERLEAVED_H

#include "common/bl_math.h"
#include "include/bitlab_kernels.h"

#include <string.h>

enum { BL_INTERLEAVED_ROWS = 64, BL_INTERLEAVED_MAX_COLUMNS = 24, BL_INTERLEAVED_MAX_BYTES = 5 };

typedef struct bl_interleaved {
  size_t step_columns;  // c
  size_t step_bytes;    // b
  void (*encode)(const int8_t *w, uint8_t *code);
  void (*decode)(const uint8_t *code, int8_t *w);
} bl_interleaved;

static inline size_t bl_interleaved_tile_bytes(const bl_interleaved *form, size_t k) {
  return bl_divide_up(k, form->step_columns) * form->step_bytes * BL_INTERLEAVED_ROWS;
}

static inline size_t bl_interleaved_packed_bytes(const bl_interleaved *form, size_t n, size_t k) {
  return bl_divide_up(n, BL_INTERLEAVED_ROWS) * bl_interleaved_tile_bytes(form, k);
}

static inline void bl_interleaved_pack(const bl_interleaved *form, size_t n, size_t k, size_t n_begin,
                                       size_t n_end, const void *w, void *packed) {
  const int8_t *weights = w;
  for (size_t row = n_begin; row < bl_round_up(n_end, BL_INTERLEAVED_ROWS); row++) {
    uint8_t *out = (uint8_t *)packed + row / BL_INTERLEAVED_ROWS * bl_interleaved_tile_bytes(form, k) +
                   row % BL_INTERLEAVED_ROWS;
    for (size_t column = 0; column < k; column += form->step_columns) {
      int8_t step[BL_INTERLEAVED_MAX_COLUMNS] = {0};
      uint8_t code[BL_INTERLEAVED_MAX_BYTES];
      if (row < n) memcpy(step, weights + row * k + column, bl_min(form->step_columns, k - column));
      form->encode(step, code);
      for (size_t i = 0; i < form->step_bytes; i++, out += BL_INTERLEAVED_ROWS) *out = code[i];
    }
  }
}

static inline void bl_interleaved_unpack(const bl_interleaved *form, size_t n, size_t k, const void *packed,
                                         void *w) {
  int8_t *weights = w;
  for (size_t row = 0; row < n; row++) {
    const uint8_t *in = (const uint8_t *)packed +
                        row / BL_INTERLEAVED_ROWS * bl_interleaved_tile_bytes(form, k) +
                        row % BL_INTERLEAVED_ROWS;
    for (size_t column = 0; column < k; column += form->step_columns) {
      int8_t step[BL_INTERLEAVED_MAX_COLUMNS];
      uint8_t code[BL_INTERLEAVED_MAX_BYTES];
      for (size_t i = 0; i < form->step_bytes; i++, in += BL_INTERLEAVED_ROWS) code[i] = *in;
      form->decode(code, step);
      memcpy(weights + row * k + column, step, bl_min(form->step_columns, k - column));
    }
  }
}

#endif
