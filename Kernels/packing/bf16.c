#include "packing/bf16.h"

#include "common/bl_float_convert.h"

static size_t packed_bytes(size_t n, size_t k, const void *w) {
  (void)w;
  return bl_float_padded_rows(n) * bl_float_padded_columns(k) * sizeof(uint16_t);
}

static void narrow(float weight, void *out) {
  const uint16_t upper_half = bl_bfloat16_from_float(weight);
  memcpy(out, &upper_half, sizeof upper_half);
}

static float widen(const void *in) {
  uint16_t upper_half;
  memcpy(&upper_half, in, sizeof upper_half);
  return bl_float_from_bfloat16(upper_half);
}

static void pack(size_t n, size_t k, size_t n_begin, size_t n_end, const void *w, void *packed) {
  bl_float_tile_pack(n, k, n_begin, n_end, w, packed, sizeof(uint16_t), BL_BF16_TOGETHER, narrow);
}

static void unpack(size_t n, size_t k, const void *packed, void *w) {
  bl_float_tile_unpack(n, k, packed, w, sizeof(uint16_t), BL_BF16_TOGETHER, widen);
}

const bl_packing bl_packing_bf16 = {
    .name = "bf16",
    .summary = "bfloat16, 16 rows interleaved, columns in pairs",
    .source = "bitlab",
    .weights = BL_WEIGHTS_FLOAT,
    .bits_per_weight = 16,
    .n_multiple = BL_FLOAT_ROWS,
    .k_multiple = BL_FLOAT_COLUMNS,
    .packed_bytes = packed_bytes,
    .pack = pack,
    .unpack = unpack,
};
