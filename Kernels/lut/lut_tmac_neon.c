// lut-tmac-neon: bit-wise look-up with tbl. A vector of bytes (packing/tmac.h has the picture) is 16 rows of
// the same four columns, the nibbles of planes P and N; lut_nibbles_neon.h has the flow.
//
// Five groups of both planes add in int8 (low digits at most 5 * 24, high 5 * 21); twelve steps in int16
// (240 * 128 = 30720).
//
// Bound, by counting instructions (not measured on such a machine): for 64 weights of two bits two extract
// indices, four look up, four add, and 0.8 join: 10.8, where mad takes eight with sdot, and 14 without it.
#include "common/bl_register.h"
#include "common/bl_target.h"

#if BL_ARM64
#include "lut/lut_nibbles_neon.h"
#include "lut/lut_tables16_neon.h"
#include "lut/lut_tmac.h"

static size_t prepared_bytes(size_t m, size_t k) {
  return m * bl_lut_token_bytes(&bl_lut_tmac, k);
}

static void prepare(const bl_prepare_task *task) {
  bl_lut_prepare16_neon(&bl_lut_tmac, bl_lut_tmac_coefficient, task);
}

static void multiply_block(const bl_lut_block *block, size_t tiles, size_t tokens) {
  bl_lut_multiply_block_neon(&bl_lut_tmac_nibbles, block, tiles, tokens);
}

static void multiply(const bl_multiply_task *task) {
  bl_lut_multiply_neon(&bl_lut_tmac, multiply_block, task);
}

static bl_cost cost(size_t m, size_t n, size_t k, const void *packed) {
  (void)packed;
  return bl_lut_cost(&bl_lut_tmac, m, n, k);
}

static const bl_kernel lut_tmac_neon = {
    .name = "lut-tmac-neon",
    .family = "lut",
    .summary = "16 rows of two bit-planes look up 16-entry digit tables with tbl",
    .source = "arXiv 2407.00088",
    .explain =
        "10.8 vector instructions for 64 weights, as tl1, with half the bytes of tables; against eight of "
        "mad "
        "where sdot exists; the method takes any number of bit-planes, and ternary weights pay for two",
    .packing = &bl_packing_tmac,
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
BL_REGISTER(lut_tmac_neon);
#endif
