// What the float kernels cost: one multiplication and one addition per weight and token, whatever the
// weights. The portable kernels define the counts; `widen_logic` is their integer operations per weight to
// make a float, done once per matmul (vector kernels convert in other ways, the same number of times or less
// often than the weight is used).
#ifndef BL_FLOAT_COST_H
#define BL_FLOAT_COST_H

#include "common/bl_float_tile.h"
#include "include/bitlab_kernels.h"

#define BL_FLOAT_SOURCE \
  "bitlab; register tile with broadcast: Goto and van de Geijn, doi 10.1145/1356052.1356053"

// Rounding error of one product, relative to its magnitude: that of the stored weight (half a unit in the
// last place, for weights in the range that the packing's header names) plus a margin for the order of the
// sum, which comes on top of the k * 2^-24 of the contract.
#define BL_FLOAT_SUM_ERROR (1.0 / (1 << 20))
#define BL_FLOAT_FP32_ERROR (BL_FLOAT_SUM_ERROR / 4)
#define BL_FLOAT_FP16_ERROR (1.0 / (1 << 11) + BL_FLOAT_SUM_ERROR)
#define BL_FLOAT_BF16_ERROR (1.0 / (1 << 8) + 8 * BL_FLOAT_SUM_ERROR)
// Activations are rounded to bf16 as well: (1 + 2^-8)^2 - 1.
#define BL_FLOAT_BF16_DOT_ERROR (2.0 / (1 << 8) + 1.0 / (1 << 16) + 16 * BL_FLOAT_SUM_ERROR)

// Activations of all tokens, padded with zeros to whole columns. One size for all kernels of a packing, so
// that they have one cost; activations rounded to bf16 fill half of it.
static inline size_t bl_float_prepared_bytes(size_t m, size_t k) {
  return m * bl_float_padded_columns(k) * sizeof(float);
}

static inline bl_cost bl_float_cost(size_t m, size_t n, size_t k, size_t weight_bytes, uint64_t widen_logic) {
  const uint64_t weights = (uint64_t)bl_float_padded_rows(n) * bl_float_padded_columns(k);
  return (bl_cost){
      .adds = m * weights,
      .multiplies = m * weights,
      .logic_operations = widen_logic * weights,
      .weight_bytes = weight_bytes * weights,
      .activation_bytes = (uint64_t)m * k * sizeof(float),
      .table_bytes = bl_float_prepared_bytes(m, k),
      .output_bytes = (uint64_t)m * n * sizeof(float),
  };
}

#endif
