// mad-tq1-scalar: five trits in a byte times int8 activations in portable C.
//
// Idea: a row is unpacked once to bytes by multiplying fractions by three (mad_trits.h) and multiplied with
// every token. Layout: packing/tq1.h. Bound: arithmetic, a multiply for each trit before its product.
#include "common/bl_register.h"
#include "mad/mad_trits.h"
#include "mad/mad_scalar.h"

static size_t prepared_bytes(size_t m, size_t k) {
  return bl_int8_prepared_bytes(m, k);
}

static void prepare(const bl_prepare_task *task) {
  bl_mad_scalar_prepare(task, task->k, 1);
}

static void unpack_row(const bl_multiply_task *task, size_t row, uint8_t *codes) {
  const uint8_t *packed = (const uint8_t *)task->packed + row * bl_tq1_row_bytes(task->k);
  for (size_t column = 0; column < task->k; column += BL_TQ1_BLOCK_COLUMNS, packed += BL_TQ1_BLOCK_BYTES) {
    for (size_t i = 0; i < BL_TQ1_PARTS; i++) {
      const bl_tq1_part part = bl_tq1_parts[i];
      for (size_t byte = 0; byte < part.bytes; byte++)
        bl_mad_trits_of_fraction(packed[part.first_byte + byte], part.trits, part.bytes,
                                 codes + column + part.first_column + byte);
    }
  }
}

static void multiply(const bl_multiply_task *task) {
  bl_mad_scalar_multiply(task, task->k, unpack_row);
}

static size_t workspace_bytes(size_t m, size_t n, size_t k) {
  (void)m;
  (void)n;
  return bl_round_up(k, BL_TQ1_BLOCK_COLUMNS);
}

static bl_cost cost(size_t m, size_t n, size_t k, const void *packed) {
  (void)packed;
  return bl_mad_tq1_cost(m, n, k);
}

static const bl_kernel mad_tq1_scalar = {
    .name = "mad-tq1-scalar",
    .family = "mad",
    .summary = "five trits in a byte unpacked once a row by multiplying fractions by three",
    .source = "ggml-org/llama.cpp pull 8151",
    .explain = "bound by arithmetic: a multiply, a shift and a mask for each trit before its product",
    .packing = &bl_packing_tq1,
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
BL_REGISTER(mad_tq1_scalar);
