// lut-tl1-scalar: TL1, one look-up and one addition for two weights. A nibble of tl1 (packing/tl1.h has the
// picture) is the index of a table of the nine sums that two ternary weights can make of two activations.
//
// Bound: per pair a shift or mask, a dependent load and an addition, on one row at a time.
#include "common/bl_count.h"
#include "common/bl_register.h"
#include "lut/lut_nibbles_scalar.h"
#include "lut/lut_tl1.h"

static size_t prepared_bytes(size_t m, size_t k) {
  return m * bl_lut_token_bytes(&bl_lut_tl1, k);
}

static void build_step(const int8_t *x, int16_t *tables) {
  for (size_t pair = 0; pair < bl_lut_tl1.step_tables; pair++)
    bl_lut_build_pair(x + pair * BL_TL1_PAIR_COLUMNS, tables + pair * BL_LUT_TABLE16_BYTES / sizeof(int16_t));
}

static void prepare(const bl_prepare_task *task) {
  bl_lut_prepare_scalar(&bl_lut_tl1, build_step, task);
}

static void multiply_block(const bl_lut_block *block, size_t tiles, size_t tokens) {
  (void)tiles;
  (void)tokens;
  bl_lut_multiply_nibbles(&bl_lut_tl1_nibbles, block);
}

static void multiply(const bl_multiply_task *task) {
  static const bl_lut_plan plan = {&bl_lut_tl1, multiply_block, .tiles = 1, .tokens = 1};
  bl_lut_multiply(&plan, task);
}

static bl_cost cost(size_t m, size_t n, size_t k, const void *packed) {
  (void)packed;
  return bl_lut_cost(&bl_lut_tl1, m, n, k);
}

static const bl_kernel lut_tl1_scalar = {
    .name = "lut-tl1-scalar",
    .family = "lut",
    .summary = "pairs of trits look up a table of nine sums",
    .source = "arXiv 2502.11880",
    .explain =
        "one look-up and one add for two weights, every look-up a scalar load behind a shift or a mask: "
        "about as many instructions as multiplying, which the compiler vectorises and look-ups it cannot",
    .packing = &bl_packing_tl1,
    .isa = BL_ISA_SCALAR,
    .activations = BL_ACTIVATIONS_INT8,
    .exact = true,
    .m_tile = 1,
    .n_tile = BL_LUT_ROWS,
    .prepared_bytes = prepared_bytes,
    .prepare = prepare,
    .multiply = multiply,
    .cost = cost,
};
BL_REGISTER(lut_tl1_scalar);
