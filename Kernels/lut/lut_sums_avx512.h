// From int8 digits to int32 sums with AVX-512: shared ends of every 512-bit look-up kernel.
#ifndef BL_LUT_SUMS_AVX512_H
#define BL_LUT_SUMS_AVX512_H

#include "common/bl_target.h"

#if BL_X86
#include "lut/lut_blocking.h"
#include "lut/lut_digits.h"

BL_TARGET_BEGIN_AVX512

// The sums of one tile over a chunk, in the order that unpacking bytes leaves: lane i of wide[0] holds rows
// 16 i .. 16 i + 7, lane i of wide[1] the eight rows after them.
typedef struct bl_lut_wide512 {
  __m512i half[2];
} bl_lut_wide512;

// Adds low + 25 * high. No sum of vpmaddubsw saturates: it is the sum of at most 25 columns.
BL_ALWAYS_INLINE void bl_lut_join512(bl_lut_wide512 *wide, __m512i low, __m512i high) {
  const __m512i radix = _mm512_set1_epi16(1 | BL_LUT_RADIX << 8);
  const __m512i first = _mm512_maddubs_epi16(radix, _mm512_unpacklo_epi8(low, high));
  const __m512i second = _mm512_maddubs_epi16(radix, _mm512_unpackhi_epi8(low, high));
  wide->half[0] = _mm512_add_epi16(wide->half[0], first);
  wide->half[1] = _mm512_add_epi16(wide->half[1], second);
}

// Adds 16 sums to y[row] and on, or sets them in the first chunk, as far as the rows exist.
BL_ALWAYS_INLINE void bl_lut_add_rows512(const bl_lut_block *block, int32_t *y, size_t row, __m256i sums) {
  const size_t left = row < block->rows ? block->rows - row : 0;
  const __mmask16 exists = left >= 16 ? 0xffff : (__mmask16)((1u << left) - 1);
  __m512i sum = _mm512_cvtepi16_epi32(sums);
  if (!block->first) sum = _mm512_add_epi32(sum, _mm512_maskz_loadu_epi32(exists, y + row));
  _mm512_mask_storeu_epi32(y + row, exists, sum);
}

// The same for the tile `tile` of the block's token `token`.
BL_ALWAYS_INLINE void bl_lut_add_tile512(const bl_lut_block *block, size_t tile, size_t token,
                                         const bl_lut_wide512 *wide) {
  const __m512i front = _mm512_set_epi64(11, 10, 3, 2, 9, 8, 1, 0);
  const __m512i back = _mm512_set_epi64(15, 14, 7, 6, 13, 12, 5, 4);
  const __m512i a = _mm512_permutex2var_epi64(wide->half[0], front, wide->half[1]);
  const __m512i b = _mm512_permutex2var_epi64(wide->half[0], back, wide->half[1]);
  int32_t *y = block->y + token * block->y_stride;
  const size_t row = tile * BL_LUT_ROWS;
  bl_lut_add_rows512(block, y, row, _mm512_castsi512_si256(a));
  bl_lut_add_rows512(block, y, row + 16, _mm512_extracti64x4_epi64(a, 1));
  bl_lut_add_rows512(block, y, row + 32, _mm512_castsi512_si256(b));
  bl_lut_add_rows512(block, y, row + 48, _mm512_extracti64x4_epi64(b, 1));
}

BL_TARGET_END
#endif
#endif
