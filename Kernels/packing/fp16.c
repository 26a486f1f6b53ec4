#include "packing/fp16.h"

#include "common/bl_float_convert.h"

static size_t packed_bytes(size_t n, size_t k, const void *w) {
  (void)w;
  return bl_float_padded_rows(n) * bl_float_padded_columns(k) * sizeof(uint16_t);
}

static void narrow(float weight, void *out) {
  const uint16_t half = bl_float16_from_float(weight);
  memcpy(out, &half, sizeof half);
}

static float widen(const void *in) {
  uint16_t half;
  memcpy(&half, in, sizeof half);
  return bl_float_from_float16(half);
}

static void pack(size_t n, size_t k, size_t n_begin, size_t n_end, const void *w, void *packed) {
  bl_float_tile_pack(n, k, n_begin, n_end, w, packed, sizeof(uint16_t), 1, narrow);
}

static void unpack(size_t n, size_t k, const void *packed, void *w) {
  bl_float_tile_unpack(n, k, packed, w, sizeof(uint16_t), 1, widen);
}

const bl_packing bl_packing_fp16 = {
    .name = "fp16",
    .summary = "IEEE binary16, 16 rows interleaved",
    .source = "bitlab",
    .weights = BL_WEIGHTS_FLOAT,
    .bits_per_weight = 16,
    .n_multiple = BL_FLOAT_ROWS,
    .k_multiple = BL_FLOAT_COLUMNS,
    .packed_bytes = packed_bytes,
    .pack = pack,
    .unpack = unpack,
};
