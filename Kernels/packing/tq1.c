#include "packing/tq1.h"

static size_t packed_bytes(size_t n, size_t k, const void *w) {
  (void)w;
  return n * bl_tq1_row_bytes(k);
}

static void pack_block(const int8_t *weights, size_t columns, uint8_t *out) {
  for (size_t i = 0; i < BL_TQ1_PARTS; i++) {
    const bl_tq1_part part = bl_tq1_parts[i];
    for (size_t byte = 0; byte < part.bytes; byte++) {
      int value = 0;
      for (size_t trit = 0; trit < 5; trit++) {
        const size_t column = part.first_column + byte + part.bytes * trit;
        const int code = trit >= part.trits ? 0 : column < columns ? weights[column] + 1 : 1;
        value = value * 3 + code;
      }
      out[part.first_byte + byte] = (uint8_t)((value * 256 + 242) / 243);
    }
  }
  out[52] = 0x00;  // fp16 1.0
  out[53] = 0x3c;
}

static void pack(size_t n, size_t k, size_t n_begin, size_t n_end, const void *w, void *packed) {
  (void)n;
  const size_t row_bytes = bl_tq1_row_bytes(k);
  for (size_t row = n_begin; row < n_end; row++) {
    uint8_t *out = (uint8_t *)packed + row * row_bytes;
    for (size_t column = 0; column < k; column += BL_TQ1_BLOCK_COLUMNS, out += BL_TQ1_BLOCK_BYTES)
      pack_block((const int8_t *)w + row * k + column, k - column, out);
  }
}

static void unpack(size_t n, size_t k, const void *packed, void *w) {
  const size_t row_bytes = bl_tq1_row_bytes(k);
  static const uint8_t powers_of_3[5] = {1, 3, 9, 27, 81};
  for (size_t row = 0; row < n; row++) {
    int8_t *weights = (int8_t *)w + row * k;
    for (size_t column = 0; column < k; column++) {
      const uint8_t *block =
          (const uint8_t *)packed + row * row_bytes + column / BL_TQ1_BLOCK_COLUMNS * BL_TQ1_BLOCK_BYTES;
      const size_t in_block = column % BL_TQ1_BLOCK_COLUMNS;
      const bl_tq1_part part = bl_tq1_parts[in_block < 160 ? 0 : in_block < 240 ? 1 : 2];
      const size_t in_part = in_block - part.first_column;
      const uint8_t fraction =
          (uint8_t)(block[part.first_byte + in_part % part.bytes] * powers_of_3[in_part / part.bytes]);
      weights[column] = (int8_t)((fraction * 3 >> 8) - 1);
    }
  }
}

const bl_packing bl_packing_tq1 = {
    .name = "tq1",
    .summary = "five trits in a byte, row-major blocks of 256 columns with an fp16 scale: GGUF type TQ1_0",
    .source = "ggml-org/llama.cpp pull 8151",
    .weights = BL_WEIGHTS_TERNARY,
    .bits_per_weight = 8.0 * BL_TQ1_BLOCK_BYTES / BL_TQ1_BLOCK_COLUMNS,
    .n_multiple = 1,
    .k_multiple = BL_TQ1_BLOCK_COLUMNS,
    .packed_bytes = packed_bytes,
    .pack = pack,
    .unpack = unpack,
};
