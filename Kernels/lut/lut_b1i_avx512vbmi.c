// lut-b1i-avx512: binary weights by look-up with vpshufb. A vector of bytes (packing/b1i.h has the picture)
// is 64 rows of the same eight columns, two nibble indices of 16-entry tables; lut_nibbles_avx512.h has the
// flow.
//
// Six nibbles add in int8 (low digits at most 6 * 12, high 6 * 20); ten steps in int16 (240 * 128 = 30720).
//
// Bound: for 512 weights three operations extract two indices, four look up, four add, and two join: 13, four
// of them on the one port that Intel's 512-bit vpshufb has.
#include "common/bl_register.h"
#include "common/bl_target.h"

#if BL_X86
#include "lut/lut_nibbles_avx512.h"
#include "lut/lut_tables16_avx2.h"
#include "lut/lut_b1i.h"

BL_TARGET_BEGIN_AVX512

static size_t prepared_bytes(size_t m, size_t k) {
  return m * bl_lut_token_bytes(&bl_lut_b1i, k);
}

static void prepare(const bl_prepare_task *task) {
  bl_lut_prepare16(&bl_lut_b1i, bl_lut_b1i_coefficient, task);
}

BL_ALWAYS_INLINE void add_step(const bl_lut_block *block, size_t step, size_t tiles, size_t tokens,
                               bl_lut_digits512 *sums) {
  bl_lut_add_nibbles512(&bl_lut_b1i_nibbles, block, step, tiles, tokens, sums);
}

static void multiply_block(const bl_lut_block *block, size_t tiles, size_t tokens) {
  bl_lut_multiply_block512(add_step, block, tiles, tokens);
}

static void multiply(const bl_multiply_task *task) {
  bl_lut_multiply512(&bl_lut_b1i, multiply_block, task);
}

BL_TARGET_END

static bl_cost cost(size_t m, size_t n, size_t k, const void *packed) {
  (void)packed;
  return bl_lut_cost(&bl_lut_b1i, m, n, k);
}

static const bl_kernel lut_b1i_avx512 = {
    .name = "lut-b1i-avx512",
    .family = "lut",
    .summary = "64 rows of four binary weights look up 16-entry digit tables with vpshufb",
    .source = "arXiv 2407.00088; binary weights: arXiv 2310.11453",
    .explain =
        "13 vector operations for 512 weights (two digits of two nibbles: 4 look-ups, 4 adds, 3 "
        "to extract indices, 2 to join) against 16 for masks expanded into vpdpbusd or masked "
        "adds: binary weights are where look-up is at its best, as one look-up covers four; "
        "prefill repeats look-ups for every token, 10.8 against 8 vpdpbusd on unpacked weights",
    .packing = &bl_packing_b1i,
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
BL_REGISTER(lut_b1i_avx512);
#endif
