// lut-tl2-scalar: TL2, one look-up and one addition for three weights. A nibble of tl2 (packing/tl2.h has the
// picture) is the index of a table of 14 of the 27 sums that three ternary weights can make of three
// activations; the others are their negatives, and a sign bit says when.
//
// Bound: per triple a shift or mask, a dependent load, the sign (shift, mask, select) and an addition, on one
// row at a time.
#include "common/bl_count.h"
#include "common/bl_register.h"
#include "lut/lut_scalar.h"
#include "lut/lut_tl2.h"

enum { ENTRIES = BL_LUT_TABLE16_BYTES / sizeof(int16_t) };

static size_t prepared_bytes(size_t m, size_t k) {
  return m * bl_lut_token_bytes(&bl_lut_tl2, k);
}

static void build_step(const int8_t *x, int16_t *tables) {
  for (size_t triple = 0; triple < BL_TL2_STEP_TRIPLES; triple++)
    bl_lut_build_triple(x + triple * BL_TL2_TRIPLE_COLUMNS, tables + triple * ENTRIES);
}

static void prepare(const bl_prepare_task *task) {
  bl_lut_prepare_scalar(&bl_lut_tl2, build_step, task);
}

static void multiply_block(const bl_lut_block *block, size_t tiles, size_t tokens) {
  (void)tiles;
  (void)tokens;
  const int16_t *tables = (const int16_t *)(const void *)block->tables;
  for (size_t row = 0; row < block->rows; row++) {
    int32_t sum = 0;
    for (size_t step = 0; step < block->steps; step++) {
      const uint8_t *bytes = block->weights + step * BL_TL2_STEP_BYTES * BL_LUT_ROWS + row;
      const uint8_t signs = bytes[BL_TL2_INDEX_BYTES * BL_LUT_ROWS];
      for (size_t triple = 0; triple < BL_TL2_STEP_TRIPLES; triple++) {
        const uint8_t byte = bytes[triple / 2 * BL_LUT_ROWS];
        const size_t index = triple % 2 == 0 ? byte >> 4 : byte & 15;
        const int32_t entry = tables[(step * BL_TL2_STEP_TRIPLES + triple) * ENTRIES + index];
        sum += signs >> (7 - triple) & 1 ? -entry : entry;
      }
    }
    bl_lut_add_sum(block, row, sum);
  }

  BL_COUNT(logic_operations, 3 * block->steps * BL_TL2_STEP_TRIPLES * block->rows);
  BL_COUNT(table_reads, block->steps * BL_TL2_STEP_TRIPLES * block->rows);
  BL_COUNT(adds, block->steps * BL_TL2_STEP_TRIPLES * block->rows);
}

static void multiply(const bl_multiply_task *task) {
  static const bl_lut_plan plan = {&bl_lut_tl2, multiply_block, .tiles = 1, .tokens = 1};
  bl_lut_multiply(&plan, task);
}

static bl_cost cost(size_t m, size_t n, size_t k, const void *packed) {
  (void)packed;
  return bl_lut_cost(&bl_lut_tl2, m, n, k);
}

static const bl_kernel lut_tl2_scalar = {
    .name = "lut-tl2-scalar",
    .family = "lut",
    .summary = "triples of trits look up a mirrored table of 14 sums",
    .source = "arXiv 2502.11880",
    .explain =
        "one look-up and one add for three weights, but the sign of the mirrored table costs as much again: "
        "about as many instructions as multiplying, which the compiler vectorises and look-ups it cannot",
    .packing = &bl_packing_tl2,
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
BL_REGISTER(lut_tl2_scalar);
