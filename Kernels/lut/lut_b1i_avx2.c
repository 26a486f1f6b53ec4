// lut-b1i-avx2: binary weights by look-up with vpshufb. A vector of bytes (packing/b1i.h has the picture) is
// 32 rows of the same eight columns, two nibble indices of 16-entry tables; lut_nibbles_avx2.h has the flow.
//
// Six nibbles add in int8 (low digits at most 6 * 12, high 6 * 20); ten steps in int16 (240 * 128 = 30720).
//
// Bound: for 256 weights three operations extract two indices, four look up, four add, and two join: 13, or
// 4.3 cycles on three ports.
#include "common/bl_register.h"
#include "common/bl_target.h"

#if BL_X86
#include "lut/lut_nibbles_avx2.h"
#include "lut/lut_tables16_avx2.h"
#include "lut/lut_b1i.h"

BL_TARGET_BEGIN_AVX2

static size_t prepared_bytes(size_t m, size_t k) {
  return m * bl_lut_token_bytes(&bl_lut_b1i, k);
}

static void prepare(const bl_prepare_task *task) {
  bl_lut_prepare16(&bl_lut_b1i, bl_lut_b1i_coefficient, task);
}

BL_ALWAYS_INLINE void add_step(const bl_lut_block *block, size_t step, size_t halves, size_t tokens,
                               bl_lut_digits256 *sums) {
  bl_lut_add_nibbles256(&bl_lut_b1i_nibbles, block, step, halves, tokens, sums);
}

static void multiply_block(const bl_lut_block *block, size_t tiles, size_t tokens) {
  bl_lut_multiply_block256(add_step, block, tiles, tokens);
}

static void multiply(const bl_multiply_task *task) {
  bl_lut_multiply256(&bl_lut_b1i, multiply_block, task);
}

BL_TARGET_END

static bl_cost cost(size_t m, size_t n, size_t k, const void *packed) {
  (void)packed;
  return bl_lut_cost(&bl_lut_b1i, m, n, k);
}

static const bl_kernel lut_b1i_avx2 = {
    .name = "lut-b1i-avx2",
    .family = "lut",
    .summary = "32 rows of four binary weights look up 16-entry digit tables with vpshufb",
    .source = "arXiv 2407.00088; binary weights: arXiv 2310.11453",
    .explain =
        "13 vector operations for 256 weights: binary weights are where look-up is at its best, "
        "as one look-up covers four, while vpmaddubsw needs 8 multiplies and as many adds besides "
        "the expansion of bits to bytes",
    .packing = &bl_packing_b1i,
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
BL_REGISTER(lut_b1i_avx2);
#endif
