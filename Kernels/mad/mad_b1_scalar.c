// mad-b1-scalar: one-bit weights (+1, -1) times int8 activations in portable C.
//
// Idea: a row is unpacked once to bytes 0 and 2 and multiplied with every token. Layout: packing/b1.h.
// Bound: arithmetic; whatever vectors the compiler makes of a byte product with int32 sums.
#include "common/bl_register.h"
#include "mad/mad_b1.h"
#include "mad/mad_scalar.h"

static size_t prepared_bytes(size_t m, size_t k) {
  return bl_int8_prepared_bytes(m, k);
}

static void prepare(const bl_prepare_task *task) {
  bl_mad_scalar_prepare(task, task->k, 1);
}

// Bit i of `bits` becomes codes[i], 0 or 2: eight copies of the byte, each masked to its bit.
static void spread(uint64_t bits, uint8_t codes[8]) {
  const uint64_t own_bit = bits * 0x0101010101010101 & 0x8040201008040201;
  const uint64_t word = (own_bit + 0x7f7f7f7f7f7f7f7f) >> 6 & 0x0202020202020202;
  for (size_t i = 0; i < 8; i++) codes[i] = (uint8_t)(word >> (8 * i));
}

static void unpack_row(const bl_multiply_task *task, size_t row, uint8_t *codes) {
  const size_t words = bl_b1_row_words(task->k);
  const uint64_t *packed = (const uint64_t *)task->packed + row * words;
  for (size_t word = 0; word < words; word++) {
    for (size_t byte = 0; byte < 8; byte++)
      spread(packed[word] >> (8 * byte) & 0xff, codes + word * 64 + byte * 8);
    BL_COUNT(logic_operations, 3 * 64);
  }
}

static void multiply(const bl_multiply_task *task) {
  bl_mad_scalar_multiply(task, task->k, unpack_row);
}

static size_t workspace_bytes(size_t m, size_t n, size_t k) {
  (void)m;
  (void)n;
  return bl_b1_row_words(k) * 64;
}

static bl_cost cost(size_t m, size_t n, size_t k, const void *packed) {
  (void)packed;
  return bl_mad_b1_cost(m, n, k);
}

static const bl_kernel mad_b1_scalar = {
    .name = "mad-b1-scalar",
    .family = "mad",
    .summary = "one-bit weights unpacked once a row, then a byte dot product",
    .source = "bitlab; binary weights: arXiv 2310.11453",
    .explain =
        "bound by arithmetic: two shifts and a mask for each weight before its product; reads half the "
        "bytes of two-bit weights",
    .packing = &bl_packing_b1,
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
BL_REGISTER(mad_b1_scalar);
