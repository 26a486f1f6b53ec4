#include "packing/b1.h"

static size_t packed_bytes(size_t n, size_t k, const void *w) {
  (void)w;
  return n * bl_b1_row_words(k) * sizeof(uint64_t);
}

static void pack(size_t n, size_t k, size_t n_begin, size_t n_end, const void *w, void *packed) {
  (void)n;
  const int8_t *weights = w;
  uint64_t *words = packed;
  const size_t row_words = bl_b1_row_words(k);
  for (size_t row = n_begin; row < n_end; row++) {
    for (size_t word = 0; word < row_words; word++) {
      const size_t columns = bl_min(64, k - word * 64);
      uint64_t bits = 0;
      for (size_t i = 0; i < columns; i++) bits |= (uint64_t)(weights[row * k + word * 64 + i] > 0) << i;
      words[row * row_words + word] = bits;
    }
  }
}

static void unpack(size_t n, size_t k, const void *packed, void *w) {
  const uint64_t *words = packed;
  int8_t *weights = w;
  const size_t row_words = bl_b1_row_words(k);
  for (size_t row = 0; row < n; row++)
    for (size_t column = 0; column < k; column++)
      weights[row * k + column] = (words[row * row_words + column / 64] >> (column % 64)) & 1 ? 1 : -1;
}

const bl_packing bl_packing_b1 = {
    .name = "b1",
    .summary = "one sign bit per weight, row-major 64-bit words",
    .source = "bitlab; binary weights: arXiv 2310.11453",
    .weights = BL_WEIGHTS_BINARY,
    .bits_per_weight = 1,
    .n_multiple = 1,
    .k_multiple = 64,
    .packed_bytes = packed_bytes,
    .pack = pack,
    .unpack = unpack,
};
