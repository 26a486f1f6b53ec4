// What the blocking, the table memory and the cost of every look-up kernel follow from, one constant per
// packing (lut_<packing>.h).
//
// Weights lie in tiles of 64 rows. A *step* is the least run of columns that a kernel works on: one group of
// t5, or of the other packings as many as add in int8 (lut_digits.h). A *chunk* is the run of steps whose
// sums fit int16: at most 255 columns, 255 * 128 = 32640.
//
//   one token's tables:   | step 0: table 0, table 1, ... | step 1: ... |    step_tables * table_bytes each
//   one tile's weights:   | step 0: bytes of 64 rows, ... | step 1: ... |    step_weight_bytes each
//
// A table that is large for what it is made of leaves prepare() in parts; multiply() expands those of a few
// chunks before they meet the weights. So less is written by one thread, and read from afar by the others.
#ifndef BL_LUT_LAYOUT_H
#define BL_LUT_LAYOUT_H

#include "common/bl_math.h"
#include "include/bitlab_kernels.h"

enum {
  BL_LUT_ROWS = 64,           // of a tile, in every packing of the family
  BL_LUT_TABLE16_BYTES = 32,  // a table looked up by nibbles: 16 int16, or 16 low digits and 16 high digits
};

typedef struct bl_lut_layout {
  size_t step_columns;
  size_t step_weight_bytes;     // of one tile
  size_t step_tables;           // of one token
  size_t table_bytes;           // as prepare() leaves it
  size_t expanded_table_bytes;  // as look-ups want it, when that is another form; else 0
  size_t chunk_steps;
  // For the cost: of one table, of its expansion, and of one row in one step.
  size_t table_entries, table_adds;
  size_t expanded_entries, expanding_adds, expanding_reads;
  size_t row_reads, row_adds, row_logic_operations;
} bl_lut_layout;

static inline size_t bl_lut_steps(const bl_lut_layout *layout, size_t k) {
  return bl_divide_up(k, layout->step_columns);
}
static inline size_t bl_lut_step_table_bytes(const bl_lut_layout *layout) {
  return layout->step_tables * layout->table_bytes;
}
static inline size_t bl_lut_token_bytes(const bl_lut_layout *layout, size_t k) {
  return bl_lut_steps(layout, k) * bl_lut_step_table_bytes(layout);
}

static inline bl_cost bl_lut_cost(const bl_lut_layout *layout, size_t m, size_t n, size_t k) {
  const uint64_t steps = bl_lut_steps(layout, k), tables = m * steps * layout->step_tables;
  const uint64_t row_steps = (uint64_t)m * n * steps;
  return (bl_cost){
      .adds = tables * (layout->table_adds + layout->expanding_adds) + row_steps * layout->row_adds,
      .table_reads = tables * layout->expanding_reads + row_steps * layout->row_reads,
      .table_writes = tables * (layout->table_entries + layout->expanded_entries),
      .logic_operations = row_steps * layout->row_logic_operations,
      .weight_bytes = bl_divide_up(n, BL_LUT_ROWS) * steps * layout->step_weight_bytes,
      .activation_bytes = (uint64_t)m * k,
      .table_bytes = m * bl_lut_token_bytes(layout, k),
      .output_bytes = (uint64_t)m * n * sizeof(int32_t),
  };
}

#endif
