// lut-tmac-scalar: T-MAC, one look-up and one addition per plane for four weights. The nibbles of a byte of
// tmac (packing/tmac.h has the picture) select subsets of four activations; both look up the 16 subset sums.
//
// Bound: per nibble a shift or mask, a dependent load and an addition, on one row at a time.
#include "common/bl_count.h"
#include "common/bl_register.h"
#include "lut/lut_nibbles_scalar.h"
#include "lut/lut_tmac.h"

static size_t prepared_bytes(size_t m, size_t k) {
  return m * bl_lut_token_bytes(&bl_lut_tmac, k);
}

static void build_step(const int8_t *x, int16_t *tables) {
  for (size_t group = 0; group < bl_lut_tmac.step_tables;
       group++, x += BL_TMAC_GROUP_COLUMNS, tables += BL_LUT_TABLE16_BYTES / 2) {
    tables[0] = 0;
    for (size_t column = 0; column < BL_TMAC_GROUP_COLUMNS; column++) {
      const size_t half = (size_t)1 << column;
      for (size_t entry = 0; entry < half; entry++)
        tables[half + entry] = (int16_t)(tables[entry] + x[column]);
    }
    BL_COUNT(adds, 15);
    BL_COUNT(table_writes, 16);
  }
}

static void prepare(const bl_prepare_task *task) {
  bl_lut_prepare_scalar(&bl_lut_tmac, build_step, task);
}

static void multiply_block(const bl_lut_block *block, size_t tiles, size_t tokens) {
  (void)tiles;
  (void)tokens;
  bl_lut_multiply_nibbles(&bl_lut_tmac_nibbles, block);
}

static void multiply(const bl_multiply_task *task) {
  static const bl_lut_plan plan = {&bl_lut_tmac, multiply_block, .tiles = 1, .tokens = 1};
  bl_lut_multiply(&plan, task);
}

static bl_cost cost(size_t m, size_t n, size_t k, const void *packed) {
  (void)packed;
  return bl_lut_cost(&bl_lut_tmac, m, n, k);
}

static const bl_kernel lut_tmac_scalar = {
    .name = "lut-tmac-scalar",
    .family = "lut",
    .summary = "two bit-planes look up a table of 16 subset sums",
    .source = "arXiv 2407.00088",
    .explain =
        "two look-ups and two adds for four weights, every look-up a scalar load behind a shift or a mask: "
        "about as many instructions as multiplying, which the compiler vectorises and look-ups it cannot",
    .packing = &bl_packing_tmac,
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
BL_REGISTER(lut_tmac_scalar);
