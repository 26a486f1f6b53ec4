// lut-b1i-scalar: binary weights, one look-up and one addition for four weights. A nibble of b1i
// (packing/b1i.h has the picture) is the index of a table of the 16 sums that four signs can make of four
// activations.
//
// Bound: per nibble a shift or mask, a dependent load and an addition, on one row at a time.
#include "common/bl_count.h"
#include "common/bl_register.h"
#include "lut/lut_nibbles_scalar.h"
#include "lut/lut_b1i.h"

static size_t prepared_bytes(size_t m, size_t k) {
  return m * bl_lut_token_bytes(&bl_lut_b1i, k);
}

static void build_step(const int8_t *x, int16_t *tables) {
  for (size_t group = 0; group < bl_lut_b1i.step_tables;
       group++, x += BL_B1I_GROUP_COLUMNS, tables += BL_LUT_TABLE16_BYTES / 2) {
    tables[0] = (int16_t)(-x[0] - x[1] - x[2] - x[3]);
    for (size_t column = 0; column < BL_B1I_GROUP_COLUMNS; column++) {
      const size_t half = (size_t)1 << column;
      const int both = x[column] + x[column];  // from -x to +x
      for (size_t entry = 0; entry < half; entry++) tables[half + entry] = (int16_t)(tables[entry] + both);
    }
    BL_COUNT(adds, 4 + 4 + 15);
    BL_COUNT(table_writes, 16);
  }
}

static void prepare(const bl_prepare_task *task) {
  bl_lut_prepare_scalar(&bl_lut_b1i, build_step, task);
}

static void multiply_block(const bl_lut_block *block, size_t tiles, size_t tokens) {
  (void)tiles;
  (void)tokens;
  bl_lut_multiply_nibbles(&bl_lut_b1i_nibbles, block);
}

static void multiply(const bl_multiply_task *task) {
  static const bl_lut_plan plan = {&bl_lut_b1i, multiply_block, .tiles = 1, .tokens = 1};
  bl_lut_multiply(&plan, task);
}

static bl_cost cost(size_t m, size_t n, size_t k, const void *packed) {
  (void)packed;
  return bl_lut_cost(&bl_lut_b1i, m, n, k);
}

static const bl_kernel lut_b1i_scalar = {
    .name = "lut-b1i-scalar",
    .family = "lut",
    .summary = "four binary weights look up a table of 16 signed sums",
    .source = "arXiv 2407.00088; binary weights: arXiv 2310.11453",
    .explain =
        "one look-up and one add for four weights: fewer operations than multiplying by signs, but every "
        "look-up is a scalar load behind a shift or a mask, and popcount methods take 64 weights a word",
    .packing = &bl_packing_b1i,
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
BL_REGISTER(lut_b1i_scalar);
