// The operations of addsub on the `tcsc` packing, for all instruction sets: per token one addition for each
// nonzero weight, and two for each row and block of columns: less the sum of its -1 weights, to the row's
// total.
#ifndef BL_ADDSUB_TCSC_COST_H
#define BL_ADDSUB_TCSC_COST_H

#include "addsub/addsub_token_groups.h"
#include "packing/tcsc.h"

enum { BL_TCSC_ADDS_PER_BLOCK = 2 };

static inline bl_cost bl_addsub_tcsc_cost(size_t m, size_t n, size_t k, const void *packed) {
  const size_t nonzeros = packed == NULL ? n * k - n * k / 3 : bl_tcsc_nonzeros(n, k, packed);
  return (bl_cost){
      .adds = (uint64_t)m * (nonzeros + n * bl_tcsc_blocks(k) * BL_TCSC_ADDS_PER_BLOCK),
      .weight_bytes = bl_tcsc_bytes(n, k, nonzeros),
      .activation_bytes = m * k,
      .table_bytes = bl_token_groups_bytes(m, k),
      .output_bytes = m * n * sizeof(int32_t),
  };
}

#endif
