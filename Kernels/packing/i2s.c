#include "packing/i2s.h"

static size_t packed_bytes(size_t n, size_t k, const void *w) {
  (void)w;
  return n * bl_i2s_row_bytes(k);
}

static void pack(size_t n, size_t k, size_t n_begin, size_t n_end, const void *w, void *packed) {
  (void)n;
  const size_t row_bytes = bl_i2s_row_bytes(k);
  for (size_t row = n_begin; row < n_end; row++) {
    const int8_t *weights = (const int8_t *)w + row * k;
    uint8_t *out = (uint8_t *)packed + row * row_bytes;
    for (size_t i = 0; i < row_bytes; i++) {
      const size_t first = i / BL_I2S_BLOCK_BYTES * BL_I2S_BLOCK_COLUMNS + i % BL_I2S_BLOCK_BYTES;
      int byte = 0;
      for (size_t field = 0; field < 4; field++) {
        const size_t column = first + 32 * field;
        byte = byte << 2 | (column < k ? weights[column] + 1 : 1);
      }
      out[i] = (uint8_t)byte;
    }
  }
}

static void unpack(size_t n, size_t k, const void *packed, void *w) {
  const size_t row_bytes = bl_i2s_row_bytes(k);
  for (size_t row = 0; row < n; row++) {
    const uint8_t *in = (const uint8_t *)packed + row * row_bytes;
    int8_t *weights = (int8_t *)w + row * k;
    for (size_t column = 0; column < k; column++) {
      const size_t in_block = column % BL_I2S_BLOCK_COLUMNS;
      const uint8_t byte = in[column / BL_I2S_BLOCK_COLUMNS * BL_I2S_BLOCK_BYTES + in_block % 32];
      weights[column] = (int8_t)((byte >> (6 - in_block / 32 * 2) & 3) - 1);
    }
  }
}

const bl_packing bl_packing_i2s = {
    .name = "i2s",
    .summary = "two-bit codes, row-major blocks of 128 columns: the data of GGUF tensors of type i2_s",
    .source = "microsoft/BitNet, src/ggml-bitnet-mad.cpp (x86 build)",
    .weights = BL_WEIGHTS_TERNARY,
    .bits_per_weight = 2,
    .n_multiple = 1,
    .k_multiple = BL_I2S_BLOCK_COLUMNS,
    .packed_bytes = packed_bytes,
    .pack = pack,
    .unpack = unpack,
};
