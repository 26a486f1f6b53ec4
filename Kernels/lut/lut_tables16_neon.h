// Tables of 16 entries, as two digits (lut_digits.h), six to eight instructions for eight entries. An entry
// is a sum of at most four activations with coefficients -1, 0, +1 that depend on the packing only:
//
//   element e of a register:  x0 * c[e][0] + x1 * c[e][1] + x2 * c[e][2] + x3 * c[e][3]
#ifndef BL_LUT_TABLES16_NEON_H
#define BL_LUT_TABLES16_NEON_H

#include "common/bl_target.h"

#if BL_ARM64
#include "lut/lut_digits.h"
#include "lut/lut_layout.h"

#include <string.h>

enum { BL_LUT_GROUP_COLUMNS = 4 };  // of a table, at most

// What entry `entry` of a table multiplies the activation of column `column` of its group with.
typedef int8_t (*bl_lut_coefficient)(unsigned entry, unsigned column);

typedef struct bl_lut_builder_neon {
  int16x8_t coefficients[BL_LUT_GROUP_COLUMNS][2];
} bl_lut_builder_neon;

BL_ALWAYS_INLINE bl_lut_builder_neon bl_lut_builder_neon_make(bl_lut_coefficient coefficient) {
  bl_lut_builder_neon builder;
  for (unsigned column = 0; column < BL_LUT_GROUP_COLUMNS; column++) {
    int16_t entries[16];
    for (unsigned entry = 0; entry < 16; entry++) entries[entry] = coefficient(entry, column);
    builder.coefficients[column][0] = vld1q_s16(entries);
    builder.coefficients[column][1] = vld1q_s16(entries + 8);
  }
  return builder;
}

// Builds the table of x[0 .. columns - 1].
BL_ALWAYS_INLINE void bl_lut_build16_neon(const bl_lut_builder_neon *builder, const int8_t *x,
                                          const size_t columns, uint8_t *table) {
  int8x8_t low[2], high[2];
  BL_UNROLL
  for (size_t i = 0; i < 2; i++) {
    int16x8_t sums = vmulq_n_s16(builder->coefficients[0][i], x[0]);
    for (size_t column = 1; column < columns; column++)
      sums = vmlaq_n_s16(sums, builder->coefficients[column][i], x[column]);
    const int16x8_t quotient = vqrdmulhq_n_s16(sums, BL_LUT_RECIPROCAL);
    high[i] = vmovn_s16(quotient);
    low[i] = vmovn_s16(vmlsq_n_s16(sums, quotient, BL_LUT_RADIX));
  }
  vst1q_s8((int8_t *)table, vcombine_s8(low[0], low[1]));
  vst1q_s8((int8_t *)table + 16, vcombine_s8(high[0], high[1]));
}

BL_ALWAYS_INLINE void bl_lut_prepare16_neon(const bl_lut_layout *layout, bl_lut_coefficient coefficient,
                                            const bl_prepare_task *task) {
  enum { COLUMNS = 240 };  // a multiple of every packing's step
  const size_t k = task->k, group = layout->step_columns / layout->step_tables;
  const bl_lut_builder_neon builder = bl_lut_builder_neon_make(coefficient);
  for (size_t token = task->m_begin; token < task->m_end; token++) {
    const int8_t *x = (const int8_t *)task->x + token * k;
    uint8_t *table = (uint8_t *)task->prepared + token * bl_lut_token_bytes(layout, k);
    for (size_t column = 0; column < k; column += COLUMNS) {
      int8_t columns[COLUMNS] = {0};
      const size_t count = bl_min(COLUMNS, k - column), padded = bl_round_up(count, layout->step_columns);
      memcpy(columns, x + column, count);
      for (size_t i = 0; i < padded; i += group, table += BL_LUT_TABLE16_BYTES)
        bl_lut_build16_neon(&builder, columns + i, group, table);
    }
  }
}

#endif
#endif
