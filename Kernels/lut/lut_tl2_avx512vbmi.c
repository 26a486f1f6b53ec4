// lut-tl2-avx512: TL2 with vpshufb. A vector of bytes (packing/tl2.h has the picture) is 64 rows of the same
// six columns, two nibble indices of 14-entry mirrored tables; every fifth vector holds the signs of 24
// columns, of which a vptestmb makes the mask of rows that subtract. The rest of the flow is that of
// lut_nibbles_avx512.h.
//
// Eight triples add in int8 (low digits at most 8 * 12, high 8 * 15); ten steps in int16 (240 * 128 = 30720).
//
// Bound: for 192 weights 1.5 operations extract an index, one a mask, two look up, two negate and two add:
// 8.5, and 0.75 join: 9.25, as many per weight as tl1. The signs cost what the longer group saves; they buy a
// sixth of the bytes.
#include "common/bl_register.h"
#include "common/bl_target.h"

#if BL_X86
#include "lut/lut_nibbles_avx512.h"
#include "lut/lut_tables16_avx2.h"
#include "lut/lut_tl2.h"

BL_TARGET_BEGIN_AVX512

static size_t prepared_bytes(size_t m, size_t k) {
  return m * bl_lut_token_bytes(&bl_lut_tl2, k);
}

static void prepare(const bl_prepare_task *task) {
  bl_lut_prepare16(&bl_lut_tl2, bl_lut_tl2_coefficient, task);
}

BL_ALWAYS_INLINE void add_step(const bl_lut_block *block, size_t step, size_t tiles, size_t tokens,
                               bl_lut_digits512 *sums) {
  const __m512i zero = _mm512_setzero_si512();
  const size_t first_byte = step * BL_TL2_STEP_BYTES;
  const uint8_t *tables = block->tables + step * BL_TL2_STEP_TRIPLES * BL_LUT_TABLE16_BYTES;
#pragma clang loop unroll(full)
  for (size_t triple = 0; triple < BL_TL2_STEP_TRIPLES; triple++) {
    bl_lut_digits512 table[BL_LUT_TOKENS512];
    for (size_t token = 0; token < tokens; token++)
      table[token] =
          bl_lut_load_table512(tables + token * block->token_bytes + triple * BL_LUT_TABLE16_BYTES);
    for (size_t tile = 0; tile < tiles; tile++) {
      const size_t offset = tile * block->tile_bytes + (first_byte + triple / 2) * BL_LUT_ROWS;
      const size_t sign_offset = tile * block->tile_bytes + (first_byte + BL_TL2_INDEX_BYTES) * BL_LUT_ROWS;
      const __m512i index = bl_lut_nibble512(_mm512_load_si512(block->weights + offset), triple % 2 == 0);
      const __mmask64 negative = _mm512_test_epi8_mask(_mm512_load_si512(block->weights + sign_offset),
                                                       _mm512_set1_epi8((char)(0x80 >> triple)));
      if (triple % 2 == 0) _mm_prefetch((const char *)block->ahead + offset, _MM_HINT_T0);
      if (triple == 0) _mm_prefetch((const char *)block->ahead + sign_offset, _MM_HINT_T0);
      for (size_t token = 0; token < tokens; token++) {
        bl_lut_digits512 *sum = &sums[token * tiles + tile];
        const __m512i low = _mm512_shuffle_epi8(table[token].low, index);
        const __m512i high = _mm512_shuffle_epi8(table[token].high, index);
        sum->low = _mm512_add_epi8(sum->low, _mm512_mask_sub_epi8(low, negative, zero, low));
        sum->high = _mm512_add_epi8(sum->high, _mm512_mask_sub_epi8(high, negative, zero, high));
      }
    }
  }
}

static void multiply_block(const bl_lut_block *block, size_t tiles, size_t tokens) {
  bl_lut_multiply_block512(add_step, block, tiles, tokens);
}

static void multiply(const bl_multiply_task *task) {
  bl_lut_multiply512(&bl_lut_tl2, multiply_block, task);
}

BL_TARGET_END

static bl_cost cost(size_t m, size_t n, size_t k, const void *packed) {
  (void)packed;
  return bl_lut_cost(&bl_lut_tl2, m, n, k);
}

static const bl_kernel lut_tl2_avx512 = {
    .name = "lut-tl2-avx512",
    .family = "lut",
    .summary = "64 rows of triples of trits look up mirrored digit tables with vpshufb, signs as masks",
    .source = "arXiv 2502.11880",
    .explain =
        "18.5 vector operations for 384 weights, as many per weight as tl1: the longer group "
        "saves a third of the look-ups, but its signs cost a mask and two negations each; masked "
        "vpdpbusd needs 12. It reads 5/3 bits a weight where tl1 and i2s read 2",
    .packing = &bl_packing_tl2,
    .isa = BL_ISA_AVX2 | BL_ISA_AVX512,
    .activations = BL_ACTIVATIONS_INT8,
    .exact = true,
    .m_tile = 1,
    .n_tile = BL_LUT_ROWS,
    .prepared_bytes = prepared_bytes,
    .prepare = prepare,
    .multiply = multiply,
    .cost = cost,
};
BL_REGISTER(lut_tl2_avx512);
#endif
