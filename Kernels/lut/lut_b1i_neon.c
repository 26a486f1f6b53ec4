// lut-b1i-neon: binary weights by look-up with tbl. A vector of bytes (packing/b1i.h has the picture) is 16
// rows of the same eight columns, two nibble indices of 16-entry tables; lut_nibbles_neon.h has the flow.
//
// Six nibbles add in int8 (low digits at most 6 * 12, high 6 * 20); ten steps in int16 (240 * 128 = 30720).
//
// Bound, by counting instructions (not measured on such a machine): for 128 weights two extract indices, four
// look up, four add, and 1.3 join: 11.3.
#include "common/bl_register.h"
#include "common/bl_target.h"

#if BL_ARM64
#include "lut/lut_nibbles_neon.h"
#include "lut/lut_tables16_neon.h"
#include "lut/lut_b1i.h"

static size_t prepared_bytes(size_t m, size_t k) {
  return m * bl_lut_token_bytes(&bl_lut_b1i, k);
}

static void prepare(const bl_prepare_task *task) {
  bl_lut_prepare16_neon(&bl_lut_b1i, bl_lut_b1i_coefficient, task);
}

static void multiply_block(const bl_lut_block *block, size_t tiles, size_t tokens) {
  bl_lut_multiply_block_neon(&bl_lut_b1i_nibbles, block, tiles, tokens);
}

static void multiply(const bl_multiply_task *task) {
  bl_lut_multiply_neon(&bl_lut_b1i, multiply_block, task);
}

static bl_cost cost(size_t m, size_t n, size_t k, const void *packed) {
  (void)packed;
  return bl_lut_cost(&bl_lut_b1i, m, n, k);
}

static const bl_kernel lut_b1i_neon = {
    .name = "lut-b1i-neon",
    .family = "lut",
    .summary = "16 rows of four binary weights look up 16-entry digit tables with tbl",
    .source = "arXiv 2407.00088; binary weights: arXiv 2310.11453",
    .explain =
        "11.3 vector instructions for 128 weights: binary weights are where look-up is at its best, as one "
        "look-up covers four, while sdot needs eight multiplies besides the expansion of bits to bytes",
    .packing = &bl_packing_b1i,
    .isa = BL_ISA_NEON,
    .activations = BL_ACTIVATIONS_INT8,
    .exact = true,
    .m_tile = 1,
    .n_tile = BL_LUT_ROWS,
    .prepared_bytes = prepared_bytes,
    .prepare = prepare,
    .multiply = multiply,
    .cost = cost,
};
BL_REGISTER(lut_b1i_neon);
#endif
