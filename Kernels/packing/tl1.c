#include "packing/tl1.h"
#include "packing/interleaved.h"

static uint8_t index_of(const int8_t *w) {
  return (uint8_t)(3 * w[0] + w[1] + 4);
}

static void encode(const int8_t *w, uint8_t *code) {
  for (size_t i = 0; i < BL_TL1_STEP_BYTES; i++, w += 2 * BL_TL1_PAIR_COLUMNS)
    code[i] = (uint8_t)(index_of(w) << 4 | index_of(w + BL_TL1_PAIR_COLUMNS));
}

static void decode(const uint8_t *code, int8_t *w) {
  for (size_t pair = 0; pair < 2 * BL_TL1_STEP_BYTES; pair++) {
    const int index = code[pair / 2] >> (pair % 2 ? 0 : 4) & 15;
    *w++ = (int8_t)(index / 3 - 1);
    *w++ = (int8_t)(index % 3 - 1);
  }
}

static const bl_interleaved form = {BL_TL1_STEP_COLUMNS, BL_TL1_STEP_BYTES, encode, decode};

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

const bl_packing bl_packing_tl1 = {
    .name = "tl1",
    .summary = "pairs of trits as 4-bit table indices, 64 rows interleaved",
    .source = "arXiv 2502.11880 (TL1); interleaving: bitlab",
    .weights = BL_WEIGHTS_TERNARY,
    .bits_per_weight = 2,
    .n_multiple = BL_INTERLEAVED_ROWS,
    .k_multiple = BL_TL1_STEP_COLUMNS,
    .packed_bytes = packed_bytes,
    .pack = pack,
    .unpack = unpack,
};
