// The multiplication shared by the portable float kernels, written so that a compiler finds the vectors: the
// 16 rows of a tile are the inner loop. A chunk of a tile is made float once and used for all tokens, two at
// a time.
//
// A kernel file includes this file after
//   enum { COLUMN_BYTES };   bytes of one column in a packed tile of 16 rows
//   const float *float_columns(const uint8_t *packed, size_t columns, float *panel)
//                            these columns as float [column][16]: a copy made in `panel`, or `packed` itself
// and gets prepare(), prepared_bytes(), workspace_bytes() and multiply().
#ifndef BL_FLOAT_SCALAR_H
#define BL_FLOAT_SCALAR_H

#include "common/bl_count.h"
#include "common/bl_math.h"
#include "float/float_cost.h"

#include <string.h>

enum { CHUNK_COLUMNS = 128 };  // 8 KiB as float: stays in any L1 cache for all tokens

static size_t prepared_bytes(size_t m, size_t k) {
  return bl_float_prepared_bytes(m, k);
}

static void prepare(const bl_prepare_task *task) {
  const size_t k = task->k, columns = bl_float_padded_columns(k);
  for (size_t token = task->m_begin; token < task->m_end; token++) {
    float *out = (float *)task->prepared + token * columns;
    memcpy(out, (const float *)task->x + token * k, k * sizeof(float));
    memset(out + k, 0, (columns - k) * sizeof(float));
  }
}

static size_t workspace_bytes(size_t m, size_t n, size_t k) {
  (void)m, (void)n, (void)k;
  return CHUNK_COLUMNS * BL_FLOAT_ROWS * sizeof(float);
}

// sums[row] += w[column][row] * x[column]
static void add_columns(const float *w, size_t columns, const float *x, float *sums) {
  float s[BL_FLOAT_ROWS];
  memcpy(s, sums, sizeof s);
  for (size_t column = 0; column < columns; column++)
    for (size_t row = 0; row < BL_FLOAT_ROWS; row++) s[row] += w[column * BL_FLOAT_ROWS + row] * x[column];
  memcpy(sums, s, sizeof s);
  BL_COUNT(multiplies, columns * BL_FLOAT_ROWS);
  BL_COUNT(adds, columns * BL_FLOAT_ROWS);
}

// The same for two tokens, which share the loads of w.
static void add_columns_twice(const float *w, size_t columns, const float *x0, const float *x1, float *sums0,
                              float *sums1) {
  float s0[BL_FLOAT_ROWS], s1[BL_FLOAT_ROWS];
  memcpy(s0, sums0, sizeof s0);
  memcpy(s1, sums1, sizeof s1);
  for (size_t column = 0; column < columns; column++) {
    for (size_t row = 0; row < BL_FLOAT_ROWS; row++) {
      s0[row] += w[column * BL_FLOAT_ROWS + row] * x0[column];
      s1[row] += w[column * BL_FLOAT_ROWS + row] * x1[column];
    }
  }
  memcpy(sums0, s0, sizeof s0);
  memcpy(sums1, s1, sizeof s1);
  BL_COUNT(multiplies, 2 * columns * BL_FLOAT_ROWS);
  BL_COUNT(adds, 2 * columns * BL_FLOAT_ROWS);
}

// y of the rows that exist, or zero before the first chunk.
static void load_sums(const float *y, size_t rows, bool first, float *sums) {
  memset(sums, 0, BL_FLOAT_ROWS * sizeof(float));
  if (!first) memcpy(sums, y, rows * sizeof(float));
}

static void multiply(const bl_multiply_task *task) {
  const size_t columns = bl_float_padded_columns(task->k);
  for (size_t row = task->n_begin; row < task->n_end; row += BL_FLOAT_ROWS) {
    const size_t rows = bl_min(BL_FLOAT_ROWS, task->n_end - row);
    const uint8_t *tile = (const uint8_t *)task->packed + row / BL_FLOAT_ROWS * columns * COLUMN_BYTES;
    for (size_t column = 0; column < columns; column += CHUNK_COLUMNS) {
      const size_t count = bl_min(CHUNK_COLUMNS, columns - column);
      const float *w = float_columns(tile + column * COLUMN_BYTES, count, task->workspace);
      for (size_t token = 0; token < task->m; token += 2) {
        const float *x = (const float *)task->prepared + token * columns + column;
        float *y = (float *)task->y + token * task->n + row;
        float sums[2][BL_FLOAT_ROWS];
        load_sums(y, rows, column == 0, sums[0]);
        if (token + 1 < task->m) {
          load_sums(y + task->n, rows, column == 0, sums[1]);
          add_columns_twice(w, count, x, x + columns, sums[0], sums[1]);
          memcpy(y + task->n, sums[1], rows * sizeof(float));
        } else {
          add_columns(w, count, x, sums[0]);
        }
        memcpy(y, sums[0], rows * sizeof(float));
      }
    }
  }
}

#endif
