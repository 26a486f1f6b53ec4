#include "packing/i8.h"

#include <string.h>

static size_t packed_bytes(size_t n, size_t k, const void *w) {
  (void)w;
  return n * bl_i8_row_bytes(k);
}

static void pack(size_t n, size_t k, size_t n_begin, size_t n_end, const void *w, void *packed) {
  (void)n;
  const int8_t *weights = w;
  int8_t *out = packed;
  const size_t row_bytes = bl_i8_row_bytes(k);
  for (size_t row = n_begin; row < n_end; row++) {
    memcpy(out + row * row_bytes, weights + row * k, k);
    memset(out + row * row_bytes + k, 0, row_bytes - k);
  }
}

static void unpack(size_t n, size_t k, const void *packed, void *w) {
  const int8_t *in = packed;
  int8_t *weights = w;
  for (size_t row = 0; row < n; row++) memcpy(weights + row * k, in + row * bl_i8_row_bytes(k), k);
}

const bl_packing bl_packing_i8 = {
    .name = "i8",
    .summary = "one byte per weight, row-major",
    .source = "bitlab",
    .weights = BL_WEIGHTS_INT8,
    .bits_per_weight = 8,
    .n_multiple = 1,
    .k_multiple = 64,
    .packed_bytes = packed_bytes,
    .pack = pack,
    .unpack = unpack,
};
