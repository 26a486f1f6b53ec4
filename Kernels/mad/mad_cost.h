// The cost of the mad family, for all its packings: weights are unpacked to codes once, then every token
// multiplies and adds each code of its k columns; sum(x) is taken once per token and corrected once per
// result.
#ifndef BL_MAD_COST_H
#define BL_MAD_COST_H

#include "include/bitlab_kernels.h"

// Work to unpack one row.
typedef struct bl_mad_unpack_cost {
  uint64_t adds, multiplies, logic_operations;
} bl_mad_unpack_cost;

static inline bl_cost bl_mad_cost(size_t m, size_t n, size_t k, bl_mad_unpack_cost unpack,
                                  size_t packed_bytes, size_t prepared_bytes) {
  const uint64_t products = (uint64_t)m * n * k;
  return (bl_cost){
      .adds = (uint64_t)m * k + products + (uint64_t)m * n + n * unpack.adds,
      .multiplies = products + n * unpack.multiplies,
      .logic_operations = n * unpack.logic_operations,
      .weight_bytes = packed_bytes,
      .activation_bytes = (uint64_t)m * k,
      .table_bytes = prepared_bytes,
      .output_bytes = (uint64_t)m * n * sizeof(int32_t),
  };
}

#endif
