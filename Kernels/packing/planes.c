#include "packing/planes.h"

static size_t packed_bytes(size_t n, size_t k, const void *w) {
  (void)w;
  return n * bl_planes_row_pairs(k) * 2 * sizeof(uint64_t);
}

static void pack(size_t n, size_t k, size_t n_begin, size_t n_end, const void *w, void *packed) {
  (void)n;
  const int8_t *weights = w;
  uint64_t *words = packed;
  const size_t row_pairs = bl_planes_row_pairs(k);
  for (size_t row = n_begin; row < n_end; row++) {
    for (size_t pair = 0; pair < row_pairs; pair++) {
      const int8_t *block = weights + row * k + pair * 64;
      const size_t columns = bl_min(64, k - pair * 64);
      uint64_t positive = 0, negative = 0;
      for (size_t i = 0; i < columns; i++) {
        positive |= (uint64_t)(block[i] > 0) << i;
        negative |= (uint64_t)(block[i] < 0) << i;
      }
      words[(row * row_pairs + pair) * 2] = positive;
      words[(row * row_pairs + pair) * 2 + 1] = negative;
    }
  }
}

static void unpack(size_t n, size_t k, const void *packed, void *w) {
  const uint64_t *words = packed;
  int8_t *weights = w;
  const size_t row_pairs = bl_planes_row_pairs(k);
  for (size_t row = 0; row < n; row++) {
    for (size_t column = 0; column < k; column++) {
      const uint64_t *pair = words + (row * row_pairs + column / 64) * 2;
      const int bit = column % 64;
      weights[row * k + column] = (int8_t)((int)((pair[0] >> bit) & 1) - (int)((pair[1] >> bit) & 1));
    }
  }
}

const bl_packing bl_packing_planes = {
    .name = "planes",
    .summary = "a plane of +1 bits and a plane of -1 bits, in alternating 64-bit words of a row",
    .source = "bitlab",
    .weights = BL_WEIGHTS_TERNARY,
    .bits_per_weight = 2,
    .n_multiple = 1,
    .k_multiple = 64,
    .packed_bytes = packed_bytes,
    .pack = pack,
    .unpack = unpack,
};
