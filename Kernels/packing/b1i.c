#include "packing/b1i.h"
#include "packing/interleaved.h"

static void encode(const int8_t *w, uint8_t *code) {
  for (size_t i = 0; i < BL_B1I_STEP_BYTES; i++) {
    code[i] = 0;
    for (size_t j = 0; j < 8; j++, w++) code[i] |= (uint8_t)((*w > 0) << j);
  }
}

static void decode(const uint8_t *code, int8_t *w) {
  for (size_t i = 0; i < BL_B1I_STEP_COLUMNS; i++) w[i] = code[i / 8] >> (i % 8) & 1 ? 1 : -1;
}

static const bl_interleaved form = {BL_B1I_STEP_COLUMNS, BL_B1I_STEP_BYTES, encode, decode};

static size_t packed_bytes(size_t n, size_t k, const void *w) {
  (void)w;
  return bl_interleaved_packed_bytes(&form, n, k);
}

static void pack(size_t n, size_t k, size_t n_begin, size_t n_end, const void *w, void *packed) {
  bl_interleaved_pack(&form, n, k, n_begin, n_end, w, packed);
}

static void unpack(size_t n, size_t k, const void *packed, void *w) {
  bl_interleaved_unpack(&form, n, k, packed, w);
}

const bl_packing bl_packing_b1i = {
    .name = "b1i",
    .summary = "one bit per weight in nibbles of four columns, 64 rows interleaved",
    .source = "bitlab; binary weights: arXiv 2310.11453",
    .weights = BL_WEIGHTS_BINARY,
    .bits_per_weight = 1,
    .n_multiple = BL_INTERLEAVED_ROWS,
    .k_multiple = BL_B1I_STEP_COLUMNS,
    .packed_bytes = packed_bytes,
    .pack = pack,
    .unpack = unpack,
};
