// lut-t5-scalar: one look-up and one addition for five weights. A byte of t5 (packing/t5.h has the picture)
// is the index of a 122-entry table of the five activations' signed sums, and the sign to add the entry with.
//
//   for each group of 5 columns:  T[0..121] from 5 activations, one addition an entry
//   for each row:                 sum += sign * T[byte & 127]
//
// Bound: one dependent load (byte, then entry) and about five instructions for five weights; byte permutes,
// which do 64 rows at once, need vectors.
#include "common/bl_count.h"
#include "common/bl_register.h"
#include "lut/lut_scalar.h"
#include "lut/lut_t5.h"

static void build_step(const int8_t *x, int16_t *parts) {
  bl_lut_build_triple(x, parts);
  bl_lut_build_pair(x + 3, parts + BL_LUT_T5_FIRST_PAIR);
}

static void prepare(const bl_prepare_task *task) {
  bl_lut_prepare_scalar(&bl_lut_t5, build_step, task);
}

static void expand(const uint8_t *tables, size_t count, uint8_t *expanded) {
  const int16_t *parts = (const int16_t *)(const void *)tables;
  int16_t *table = (int16_t *)(void *)expanded;
  for (size_t i = 0; i < count; i++, parts += BL_LUT_T5_WORDS, table += BL_LUT_T5_ENTRIES) {
    for (size_t v = 0; v < BL_LUT_T5_USED; v++)  // v + 4 = 9 a + (b + 4)
      table[v] = (int16_t)(parts[(v + 4) / 9] + parts[BL_LUT_T5_FIRST_PAIR + (v + 4) % 9]);
    BL_COUNT(table_reads, 2 * BL_LUT_T5_USED);
    BL_COUNT(adds, BL_LUT_T5_USED);
    BL_COUNT(table_writes, BL_LUT_T5_USED);
  }
}

static void multiply_block(const bl_lut_block *block, size_t tiles, size_t tokens) {
  (void)tiles;
  (void)tokens;
  const int16_t *tables = (const int16_t *)(const void *)block->tables;
  for (size_t row = 0; row < block->rows; row++) {
    int32_t sum = 0;
    for (size_t group = 0; group < block->steps; group++) {
      const uint8_t byte = block->weights[group * BL_T5_ROWS + row];
      const int32_t entry = tables[group * BL_LUT_T5_ENTRIES + (byte & 0x7f)];
      sum += byte & 0x80 ? -entry : entry;
    }
    bl_lut_add_sum(block, row, sum);
  }
  BL_COUNT(logic_operations, 2 * block->steps * block->rows);
  BL_COUNT(table_reads, block->steps * block->rows);
  BL_COUNT(adds, block->steps * block->rows);
}

static void multiply(const bl_multiply_task *task) {
  static const bl_lut_plan plan = {&bl_lut_t5, multiply_block, expand, .tiles = 1, .tokens = 1};
  bl_lut_multiply(&plan, task);
}

static bl_cost cost(size_t m, size_t n, size_t k, const void *packed) {
  (void)packed;
  return bl_lut_cost(&bl_lut_t5, m, n, k);
}

static const bl_kernel lut_t5_scalar = {
    .name = "lut-t5-scalar",
    .family = "lut",
    .summary = "five trits in a byte look up a mirrored table of 122 sums",
    .source = "bitlab; mirrored ternary tables: arXiv 2502.11880",
    .explain =
        "one look-up and one add for five weights is the fewest operations of the family, but a scalar "
        "look-up is a load of its own for every row: about five instructions a byte, none of them "
        "vectorisable without a byte permute",
    .packing = &bl_packing_t5,
    .isa = BL_ISA_SCALAR,
    .activations = BL_ACTIVATIONS_INT8,
    .exact = true,
    .m_tile = 1,
    .n_tile = BL_LUT_ROWS,
    .prepared_bytes = bl_lut_t5_prepared_bytes,
    .prepare = prepare,
    .workspace_bytes = bl_lut_t5_workspace_bytes,
    .multiply = multiply,
    .cost = cost,
};
BL_REGISTER(lut_t5_scalar);
