// From int8 digits to int32 sums with AVX2: shared ends of every 256-bit look-up kernel, which see a tile of
// 64 rows as two halves of 32.
#ifndef BL_LUT_SUMS_AVX2_H
#define BL_LUT_SUMS_AVX2_H

#include "common/bl_target.h"

#if BL_X86
#include "lut/lut_blocking.h"
#include "lut/lut_digits.h"

BL_TARGET_BEGIN_AVX2

enum { BL_LUT_HALF_ROWS = 32 };

// The sums of half a tile over a chunk, in the order that unpacking bytes leaves: lane i of part[0] holds
// rows 16 i .. 16 i + 7, lane i of part[1] the eight rows after them.
typedef struct bl_lut_wide256 {
  __m256i part[2];
} bl_lut_wide256;

// Adds low + 25 * high. No sum of vpmaddubsw saturates: it is the sum of at most 24 columns.
BL_ALWAYS_INLINE void bl_lut_join256(bl_lut_wide256 *wide, __m256i low, __m256i high) {
  const __m256i radix = _mm256_set1_epi16(1 | BL_LUT_RADIX << 8);
  const __m256i first = _mm256_maddubs_epi16(radix, _mm256_unpacklo_epi8(low, high));
  const __m256i second = _mm256_maddubs_epi16(radix, _mm256_unpackhi_epi8(low, high));
  wide->part[0] = _mm256_add_epi16(wide->part[0], first);
  wide->part[1] = _mm256_add_epi16(wide->part[1], second);
}

// Adds the sums of half tile `half` to the block's y of token `token`, or sets y in the first chunk, as far
// as the rows exist.
BL_ALWAYS_INLINE void bl_lut_add_half256(const bl_lut_block *block, size_t half, size_t token,
                                         const bl_lut_wide256 *wide) {
  const size_t row = half * BL_LUT_HALF_ROWS;
  int32_t *y = block->y + token * block->y_stride + row;
  const __m128i sums[4] = {
      _mm256_castsi256_si128(wide->part[0]),
      _mm256_castsi256_si128(wide->part[1]),
      _mm256_extracti128_si256(wide->part[0], 1),
      _mm256_extracti128_si256(wide->part[1], 1),
  };
  for (size_t i = 0; i < 4; i++) {
    const size_t begin = row + 8 * i, left = begin < block->rows ? block->rows - begin : 0;
    const __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    const __m256i exists = _mm256_cmpgt_epi32(_mm256_set1_epi32((int)bl_min(left, 8)), lanes);
    __m256i sum = _mm256_cvtepi16_epi32(sums[i]);
    if (!block->first) sum = _mm256_add_epi32(sum, _mm256_maskload_epi32(y + 8 * i, exists));
    _mm256_maskstore_epi32(y + 8 * i, exists, sum);
  }
}

BL_TARGET_END
#endif
#endif
