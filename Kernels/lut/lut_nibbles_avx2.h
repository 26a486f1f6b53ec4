// Nibble look-ups with AVX2: half a tile, 32 rows, is one register, a 16-entry table of digits is broadcast
// to its two lanes, vpshufb looks up. The flow is that of lut_nibbles_avx512vbmi.h, with masked nibbles.
#ifndef BL_LUT_NIBBLES_AVX2_H
#define BL_LUT_NIBBLES_AVX2_H

#include "common/bl_target.h"

#if BL_X86
#include "lut/lut_nibbles.h"
#include "lut/lut_sums_avx2.h"

BL_TARGET_BEGIN_AVX2

// One token meets two tiles: the sums of their four halves take half of the 16 registers. Two tokens meet one
// tile: they share the extraction of indices.
enum { BL_LUT_TILES256 = 2, BL_LUT_TOKENS256 = 2, BL_LUT_TOKENS_TILES256 = 1, BL_LUT_MAX_SUMS256 = 4 };

// int8 sums of the digits of one step, or digits of one table.
typedef struct bl_lut_digits256 {
  __m256i low, high;
} bl_lut_digits256;

// Adds the look-ups of one step to sums[token * halves + half].
typedef void (*bl_lut_add_step256)(const bl_lut_block *block, size_t step, size_t halves, size_t tokens,
                                   bl_lut_digits256 *sums);

BL_ALWAYS_INLINE bl_lut_digits256 bl_lut_load_table256(const uint8_t *table) {
  return (bl_lut_digits256){
      _mm256_broadcastsi128_si256(_mm_load_si128((const __m128i *)table)),
      _mm256_broadcastsi128_si256(_mm_load_si128((const __m128i *)table + 1)),
  };
}

// From the block's first weight to half `half` of byte `byte` (counted from the block's first step).
BL_ALWAYS_INLINE size_t bl_lut_half_offset(const bl_lut_block *block, size_t half, size_t byte) {
  return half / 2 * block->tile_bytes + byte * BL_LUT_ROWS + half % 2 * BL_LUT_HALF_ROWS;
}

BL_ALWAYS_INLINE __m256i bl_lut_load_half256(const bl_lut_block *block, size_t half, size_t byte) {
  return _mm256_load_si256((const __m256i *)(block->weights + bl_lut_half_offset(block, half, byte)));
}

BL_ALWAYS_INLINE void bl_lut_prefetch_half(const bl_lut_block *block, size_t half, size_t byte) {
  if (half % 2 == 0)
    _mm_prefetch((const char *)block->ahead + bl_lut_half_offset(block, half, byte), _MM_HINT_T0);
}

// The upper or lower nibbles of bytes.
BL_ALWAYS_INLINE __m256i bl_lut_nibble256(__m256i bytes, bool upper) {
  return _mm256_and_si256(upper ? _mm256_srli_epi16(bytes, 4) : bytes, _mm256_set1_epi8(15));
}

BL_ALWAYS_INLINE void bl_lut_add_nibbles256(const bl_lut_nibbles *nibbles, const bl_lut_block *block,
                                            size_t step, const size_t halves, const size_t tokens,
                                            bl_lut_digits256 *sums) {
#pragma clang loop unroll(full)
  for (size_t i = 0; i < nibbles->step_bytes; i++) {
    const size_t byte = step * nibbles->step_bytes + i;
    const uint8_t *tables = block->tables + byte * nibbles->byte_tables * BL_LUT_TABLE16_BYTES;
#pragma clang loop unroll(full)
    for (int upper = 0; upper < 2; upper++) {
      const bool subtract = upper && nibbles->high_is_subtracted;
      bl_lut_digits256 table[BL_LUT_TOKENS256];
      for (size_t token = 0; token < tokens; token++)
        table[token] =
            bl_lut_load_table256(tables + token * block->token_bytes +
                                 (upper ? nibbles->high_table : nibbles->low_table) * BL_LUT_TABLE16_BYTES);
      for (size_t half = 0; half < halves; half++) {
        const __m256i index = bl_lut_nibble256(bl_lut_load_half256(block, half, byte), upper);
        if (!upper) bl_lut_prefetch_half(block, half, byte);
        for (size_t token = 0; token < tokens; token++) {
          bl_lut_digits256 *sum = &sums[token * halves + half];
          const __m256i low = _mm256_shuffle_epi8(table[token].low, index);
          const __m256i high = _mm256_shuffle_epi8(table[token].high, index);
          sum->low = subtract ? _mm256_sub_epi8(sum->low, low) : _mm256_add_epi8(sum->low, low);
          sum->high = subtract ? _mm256_sub_epi8(sum->high, high) : _mm256_add_epi8(sum->high, high);
        }
      }
    }
  }
}

BL_ALWAYS_INLINE void bl_lut_multiply_halves256(bl_lut_add_step256 add_step, const bl_lut_block *block,
                                                const size_t halves, const size_t tokens) {
  bl_lut_wide256 wide[BL_LUT_MAX_SUMS256];
  for (size_t i = 0; i < tokens * halves; i++) wide[i].part[0] = wide[i].part[1] = _mm256_setzero_si256();
  for (size_t step = 0; step < block->steps; step++) {
    bl_lut_digits256 sums[BL_LUT_MAX_SUMS256];
    for (size_t i = 0; i < tokens * halves; i++) sums[i].low = sums[i].high = _mm256_setzero_si256();
    add_step(block, step, halves, tokens, sums);
    for (size_t i = 0; i < tokens * halves; i++) bl_lut_join256(&wide[i], sums[i].low, sums[i].high);
  }
  for (size_t token = 0; token < tokens; token++)
    for (size_t half = 0; half < halves; half++)
      bl_lut_add_half256(block, half, token, &wide[token * halves + half]);
}

// Every combination of tiles and tokens that the plan below lets happen, with its loops unrolled.
BL_ALWAYS_INLINE void bl_lut_multiply_block256(bl_lut_add_step256 add_step, const bl_lut_block *block,
                                               size_t tiles, size_t tokens) {
  if (tokens > 1)
    bl_lut_multiply_halves256(add_step, block, 2 * BL_LUT_TOKENS_TILES256, BL_LUT_TOKENS256);
  else if (tiles == 1)
    bl_lut_multiply_halves256(add_step, block, 2, 1);
  else
    bl_lut_multiply_halves256(add_step, block, 2 * BL_LUT_TILES256, 1);
}

static inline void bl_lut_multiply256(const bl_lut_layout *layout, bl_lut_multiply_block multiply_block,
                                      const bl_multiply_task *task) {
  const bl_lut_plan plan = {layout, multiply_block, .tiles = BL_LUT_TILES256, .tokens = BL_LUT_TOKENS256,
                            .tokens_tiles = BL_LUT_TOKENS_TILES256};
  bl_lut_multiply(&plan, task);
}

BL_TARGET_END
#endif
#endif
