// Nibble look-ups with AVX-512 VBMI: 64 rows of one tile are one register, a 16-entry table of digits is
// repeated four times in another, and vpermb looks up. It reads six bits of an index; repetition makes the
// upper two of them as good as absent, so that a nibble needs no mask: the lower one is the byte itself.
//
//   bytes ------------> vpermb low digits  --> + --+   one step
//     |              +> vpermb high digits --> + --+--> unpack, vpmaddubsw (1, 25) --> int16
//     +--> shift 4 --> the same for the other nibble    one chunk: --> int32
//
// Sixteen tokens and more look up vectors: lut_vectors_avx512.h.
#ifndef BL_LUT_NIBBLES_AVX512VBMI_H
#define BL_LUT_NIBBLES_AVX512VBMI_H

#include "common/bl_target.h"

#if BL_X86
#include "lut/lut_nibbles.h"
#include "lut/lut_sums_avx512.h"
#include "lut/lut_tables16_avx2.h"
#include "lut/lut_vectors_avx512.h"

BL_TARGET_BEGIN_AVX512_VBMI

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

// Indices whose lower four bits are the upper or lower nibbles of bytes.
BL_ALWAYS_INLINE __m512i bl_lut_nibble512(__m512i bytes, bool upper) {
  return upper ? _mm512_srli_epi16(bytes, 4) : bytes;
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
        if (!upper) {
          bl_prefetch_to_l2(block->ahead + offset);
          bl_prefetch_to_l1(block->weights + offset + BL_STREAMS_L1_AHEAD_BYTES);
        }
        for (size_t token = 0; token < tokens; token++) {
          bl_lut_digits512 *sum = &sums[token * tiles + tile];
          const __m512i low = _mm512_permutexvar_epi8(index, table[token].low);
          const __m512i high = _mm512_permutexvar_epi8(index, table[token].high);
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

// What a kernel is made of; all functions are inlined.
typedef struct bl_lut_kernel512 {
  const bl_lut_layout *layout;
  bl_lut_coefficient coefficient;
  bl_lut_multiply_block multiply_block;
  bl_lut_vectors vectors;
} bl_lut_kernel512;

static inline size_t bl_lut_prepared_bytes512(const bl_lut_kernel512 *kernel, size_t m, size_t k) {
  const size_t tokens = bl_lut_vector_tokens(m);
  return bl_lut_vector_prepared_bytes(kernel->layout, tokens, k) +
         (m - tokens) * bl_lut_token_bytes(kernel->layout, k);
}

// Tokens that are looked up by digits, at the end, lie behind those that are looked up as vectors.
BL_ALWAYS_INLINE void bl_lut_prepare512(const bl_lut_kernel512 *kernel, const bl_prepare_task *task) {
  const size_t tokens = bl_lut_vector_tokens(task->m);
  if (task->m_begin < tokens) bl_lut_vector_prepare(kernel->layout, task, tokens);
  if (task->m_end <= tokens) return;
  const bl_prepare_task digits = {
      .m = task->m - tokens,
      .k = task->k,
      .m_begin = task->m_begin < tokens ? 0 : task->m_begin - tokens,
      .m_end = task->m_end - tokens,
      .k_begin = task->k_begin,
      .k_end = task->k_end,
      .x = (const int8_t *)task->x + tokens * task->k,
      .prepared = (uint8_t *)task->prepared + bl_lut_vector_prepared_bytes(kernel->layout, tokens, task->k),
  };
  bl_lut_prepare16(kernel->layout, kernel->coefficient, &digits);
}

BL_ALWAYS_INLINE void bl_lut_multiply512(const bl_lut_kernel512 *kernel, const bl_multiply_task *task) {
  const size_t tokens = bl_lut_vector_tokens(task->m);
  if (tokens > 0) bl_lut_vector_multiply(kernel->vectors, task, tokens);
  if (tokens == task->m) return;
  bl_multiply_task digits = *task;
  digits.m -= tokens;
  digits.prepared =
      (const uint8_t *)task->prepared + bl_lut_vector_prepared_bytes(kernel->layout, tokens, task->k);
  digits.y = (int32_t *)task->y + tokens * task->n;
  const bl_lut_plan plan = {kernel->layout, kernel->multiply_block, .tiles = BL_LUT_TILES512,
                            .tokens = BL_LUT_TOKENS512, .tokens_tiles = BL_LUT_TOKENS_TILES512};
  bl_lut_multiply(&plan, &digits);
}

// The functions of a kernel that its descriptor needs, from `static const bl_lut_kernel512 parts`.
#define BL_LUT_FUNCTIONS512                                               \
  static size_t prepared_bytes(size_t m, size_t k) {                      \
    return bl_lut_prepared_bytes512(&parts, m, k);                        \
  }                                                                       \
  static void prepare(const bl_prepare_task *task) {                      \
    bl_lut_prepare512(&parts, task);                                      \
  }                                                                       \
  static size_t workspace_bytes(size_t m, size_t n, size_t k) {           \
    (void)n, (void)k;                                                     \
    return bl_lut_vector_workspace_bytes(&parts.vectors, m);              \
  }                                                                       \
  static void multiply(const bl_multiply_task *task) {                    \
    bl_lut_multiply512(&parts, task);                                     \
  }                                                                       \
  static bl_cost cost(size_t m, size_t n, size_t k, const void *packed) { \
    (void)packed;                                                         \
    return bl_lut_cost(parts.layout, m, n, k);                            \
  }

BL_TARGET_END
#endif
#endif
