// What the portable look-up kernels share: the token loop of prepare(), and the sum of a row.
#ifndef BL_LUT_SCALAR_H
#define BL_LUT_SCALAR_H

#include "lut/lut_blocking.h"

#include <string.h>

// Builds the tables of one step from its columns, padded with zeros.
typedef void (*bl_lut_build_step)(const int8_t *x, int16_t *tables);

enum { BL_LUT_SCALAR_COLUMNS = 24 };  // of a step, at most

static inline void bl_lut_prepare_scalar(const bl_lut_layout *layout, bl_lut_build_step build,
                                         const bl_prepare_task *task) {
  const size_t k = task->k, columns = layout->step_columns;
  for (size_t token = task->m_begin; token < task->m_end; token++) {
    const int8_t *x = (const int8_t *)task->x + token * k;
    uint8_t *tables = (uint8_t *)task->prepared + token * bl_lut_token_bytes(layout, k);
    for (size_t column = 0; column < k; column += columns, tables += bl_lut_step_table_bytes(layout)) {
      int8_t step[BL_LUT_SCALAR_COLUMNS] = {0};
      memcpy(step, x + column, bl_min(columns, k - column));
      build(step, (int16_t *)(void *)tables);
    }
  }
}

// A portable block is one tile and one token.
static inline void bl_lut_add_sum(const bl_lut_block *block, size_t row, int32_t sum) {
  block->y[row] = (block->first ? 0 : block->y[row]) + sum;
}

#endif
