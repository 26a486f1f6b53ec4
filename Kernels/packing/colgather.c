#include "packing/colgather.h"

static size_t packed_bytes(size_t n, size_t k, const void *w) {
  (void)w;
  return bl_colgather_bytes(n, k);
}

static void pack(size_t n, size_t k, size_t n_begin, size_t n_end, const void *w, void *packed) {
  const int8_t *weights = w;
  for (size_t begin = n_begin; begin < n_end; begin += BL_COLGATHER_ROWS) {
    uint64_t *tile = (uint64_t *)packed + begin / BL_COLGATHER_ROWS * bl_colgather_tile_words(k);
    for (size_t i = 0; i < bl_colgather_tile_words(k); i++) tile[i] = 0;
    const size_t rows = bl_min(BL_COLGATHER_ROWS, n - begin);
    for (size_t r = 0; r < rows; r++) {
      const int8_t *row = weights + (begin + r) * k;
      uint64_t *words = tile + r / 64;
      for (size_t column = 0; column < k; column++, words += BL_COLGATHER_COLUMN_WORDS) {
        words[0] |= (uint64_t)(row[column] > 0) << (r % 64);
        words[BL_COLGATHER_PLANE_WORDS] |= (uint64_t)(row[column] < 0) << (r % 64);
      }
    }
  }
}

static void unpack(size_t n, size_t k, const void *packed, void *w) {
  int8_t *weights = w;
  for (size_t row = 0; row < n; row++) {
    const uint64_t *words = (const uint64_t *)packed + row / BL_COLGATHER_ROWS * bl_colgather_tile_words(k) +
                            row % BL_COLGATHER_ROWS / 64;
    const int bit = row % 64;
    for (size_t column = 0; column < k; column++, words += BL_COLGATHER_COLUMN_WORDS)
      weights[row * k + column] =
          (int8_t)((int)((words[0] >> bit) & 1) - (int)((words[BL_COLGATHER_PLANE_WORDS] >> bit) & 1));
  }
}

const bl_packing bl_packing_colgather = {
    .name = "colgather",
    .summary = "column-major bit-planes of +1 and -1, one cache line for 256 rows of a column",
    .source = "bitlab",
    .weights = BL_WEIGHTS_TERNARY,
    .bits_per_weight = 2,
    .n_multiple = BL_COLGATHER_ROWS,
    .k_multiple = 1,
    .packed_bytes = packed_bytes,
    .pack = pack,
    .unpack = unpack,
};
