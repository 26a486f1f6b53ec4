// The operations of addsub on the `colgather` packing, for all instruction sets, when no activation is zero:
// one addition per nonzero weight and token, and per group of tokens one operation to clear each bit visited.
#ifndef BL_ADDSUB_COLGATHER_COST_H
#define BL_ADDSUB_COLGATHER_COST_H

#include "addsub/addsub_live_columns.h"
#include "packing/colgather.h"

static inline uint64_t bl_addsub_colgather_nonzeros(size_t n, size_t k, const void *packed) {
  if (packed == NULL) return (uint64_t)n * k - (uint64_t)n * k / 3;
  const uint64_t *words = packed;
  uint64_t nonzeros = 0;
  for (size_t i = 0; i < bl_colgather_bytes(n, k) / sizeof(uint64_t); i++)
    nonzeros += (uint64_t)__builtin_popcountll(words[i]);
  return nonzeros;
}

static inline bl_cost bl_addsub_colgather_cost(size_t m, size_t n, size_t k, const void *packed) {
  const uint64_t nonzeros = bl_addsub_colgather_nonzeros(n, k, packed);
  return (bl_cost){
      .adds = m * nonzeros,
      .logic_operations = bl_divide_up(m, BL_LIVE_TOKENS) * nonzeros,
      .weight_bytes = bl_colgather_bytes(n, k),
      .activation_bytes = m * k,
      .table_bytes = bl_live_bytes(m, k),
      .output_bytes = m * n * sizeof(int32_t),
  };
}

#endif
