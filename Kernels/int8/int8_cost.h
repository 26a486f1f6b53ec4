// The cost of the int8 family: a multiply and an add for each weight and token.
#ifndef BL_INT8_COST_H
#define BL_INT8_COST_H

#include "packing/i8.h"

static inline bl_cost bl_int8_cost(size_t m, size_t n, size_t k) {
  return (bl_cost){
      .adds = (uint64_t)m * n * k,
      .multiplies = (uint64_t)m * n * k,
      .weight_bytes = n * bl_i8_row_bytes(k),
      .activation_bytes = (uint64_t)m * k,
      .table_bytes = 2 * (uint64_t)m * k,
      .output_bytes = (uint64_t)m * n * sizeof(int32_t),
  };
}

#endif
