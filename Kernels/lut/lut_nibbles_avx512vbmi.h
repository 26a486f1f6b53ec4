// Nibble look-ups with AVX-512: 64 rows of one tile are one register, a 16-entry table of digits is broadcast
// to its four lanes, vpshufb looks up.
//
//   bytes --> and 15            --> vpshufb low digits  --> + --+   one step
//        |                      +-> vpshufb high digits --> + --+--> unpack, vpmaddubsw (1, 25) --> int16
//        +--> shift 4, and 15   --> the same for the other nibble    one chunk: --> int32
#ifndef BL_LUT_NIBBLES_AVX512_H
#define BL_LUT_NIBBLES_AVX512_H

#include "common/bl_target.h"

#if BL_X86
#include "lut/lut_nibbles.h"
#include "lut/lut_sums_avx512.h"

BL_TARGET_BEGIN_AVX512

// One token meets four tiles: its table registers serve 256 rows. Four tokens meet two tiles: they share the
// extraction of indices, and their sums fill the registers.
enum { BL_LUT_TILES512 = 4, BL_LUT_TOKENS512 = 4, BL_LUT_TOKENS_TILES512 = 2, BL_LUT_MAX_SUMS512 = 8 };

// int8 sums of the digits of one step, or digits of one table.
typedef struct bl_lut_digits512 {
  __m512i low, high;
} bl_lut_digits512;

// Adds the look-ups of one step to sums[token * tiles + tile].
typedef void (*bl_lut_add_step512)(const bl_lut_block *block, size_t step, size_t tiles, size_t tokens,
                                   bl_lut_digits512 *sums);

BL_ALWAYS_INLINE bl_lut_digits512 bl_lut_load_table512(const uint8_t *table) {
  return (bl_lut_digits512){
      _mm512_broadcast_i32x4(_mm_load_si128((const __m128i *)table)),
      _mm512_broadcast_i32x4(_mm_load_si128((const __m128i *)table + 1)),
  };
}

// The upper or lower nibbles of bytes.
BL_ALWAYS_INLINE __m512i bl_lut_nibble512(__m512i bytes, bool upper) {
  return _mm512_and_si512(upper ? _mm512_srli_epi16(bytes, 4) : bytes, _mm512_set1_epi8(15));
}

BL_ALWAYS_INLINE void bl_lut_add_nibbles512(const bl_lut_nibbles *nibbles, const bl_lut_block *block,
                                            size_t step, const size_t tiles, const size_t tokens,
                                            bl_lut_digits512 *sums) {
#pragma clang loop unroll(full)
  for (size_t i = 0; i < nibbles->step_bytes; i++) {
    const size_t byte = step * nibbles->step_bytes + i;
    const uint8_t *tables = block->tables + byte * nibbles->byte_tables * BL_LUT_TABLE16_BYTES;
#pragma clang loop unroll(full)
    for (int upper = 0; upper < 2; upper++) {
      const bool subtract = upper && nibbles->high_is_subtracted;
      bl_lut_digits512 table[BL_LUT_TOKENS512];
      for (size_t token = 0; token < tokens; token++)
        table[token] =
            bl_lut_load_table512(tables + token * block->token_bytes +
                                 (upper ? nibbles->high_table : nibbles->low_table) * BL_LUT_TABLE16_BYTES);
      for (size_t tile = 0; tile < tiles; tile++) {
        const size_t offset = tile * block->tile_bytes + byte * BL_LUT_ROWS;
        const __m512i index = bl_lut_nibble512(_mm512_load_si512(block->weights + offset), upper);
        if (!upper) _mm_prefetch((const char *)block->ahead + offset, _MM_HINT_T0);
        for (size_t token = 0; token < tokens; token++) {
          bl_lut_digits512 *sum = &sums[token * tiles + tile];
          const __m512i low = _mm512_shuffle_epi8(table[token].low, index);
          const __m512i high = _mm512_shuffle_epi8(table[token].high, index);
          sum->low = subtract ? _mm512_sub_epi8(sum->low, low) : _mm512_add_epi8(sum->low, low);
          sum->high = subtract ? _mm512_sub_epi8(sum->high, high) : _mm512_add_epi8(sum->high, high);
        }
      }
    }
  }
}

BL_ALWAYS_INLINE void bl_lut_multiply_tiles512(bl_lut_add_step512 add_step, const bl_lut_block *block,
                                               const size_t tiles, const size_t tokens) {
  bl_lut_wide512 wide[BL_LUT_MAX_SUMS512];
  for (size_t i = 0; i < tokens * tiles; i++) wide[i].half[0] = wide[i].half[1] = _mm512_setzero_si512();
  for (size_t step = 0; step < block->steps; step++) {
    bl_lut_digits512 sums[BL_LUT_MAX_SUMS512];
    for (size_t i = 0; i < tokens * tiles; i++) sums[i].low = sums[i].high = _mm512_setzero_si512();
    add_step(block, step, tiles, tokens, sums);
    for (size_t i = 0; i < tokens * tiles; i++) bl_lut_join512(&wide[i], sums[i].low, sums[i].high);
  }
  for (size_t token = 0; token < tokens; token++)
    for (size_t tile = 0; tile < tiles; tile++)
      bl_lut_add_tile512(block, tile, token, &wide[token * tiles + tile]);
}

// Every combination of tiles and tokens that the plan below lets happen, with its loops unrolled.
BL_ALWAYS_INLINE void bl_lut_multiply_block512(bl_lut_add_step512 add_step, const bl_lut_block *block,
                                               size_t tiles, size_t tokens) {
  if (tokens == 1) {
    switch (tiles) {
      case 1:
        bl_lut_multiply_tiles512(add_step, block, 1, 1);
        break;
      case 2:
        bl_lut_multiply_tiles512(add_step, block, 2, 1);
        break;
      case 3:
        bl_lut_multiply_tiles512(add_step, block, 3, 1);
        break;
      default:
        bl_lut_multiply_tiles512(add_step, block, BL_LUT_TILES512, 1);
        break;
    }
  } else if (tiles == 1) {
    bl_lut_multiply_tiles512(add_step, block, 1, BL_LUT_TOKENS512);
  } else {
    bl_lut_multiply_tiles512(add_step, block, BL_LUT_TOKENS_TILES512, BL_LUT_TOKENS512);
  }
}

static inline void bl_lut_multiply512(const bl_lut_layout *layout, bl_lut_multiply_block multiply_block,
                                      const bl_multiply_task *task) {
  const bl_lut_plan plan = {layout, multiply_block, .tiles = BL_LUT_TILES512, .tokens = BL_LUT_TOKENS512,
                            .tokens_tiles = BL_LUT_TOKENS_TILES512};
  bl_lut_multiply(&plan, task);
}

BL_TARGET_END
#endif
#endif
