// The operations of rsr, for all instruction sets: per token, triple of rows and block of columns, an
// addition for every slot (used or not) and every column in overflow, the merge, and three additions to the
// rows.
#ifndef BL_RSR_COST_H
#define BL_RSR_COST_H

#include "packing/rsr.h"
#include "rsr/rsr_merge.h"

enum { BL_RSR_FIXED_ADDS = 2 * BL_RSR_SLOTS + BL_RSR_MERGE_ADDS + BL_RSR_ROWS_PER_TRIPLE };

// Bytes the portable kernel prepares: int32 activations, and a zero per block for unused slots.
static inline size_t bl_rsr_prepared_bytes(size_t m, size_t k) {
  return m * bl_rsr_blocks(k) * (BL_RSR_COLUMNS + 1) * sizeof(int32_t);
}

static inline bl_cost bl_rsr_cost(size_t m, size_t n, size_t k, const void *packed) {
  const size_t triples = bl_divide_up(n, BL_RSR_ROWS_PER_TRIPLE);
  // With a third of the weights zero, all 27 patterns are equally likely: 19.8 of 128 columns find no slot.
  const size_t overflow =
      packed == NULL ? triples * k * 198 / (10 * BL_RSR_COLUMNS) : bl_rsr_overflow_columns(n, k, packed);
  return (bl_cost){
      .adds = (uint64_t)m * (triples * bl_rsr_blocks(k) * BL_RSR_FIXED_ADDS + overflow),
      .weight_bytes = bl_rsr_bytes(n, k, overflow),
      .activation_bytes = m * k,
      .table_bytes = bl_rsr_prepared_bytes(m, k),
      .output_bytes = m * n * sizeof(int32_t),
  };
}

#endif
