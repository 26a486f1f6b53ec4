#include "packing/tq2.h"

static size_t packed_bytes(size_t n, size_t k, const void *w) {
  (void)w;
  return n * bl_tq2_row_bytes(k);
}

static void pack(size_t n, size_t k, size_t n_begin, size_t n_end, const void *w, void *packed) {
  (void)n;
  const size_t blocks = bl_divide_up(k, BL_TQ2_BLOCK_COLUMNS);
  for (size_t row = n_begin; row < n_end; row++) {
    const int8_t *weights = (const int8_t *)w + row * k;
    for (size_t block = 0; block < blocks; block++) {
      uint8_t *out = (uint8_t *)packed + (row * blocks + block) * BL_TQ2_BLOCK_BYTES;
      for (size_t i = 0; i < BL_TQ2_CODE_BYTES; i++) {
        int byte = 0;
        for (size_t field = 0; field < 4; field++) {
          const size_t column = block * BL_TQ2_BLOCK_COLUMNS + i / 32 * 128 + field * 32 + i % 32;
          byte |= (column < k ? weights[column] + 1 : 1) << (2 * field);
        }
        out[i] = (uint8_t)byte;
      }
      out[64] = 0x00;  // fp16 1.0
      out[65] = 0x3c;
    }
  }
}

static void unpack(size_t n, size_t k, const void *packed, void *w) {
  const size_t row_bytes = bl_tq2_row_bytes(k);
  for (size_t row = 0; row < n; row++) {
    const uint8_t *in = (const uint8_t *)packed + row * row_bytes;
    int8_t *weights = (int8_t *)w + row * k;
    for (size_t column = 0; column < k; column++) {
      const size_t in_block = column % BL_TQ2_BLOCK_COLUMNS;
      const uint8_t byte =
          in[column / BL_TQ2_BLOCK_COLUMNS * BL_TQ2_BLOCK_BYTES + in_block / 128 * 32 + in_block % 32];
      weights[column] = (int8_t)((byte >> (in_block % 128 / 32 * 2) & 3) - 1);
    }
  }
}

const bl_packing bl_packing_tq2 = {
    .name = "tq2",
    .summary = "two-bit codes, row-major blocks of 256 columns with an fp16 scale: GGUF type TQ2_0",
    .source = "ggml-org/llama.cpp pull 8151",
    .weights = BL_WEIGHTS_TERNARY,
    .bits_per_weight = 8.0 * BL_TQ2_BLOCK_BYTES / BL_TQ2_BLOCK_COLUMNS,
    .n_multiple = 1,
    .k_multiple = BL_TQ2_BLOCK_COLUMNS,
    .packed_bytes = packed_bytes,
    .pack = pack,
    .unpack = unpack,
};
