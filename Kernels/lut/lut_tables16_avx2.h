// Tables of 16 entries, as two digits (lut_digits.h), about ten instructions each. An entry is a sum of at
// most four activations with coefficients -1, 0, +1 that depend on the packing only:
//
//   word e of a register:  (x0, x1) * (c[e][0], c[e][1]) + (x2, x3) * (c[e][2], c[e][3]) - 128 * sum c[e]
//
// Used at 256 bits by the AVX2 and the AVX-512 kernels alike: a table is 16 words.
#ifndef BL_LUT_TABLES16_AVX2_H
#define BL_LUT_TABLES16_AVX2_H

#include "common/bl_target.h"

#if BL_X86
#include "lut/lut_columns.h"
#include "lut/lut_digits.h"
#include "lut/lut_layout.h"

BL_TARGET_BEGIN_AVX2

// What entry `entry` of a table multiplies the activation of column `column` of its group with.
typedef int8_t (*bl_lut_coefficient)(unsigned entry, unsigned column);

typedef struct bl_lut_builder16 {
  __m256i front, back;  // coefficients of columns 0 and 1, 2 and 3
  __m256i offset;
} bl_lut_builder16;

BL_ALWAYS_INLINE bl_lut_builder16 bl_lut_builder16_make(bl_lut_coefficient coefficient) {
  int8_t front[16][2], back[16][2];
  int16_t offset[16];
  for (unsigned entry = 0; entry < 16; entry++) {
    for (unsigned i = 0; i < 2; i++) {
      front[entry][i] = coefficient(entry, i);
      back[entry][i] = coefficient(entry, 2 + i);
    }
    offset[entry] = (int16_t)(-128 * (front[entry][0] + front[entry][1] + back[entry][0] + back[entry][1]));
  }
  return (bl_lut_builder16){
      .front = _mm256_loadu_si256((const __m256i *)front),
      .back = _mm256_loadu_si256((const __m256i *)back),
      .offset = _mm256_loadu_si256((const __m256i *)offset),
  };
}

BL_ALWAYS_INLINE __m256i bl_lut_two_columns(const uint8_t *x) {
  int16_t pair;
  __builtin_memcpy(&pair, x, sizeof pair);
  return _mm256_set1_epi16(pair);
}

// Builds the table of x[0 .. columns - 1] + 128; reads four bytes.
BL_ALWAYS_INLINE void bl_lut_build16(const bl_lut_builder16 *builder, const uint8_t *x, const size_t columns,
                                     uint8_t *table) {
  __m256i sums = _mm256_maddubs_epi16(bl_lut_two_columns(x), builder->front);
  sums = _mm256_add_epi16(sums, builder->offset);
  if (columns > 2)
    sums = _mm256_add_epi16(sums, _mm256_maddubs_epi16(bl_lut_two_columns(x + 2), builder->back));
  const __m256i high = _mm256_mulhrs_epi16(sums, _mm256_set1_epi16(BL_LUT_RECIPROCAL));
  const __m256i low = _mm256_sub_epi16(sums, _mm256_mullo_epi16(high, _mm256_set1_epi16(BL_LUT_RADIX)));
  const __m256i digits = _mm256_permute4x64_epi64(_mm256_packs_epi16(low, high), _MM_SHUFFLE(3, 1, 2, 0));
  _mm256_store_si256((__m256i *)table, digits);
}

BL_ALWAYS_INLINE void bl_lut_prepare16(const bl_lut_layout *layout, bl_lut_coefficient coefficient,
                                       const bl_prepare_task *task) {
  enum { COLUMNS = 240 };  // a multiple of every packing's step
  const size_t k = task->k, group = layout->step_columns / layout->step_tables;
  const bl_lut_builder16 builder = bl_lut_builder16_make(coefficient);
  for (size_t token = task->m_begin; token < task->m_end; token++) {
    const int8_t *x = (const int8_t *)task->x + token * k;
    uint8_t *table = (uint8_t *)task->prepared + token * bl_lut_token_bytes(layout, k);
    for (size_t column = 0; column < k; column += COLUMNS) {
      uint8_t columns[COLUMNS + 4];
      const size_t count = bl_min(COLUMNS, k - column), padded = bl_round_up(count, layout->step_columns);
      bl_lut_offset_columns(x + column, count, padded + 4, columns);
      for (size_t i = 0; i < padded; i += group, table += BL_LUT_TABLE16_BYTES)
        bl_lut_build16(&builder, columns + i, group, table);
    }
  }
}

BL_TARGET_END
#endif
#endif
