#include "packing/t5.h"

static size_t packed_bytes(size_t n, size_t k, const void *w) {
  (void)w;
  return bl_divide_up(n, BL_T5_ROWS) * bl_t5_tile_bytes(k);
}

static uint8_t encode(const int8_t *w, size_t columns) {
  int value = 0;
  for (size_t i = 0; i < BL_T5_COLUMNS; i++) value = value * 3 + (i < columns ? w[i] : 0);
  return value < 0 ? (uint8_t)(-value | 0x80) : (uint8_t)value;
}

static void pack(size_t n, size_t k, size_t n_begin, size_t n_end, const void *w, void *packed) {
  const int8_t *weights = w;
  uint8_t *out = packed;
  const size_t groups = bl_t5_groups(k);
  for (size_t tile = n_begin / BL_T5_ROWS; tile * BL_T5_ROWS < n_end; tile++) {
    uint8_t *tile_out = out + tile * bl_t5_tile_bytes(k);
    for (size_t r = 0; r < BL_T5_ROWS; r++) {
      const size_t row = tile * BL_T5_ROWS + r;
      for (size_t group = 0; group < groups; group++) {
        const size_t column = group * BL_T5_COLUMNS;
        tile_out[group * BL_T5_ROWS + r] =
            row < n ? encode(weights + row * k + column, bl_min(BL_T5_COLUMNS, k - column)) : 0;
      }
    }
  }
}

static void unpack(size_t n, size_t k, const void *packed, void *w) {
  const uint8_t *in = packed;
  int8_t *weights = w;
  const size_t groups = bl_t5_groups(k);
  for (size_t row = 0; row < n; row++) {
    const uint8_t *tile = in + (row / BL_T5_ROWS) * bl_t5_tile_bytes(k) + row % BL_T5_ROWS;
    for (size_t group = 0; group < groups; group++) {
      const uint8_t byte = tile[group * BL_T5_ROWS];
      int value = (byte & 0x80 ? -(byte & 0x7f) : byte) + 121;  // 0..242: plain base 3
      for (size_t i = BL_T5_COLUMNS; i-- > 0; value /= 3) {
        const size_t column = group * BL_T5_COLUMNS + i;
        if (column < k) weights[row * k + column] = (int8_t)(value % 3 - 1);
      }
    }
  }
}

const bl_packing bl_packing_t5 = {
    .name = "t5",
    .summary = "five trits in a byte as a mirrored 7-bit index and a sign, 64 rows interleaved",
    .source = "bitlab; five trits in eight bits: ggml-org/llama.cpp pull 8151",
    .weights = BL_WEIGHTS_TERNARY,
    .bits_per_weight = 1.6,
    .n_multiple = BL_T5_ROWS,
    .k_multiple = BL_T5_COLUMNS,
    .packed_bytes = packed_bytes,
    .pack = pack,
    .unpack = unpack,
};
