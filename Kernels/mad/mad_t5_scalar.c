// mad-t5-scalar: five trits in a byte, 64 rows interleaved, times int8 activations in portable C.
//
// Idea: a row is unpacked once to bytes (the mirrored index made a fraction, trits by multiplying by three,
// mad_trits.h) and multiplied with every token. Layout: packing/t5.h; the bytes of a row are 64 apart.
// Bound: arithmetic, a division for each byte and a multiply for each trit before its product.
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
  const size_t groups = bl_t5_groups(task->k);
  const uint8_t *tile =
      (const uint8_t *)task->packed + row / BL_T5_ROWS * bl_t5_tile_bytes(task->k) + row % BL_T5_ROWS;
  for (size_t group = 0; group < groups; group++) {
    const int byte = tile[group * BL_T5_ROWS], magnitude = byte & 0x7f;
    const int value = byte & 0x80 ? 121 - magnitude : 121 + magnitude;
    const uint32_t fraction = (((uint32_t)value << 8) + 242) / 243;
    bl_mad_trits_of_fraction(fraction, BL_T5_COLUMNS, 1, codes + group * BL_T5_COLUMNS);
  }
  BL_COUNT(adds, BL_MAD_T5_ADDS * groups);
  BL_COUNT(multiplies, BL_MAD_T5_MULTIPLIES * groups);
  BL_COUNT(logic_operations, BL_MAD_T5_LOGIC * groups);
}

static void multiply(const bl_multiply_task *task) {
  bl_mad_scalar_multiply(task, task->k, unpack_row);
}

static size_t workspace_bytes(size_t m, size_t n, size_t k) {
  (void)m;
  (void)n;
  return bl_t5_groups(k) * BL_T5_COLUMNS;
}

static bl_cost cost(size_t m, size_t n, size_t k, const void *packed) {
  (void)packed;
  return bl_mad_t5_cost(m, n, k);
}

static const bl_kernel mad_t5_scalar = {
    .name = "mad-t5-scalar",
    .family = "mad",
    .summary = "five trits in a byte unpacked once a row by multiplying fractions by three",
    .source = "bitlab; five trits in eight bits: ggml-org/llama.cpp pull 8151",
    .explain =
        "bound by arithmetic: a division for each byte and a multiply, a shift and a mask for each trit "
        "before its product",
    .packing = &bl_packing_t5,
    .isa = BL_ISA_SCALAR,
    .activations = BL_ACTIVATIONS_INT8,
    .exact = true,
    .m_tile = 1,
    .n_tile = BL_T5_ROWS,
    .prepared_bytes = prepared_bytes,
    .prepare = prepare,
    .workspace_bytes = workspace_bytes,
    .multiply = multiply,
    .cost = cost,
};
BL_REGISTER(mad_t5_scalar);
