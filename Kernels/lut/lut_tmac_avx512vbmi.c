// lut-tmac-avx512: bit-wise look-up with vpshufb. A vector of bytes (packing/tmac.h has the picture) is 64
// rows of the same four columns, the nibbles of planes P and N; lut_nibbles_avx512.h has the flow.
//
// Five groups of both planes add in int8 (low digits at most 5 * 24, high 5 * 21); twelve steps in int16
// (240 * 128 = 30720).
//
// Bound: for 256 weights three operations extract two indices, four look up, four add or subtract, and 1.2
// join: 12.2, four of them on the one port that Intel's 512-bit vpshufb has. Both nibbles share a table: half
// the table bytes of tl1.
#include "common/bl_register.h"
#include "common/bl_target.h"

#if BL_X86
#include "lut/lut_nibbles_avx512.h"
#include "lut/lut_tables16_avx2.h"
#include "lut/lut_tmac.h"

BL_TARGET_BEGIN_AVX512

static size_t prepared_bytes(size_t m, size_t k) {
  return m * bl_lut_token_bytes(&bl_lut_tmac, k);
}

static void prepare(const bl_prepare_task *task) {
  bl_lut_prepare16(&bl_lut_tmac, bl_lut_tmac_coefficient, task);
}

BL_ALWAYS_INLINE void add_step(const bl_lut_block *block, size_t step, size_t tiles, size_t tokens,
                               bl_lut_digits512 *sums) {
  bl_lut_add_nibbles512(&bl_lut_tmac_nibbles, block, step, tiles, tokens, sums);
}

static void multiply_block(const bl_lut_block *block, size_t tiles, size_t tokens) {
  bl_lut_multiply_block512(add_step, block, tiles, tokens);
}

static void multiply(const bl_multiply_task *task) {
  bl_lut_multiply512(&bl_lut_tmac, multiply_block, task);
}

BL_TARGET_END

static bl_cost cost(size_t m, size_t n, size_t k, const void *packed) {
  (void)packed;
  return bl_lut_cost(&bl_lut_tmac, m, n, k);
}

static const bl_kernel lut_tmac_avx512 = {
    .name = "lut-tmac-avx512",
    .family = "lut",
    .summary = "64 rows of two bit-planes look up 16-entry digit tables with vpshufb",
    .source = "arXiv 2407.00088",
    .explain =
        "12.2 vector operations for 256 weights (two digits of two planes: 4 look-ups, 4 adds, 3 "
        "to extract indices, 1.2 to join) against 8 by masked vpdpbusd; a weight costs the same "
        "as in tl1, its tables half the bytes; the method takes any number of bit-planes, and ternary "
        "weights pay for two",
    .packing = &bl_packing_tmac,
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
BL_REGISTER(lut_tmac_avx512);
#endif
