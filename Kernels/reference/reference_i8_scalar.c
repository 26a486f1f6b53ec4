// reference-i8-scalar: the truth for all other kernels. One multiply and one add per weight, int32 sums,
// nothing clever. Its own truth is the Swift reference matmul.
#include "common/bl_count.h"
#include "common/bl_register.h"
#include "packing/i8.h"

#include <string.h>

static size_t prepared_bytes(size_t m, size_t k) {
  return m * k;
}

static void prepare(const bl_prepare_task *task) {
  const size_t k = task->k;
  memcpy((int8_t *)task->prepared + task->m_begin * k, (const int8_t *)task->x + task->m_begin * k,
         (task->m_end - task->m_begin) * k);
}

static void multiply(const bl_multiply_task *task) {
  const size_t k = task->k;
  for (size_t token = 0; token < task->m; token++) {
    const int8_t *x = (const int8_t *)task->prepared + token * k;
    for (size_t row = task->n_begin; row < task->n_end; row++) {
      const int8_t *w = (const int8_t *)task->packed + row * bl_i8_row_bytes(k);
      int32_t sum = 0;
      for (size_t i = 0; i < k; i++) sum += x[i] * w[i];
      BL_COUNT(multiplies, k);
      BL_COUNT(adds, k);
      ((int32_t *)task->y)[token * task->n + row] = sum;
    }
  }
}

static bl_cost cost(size_t m, size_t n, size_t k, const void *packed) {
  (void)packed;
  return (bl_cost){
      .adds = (uint64_t)m * n * k,
      .multiplies = (uint64_t)m * n * k,
      .weight_bytes = n * bl_i8_row_bytes(k),
      .activation_bytes = m * k,
      .table_bytes = prepared_bytes(m, k),
      .output_bytes = m * n * sizeof(int32_t),
  };
}

static const bl_kernel reference_i8_scalar = {
    .name = "reference-i8-scalar",
    .family = "reference",
    .summary = "plain int8 multiply-add with int32 sums, the truth for all kernels",
    .source = "bitlab",
    .explain = "reads a whole byte for 1.58 bits of weight and multiplies where a sign would do",
    .packing = &bl_packing_i8,
    .isa = BL_ISA_SCALAR,
    .activations = BL_ACTIVATIONS_INT8,
    .exact = true,
    .m_tile = 1,
    .n_tile = 1,
    .prepared_bytes = prepared_bytes,
    .prepare = prepare,
    .multiply = multiply,
    .cost = cost,
};
BL_REGISTER(reference_i8_scalar);
