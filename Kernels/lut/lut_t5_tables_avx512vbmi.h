// Tables of t5 with vectors: twelve instructions for the parts, twelve to expand them to 122 entries.
//
// One register of 16-bit words holds the 14 triples and the 9 pairs of a group (lut_t5.h); they are split
// into digits (lut_digits.h) there, and two byte permutes and an addition expand each 64 entries of a digit:
//
//   words     0..13: A    16..24: B
//   parts     per 128-bit lane i: low digits of words 8 i .. 8 i + 7, then their high digits
//
// so the digits of a table are |low| <= 24, |high| <= 15 + 10.
#ifndef BL_LUT_T5_TABLES_AVX512VBMI_H
#define BL_LUT_T5_TABLES_AVX512VBMI_H

#include "common/bl_target.h"

#if BL_X86
#include "lut/lut_columns.h"
#include "lut/lut_digits.h"
#include "lut/lut_t5.h"
#include "lut/lut_trits.h"

BL_TARGET_BEGIN_AVX512_VBMI

typedef struct bl_lut_t5_builder {
  __m512i first_columns, last_column;  // bytes of a group that each word multiplies
  __m512i first_coefficients, last_coefficients;
  __m512i offset;  // -128 * sum of coefficients
} bl_lut_t5_builder;

BL_ALWAYS_INLINE bl_lut_t5_builder bl_lut_t5_builder_make(void) {
  int8_t first_columns[64] = {0}, first[64] = {0}, last[64] = {0};
  int16_t offset[32] = {0};
  for (unsigned a = 0; a < BL_LUT_TRIPLE_ENTRIES; a++) {
    first_columns[2 * a + 1] = 1;
    for (unsigned i = 0; i < 2; i++) first[2 * a + i] = bl_lut_trit(a + 13, 2 - i);
    last[2 * a] = bl_lut_trit(a + 13, 0);
    offset[a] = (int16_t)(-128 * (first[2 * a] + first[2 * a + 1] + last[2 * a]));
  }
  for (unsigned b = 0; b < BL_LUT_PAIR_ENTRIES; b++) {
    const unsigned word = BL_LUT_T5_FIRST_PAIR + b;
    for (unsigned i = 0; i < 2; i++) {
      first_columns[2 * word + i] = (int8_t)(3 + i);
      first[2 * word + i] = bl_lut_trit(b, 1 - i);
    }
    offset[word] = (int16_t)(-128 * (first[2 * word] + first[2 * word + 1]));
  }
  return (bl_lut_t5_builder){
      .first_columns = _mm512_loadu_si512(first_columns),
      .last_column = _mm512_set1_epi8(2),
      .first_coefficients = _mm512_loadu_si512(first),
      .last_coefficients = _mm512_loadu_si512(last),
      .offset = _mm512_loadu_si512(offset),
  };
}

// Builds the parts of x[0..4] + 128; reads three bytes beyond.
BL_ALWAYS_INLINE void bl_lut_t5_build(const bl_lut_t5_builder *builder, const uint8_t *x, uint8_t *parts) {
  int64_t group;
  __builtin_memcpy(&group, x, sizeof group);
  const __m512i columns = _mm512_set1_epi64(group);
  const __m512i first =
      _mm512_maddubs_epi16(_mm512_shuffle_epi8(columns, builder->first_columns), builder->first_coefficients);
  const __m512i last =
      _mm512_maddubs_epi16(_mm512_shuffle_epi8(columns, builder->last_column), builder->last_coefficients);
  const __m512i sums = _mm512_add_epi16(_mm512_add_epi16(first, builder->offset), last);
  const __m512i high = _mm512_mulhrs_epi16(sums, _mm512_set1_epi16(BL_LUT_RECIPROCAL));
  const __m512i low = _mm512_sub_epi16(sums, _mm512_mullo_epi16(high, _mm512_set1_epi16(BL_LUT_RADIX)));
  _mm512_store_si512(parts, _mm512_packs_epi16(low, high));
}

static void bl_lut_t5_prepare(const bl_prepare_task *task) {
  enum { GROUPS = BL_LUT_T5_PREPARED_GROUPS, COLUMNS = GROUPS * BL_T5_COLUMNS };
  const size_t k = task->k;
  const bl_lut_t5_builder builder = bl_lut_t5_builder_make();
  for (size_t token = task->m_begin; token < task->m_end; token++) {
    const int8_t *x = (const int8_t *)task->x + token * k;
    uint8_t *parts = (uint8_t *)task->prepared + token * bl_lut_token_bytes(&bl_lut_t5, k) +
                     task->k_begin / BL_T5_COLUMNS * (2 * BL_LUT_T5_WORDS);
    for (size_t column = task->k_begin; column < task->k_end; column += COLUMNS) {
      uint8_t columns[COLUMNS + 3];
      const size_t count = bl_min(COLUMNS, task->k_end - column);
      bl_lut_offset_columns(x + column, count, sizeof columns, columns);
      for (size_t i = 0; i < count; i += BL_T5_COLUMNS, parts += 2 * BL_LUT_T5_WORDS)
        bl_lut_t5_build(&builder, columns + i, parts);
    }
  }
}

// Where the parts keep the low digit of each value's triple, A[(v + 4) / 9], and pair, B[(v + 4) % 9]; the
// high digits are eight bytes on.
#define BL_LUT_T5_BYTE(word) (uint8_t)((word) + ((word)&0x78))
#define BL_LUT_T5_TRIPLE(v) BL_LUT_T5_BYTE(((v) + 4) / 9)
#define BL_LUT_T5_PAIR(v) BL_LUT_T5_BYTE(BL_LUT_T5_FIRST_PAIR + ((v) + 4) % 9)
#define BL_LUT_T5_EIGHT(f, v) f(v), f(v + 1), f(v + 2), f(v + 3), f(v + 4), f(v + 5), f(v + 6), f(v + 7)
#define BL_LUT_T5_HALF(f, v)                                                                \
  {                                                                                         \
    BL_LUT_T5_EIGHT(f, v), BL_LUT_T5_EIGHT(f, v + 8), BL_LUT_T5_EIGHT(f, v + 16),           \
        BL_LUT_T5_EIGHT(f, v + 24), BL_LUT_T5_EIGHT(f, v + 32), BL_LUT_T5_EIGHT(f, v + 40), \
        BL_LUT_T5_EIGHT(f, v + 48), BL_LUT_T5_EIGHT(f, v + 56)                              \
  }
static const uint8_t bl_lut_t5_triple[2][64] = {BL_LUT_T5_HALF(BL_LUT_T5_TRIPLE, 0),
                                                BL_LUT_T5_HALF(BL_LUT_T5_TRIPLE, 64)};
static const uint8_t bl_lut_t5_pair[2][64] = {BL_LUT_T5_HALF(BL_LUT_T5_PAIR, 0),
                                              BL_LUT_T5_HALF(BL_LUT_T5_PAIR, 64)};
#undef BL_LUT_T5_BYTE
#undef BL_LUT_T5_TRIPLE
#undef BL_LUT_T5_PAIR
#undef BL_LUT_T5_EIGHT
#undef BL_LUT_T5_HALF

static void bl_lut_t5_expand(const uint8_t *tables, size_t count, uint8_t *expanded) {
  const __m512i triple[2] = {_mm512_loadu_si512(bl_lut_t5_triple[0]),
                             _mm512_loadu_si512(bl_lut_t5_triple[1])};
  const __m512i pair[2] = {_mm512_loadu_si512(bl_lut_t5_pair[0]), _mm512_loadu_si512(bl_lut_t5_pair[1])};
  for (size_t i = 0; i < count; i++) {
    const __m512i low = _mm512_load_si512(tables + i * 2 * BL_LUT_T5_WORDS);
    const __m512i digits[2] = {low, _mm512_bsrli_epi128(low, 8)};
    for (int digit = 0; digit < 2; digit++)
      for (int half = 0; half < 2; half++)
        _mm512_store_si512(expanded + (2 * i + (size_t)digit) * BL_LUT_T5_ENTRIES + half * 64,
                           _mm512_add_epi8(_mm512_permutexvar_epi8(triple[half], digits[digit]),
                                           _mm512_permutexvar_epi8(pair[half], digits[digit])));
  }
}

BL_TARGET_END
#endif
#endif
