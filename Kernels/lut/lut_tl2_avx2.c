// lut-tl2-avx2: TL2 with vpshufb and vpsignb. A vector of bytes (packing/tl2.h has the picture) is 32 rows of
// the same six columns, two nibble indices of 14-entry mirrored tables; every fifth vector holds the signs of
// 24 columns, shifted so that the triple's sign is the sign of each byte and made odd, so that vpsignb never
// meets a zero. The rest of the flow is that of lut_nibbles_avx2.h.
//
// Eight triples add in int8 (low digits at most 8 * 12, high 8 * 15); ten steps in int16 (240 * 128 = 30720).
//
// Bound: for 96 weights 1.5 operations extract an index, two a sign, two look up, two negate and two
// add: 9.5, and 0.75 join: 10.25, an eighth more per weight than tl1. The signs cost more than the longer
// group saves; they buy a sixth of the bytes.
#include "common/bl_register.h"
#include "common/bl_target.h"

#if BL_X86
#include "lut/lut_nibbles_avx2.h"
#include "lut/lut_tables16_avx2.h"
#include "lut/lut_tl2.h"

BL_TARGET_BEGIN_AVX2

static size_t prepared_bytes(size_t m, size_t k) {
  return m * bl_lut_token_bytes(&bl_lut_tl2, k);
}

static void prepare(const bl_prepare_task *task) {
  bl_lut_prepare16(&bl_lut_tl2, bl_lut_tl2_coefficient, task);
}

BL_ALWAYS_INLINE void add_step(const bl_lut_block *block, size_t step, size_t halves, size_t tokens,
                               bl_lut_digits256 *sums) {
  const size_t first_byte = step * BL_TL2_STEP_BYTES;
  const uint8_t *tables = block->tables + step * BL_TL2_STEP_TRIPLES * BL_LUT_TABLE16_BYTES;
#pragma clang loop unroll(full)
  for (size_t triple = 0; triple < BL_TL2_STEP_TRIPLES; triple++) {
    bl_lut_digits256 table[BL_LUT_TOKENS256];
    for (size_t token = 0; token < tokens; token++)
      table[token] =
          bl_lut_load_table256(tables + token * block->token_bytes + triple * BL_LUT_TABLE16_BYTES);
    for (size_t half = 0; half < halves; half++) {
      const size_t byte = first_byte + triple / 2, sign_byte = first_byte + BL_TL2_INDEX_BYTES;
      const __m256i index = bl_lut_nibble256(bl_lut_load_half256(block, half, byte), triple % 2 == 0);
      const __m256i signs = _mm256_slli_epi16(bl_lut_load_half256(block, half, sign_byte), (int)triple);
      const __m256i sign = _mm256_or_si256(signs, _mm256_set1_epi8(1));
      if (triple % 2 == 0) bl_lut_prefetch_half(block, half, byte);
      if (triple == 0) bl_lut_prefetch_half(block, half, sign_byte);
      for (size_t token = 0; token < tokens; token++) {
        bl_lut_digits256 *sum = &sums[token * halves + half];
        const __m256i low = _mm256_shuffle_epi8(table[token].low, index);
        const __m256i high = _mm256_shuffle_epi8(table[token].high, index);
        sum->low = _mm256_add_epi8(sum->low, _mm256_sign_epi8(low, sign));
        sum->high = _mm256_add_epi8(sum->high, _mm256_sign_epi8(high, sign));
      }
    }
  }
}

static void multiply_block(const bl_lut_block *block, size_t tiles, size_t tokens) {
  bl_lut_multiply_block256(add_step, block, tiles, tokens);
}

static void multiply(const bl_multiply_task *task) {
  bl_lut_multiply256(&bl_lut_tl2, multiply_block, task);
}

BL_TARGET_END

static bl_cost cost(size_t m, size_t n, size_t k, const void *packed) {
  (void)packed;
  return bl_lut_cost(&bl_lut_tl2, m, n, k);
}

static const bl_kernel lut_tl2_avx2 = {
    .name = "lut-tl2-avx2",
    .family = "lut",
    .summary = "32 rows of triples of trits look up mirrored digit tables with vpshufb and vpsignb",
    .source = "arXiv 2502.11880",
    .explain =
        "20.5 vector operations for 192 weights, an eighth more per weight than tl1: the longer "
        "group saves a third of the look-ups, but its signs cost two operations to extract and "
        "two vpsignb each; it reads 5/3 bits a weight instead of 2, so it wins only where memory "
        "is the limit",
    .packing = &bl_packing_tl2,
    .isa = BL_ISA_AVX2,
    .activations = BL_ACTIVATIONS_INT8,
    .exact = true,
    .m_tile = 1,
    .n_tile = BL_LUT_ROWS,
    .prepared_bytes = prepared_bytes,
    .prepare = prepare,
    .multiply = multiply,
    .cost = cost,
};
BL_REGISTER(lut_tl2_avx2);
#endif
