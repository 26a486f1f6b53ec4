// The operations of addsub on the `planes` packing, for all instruction sets, as the portable kernel does
// them: per 64 columns of a row 64 additions of selected bytes, and the logic that selects them.
#ifndef BL_ADDSUB_PLANES_COST_H
#define BL_ADDSUB_PLANES_COST_H

#include "packing/planes.h"

enum {
  // 64-bit logic operations per pair of words: P | N once; then for each of the eight bits of a byte two
  // masks of (shift, and, shift, subtract), three operations to select and three to split bytes.
  BL_ADDSUB_PLANES_LOGIC_PER_PAIR = 1 + 8 * (2 * 4 + 3 + 3),
  // A 16-bit lane grows by at most 2 * 255 in each of the eight steps of a pair: 16 pairs stay below 65536.
  BL_ADDSUB_PLANES_PAIRS_PER_FLUSH = 16,
  // A flush adds four lanes; the end of a row takes off the bias and adds the count of -1 weights.
  BL_ADDSUB_PLANES_ADDS_PER_FLUSH = 4,
  BL_ADDSUB_PLANES_ADDS_PER_ROW = 2,
};

static inline bl_cost bl_addsub_planes_cost(size_t m, size_t n, size_t k, const void *packed) {
  (void)packed;
  const uint64_t pairs = bl_planes_row_pairs(k);
  const uint64_t flushes = bl_divide_up(pairs, BL_ADDSUB_PLANES_PAIRS_PER_FLUSH);
  return (bl_cost){
      .adds = (uint64_t)m * n *
              (pairs * 64 + flushes * BL_ADDSUB_PLANES_ADDS_PER_FLUSH + BL_ADDSUB_PLANES_ADDS_PER_ROW),
      .popcounts = n * pairs,
      .logic_operations = (uint64_t)m * n * pairs * BL_ADDSUB_PLANES_LOGIC_PER_PAIR,
      .weight_bytes = n * pairs * 16,
      .activation_bytes = m * k,
      .table_bytes = m * pairs * 64,
      .output_bytes = m * n * sizeof(int32_t),
  };
}

#endif
