// mad-tq2-scalar: two-bit codes times int8 activations in portable C.
//
// Idea: a row is unpacked once to bytes (shift, mask) and multiplied with every token; dot(weights, x) =
// dot(codes, x) - sum(x). Layout: packing/tq2.h.
// Bound: arithmetic; whatever vectors the compiler makes of a byte product with int32 sums.
#include "common/bl_register.h"
#include "mad/mad_two_bit.h"
#include "mad/mad_scalar.h"

static size_t prepared_bytes(size_t m, size_t k) {
  return bl_int8_prepared_bytes(m, k);
}

static void prepare(const bl_prepare_task *task) {
  bl_mad_scalar_prepare(task, task->k, 1);
}

static void unpack_row(const bl_multiply_task *task, size_t row, uint8_t *codes) {
  const uint8_t *packed = (const uint8_t *)task->packed + row * bl_tq2_row_bytes(task->k);
  bl_mad_two_bit_unpack_row(bl_mad_tq2_layout, task->k, packed, codes);
}

static void multiply(const bl_multiply_task *task) {
  bl_mad_scalar_multiply(task, task->k, unpack_row);
}

static size_t workspace_bytes(size_t m, size_t n, size_t k) {
  (void)m;
  (void)n;
  return bl_round_up(k, bl_mad_tq2_layout.block_columns);
}

static bl_cost cost(size_t m, size_t n, size_t k, const void *packed) {
  (void)packed;
  return bl_mad_two_bit_cost(bl_mad_tq2_layout, m, n, k);
}

static const bl_kernel mad_tq2_scalar = {
    .name = "mad-tq2-scalar",
    .family = "mad",
    .summary = "two-bit codes unpacked once a row, then a byte dot product",
    .source = "ggml-org/llama.cpp pull 8151",
    .explain =
        "bound by arithmetic: a shift and a mask for each weight and, for lack of a byte dot product in "
        "portable C, products widened to 16 and 32 bits",
    .packing = &bl_packing_tq2,
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
BL_REGISTER(mad_tq2_scalar);
