#include "packing/tmac.h"
#include "packing/interleaved.h"

static void encode(const int8_t *w, uint8_t *code) {
  for (size_t i = 0; i < BL_TMAC_STEP_BYTES; i++) {
    code[i] = 0;
    for (size_t j = 0; j < BL_TMAC_GROUP_COLUMNS; j++, w++)
      code[i] |= (uint8_t)((*w > 0) << j | (*w < 0) << (BL_TMAC_GROUP_COLUMNS + j));
  }
}

static void decode(const uint8_t *code, int8_t *w) {
  for (size_t i = 0; i < BL_TMAC_STEP_BYTES; i++)
    for (size_t j = 0; j < BL_TMAC_GROUP_COLUMNS; j++)
      *w++ = (int8_t)((code[i] >> j & 1) - (code[i] >> (BL_TMAC_GROUP_COLUMNS + j) & 1));
}

static const bl_interleaved form = {BL_TMAC_STEP_COLUMNS, BL_TMAC_STEP_BYTES, encode, decode};

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

const bl_packing bl_packing_tmac = {
    .name = "tmac",
    .summary = "planes of +1 and -1 in nibbles of four columns, 64 rows interleaved",
    .source = "arXiv 2407.00088 (T-MAC); planes and interleaving: bitlab",
    .weights = BL_WEIGHTS_TERNARY,
    .bits_per_weight = 2,
    .n_multiple = BL_INTERLEAVED_ROWS,
    .k_multiple = BL_TMAC_STEP_COLUMNS,
    .packed_bytes = packed_bytes,
    .pack = pack,
    .unpack = unpack,
};
