// int8-i8-scalar: the dense int8 baseline in portable C.
//
// Idea: every weight meets every token in an int16 x int16 product with an int32 sum, the form compilers turn
// into a multiply-add of pairs; so activations are widened once, in prepare(), and each row of weights once
// for all tokens. Layout: packing/i8.h. Bound: arithmetic.
#include "common/bl_count.h"
#include "common/bl_register.h"
#include "int8/int8_cost.h"

static size_t prepared_bytes(size_t m, size_t k) {
  return m * k * sizeof(int16_t);
}

static void prepare(const bl_prepare_task *task) {
  const size_t k = task->k;
  const int8_t *x = task->x;
  int16_t *wide = task->prepared;
  for (size_t i = task->m_begin * k; i < task->m_end * k; i++) wide[i] = x[i];
}

static void multiply(const bl_multiply_task *task) {
  const size_t k = task->k;
  int16_t *wide = task->workspace;
  for (size_t row = task->n_begin; row < task->n_end; row++) {
    const int8_t *weights = (const int8_t *)task->packed + row * bl_i8_row_bytes(k);
    for (size_t i = 0; i < k; i++) wide[i] = weights[i];
    for (size_t token = 0; token < task->m; token++) {
      const int16_t *x = (const int16_t *)task->prepared + token * k;
      int32_t sum = 0;
      for (size_t i = 0; i < k; i++) sum += x[i] * wide[i];
      BL_COUNT(multiplies, k);
      BL_COUNT(adds, k);
      ((int32_t *)task->y)[token * task->n + row] = sum;
    }
  }
}

static size_t workspace_bytes(size_t m, size_t n, size_t k) {
  (void)m;
  (void)n;
  return k * sizeof(int16_t);
}

static bl_cost cost(size_t m, size_t n, size_t k, const void *packed) {
  (void)packed;
  return bl_int8_cost(m, n, k);
}

static const bl_kernel int8_i8_scalar = {
    .name = "int8-i8-scalar",
    .family = "int8",
    .summary = "dense int8 weights, int16 products with int32 sums",
    .source = "bitlab",
    .explain =
        "reads 8 bits a weight where ternary packings read 1.6 to 2; bound by arithmetic in portable C",
    .packing = &bl_packing_i8,
    .isa = BL_ISA_SCALAR,
    .activations = BL_ACTIVATIONS_INT8,
    .exact = true,
    .m_tile = 1,
    .n_tile = 1,
    .prepared_bytes = prepared_bytes,
    .prepare = prepare,
    .workspace_bytes = workspace_bytes,
    .multiply = multiply,
    .cost = cost,
};
BL_REGISTER(int8_i8_scalar);
