#include "packing/tl2.h"
#include "packing/interleaved.h"

static void encode(const int8_t *w, uint8_t *code) {
  memset(code, 0, BL_TL2_STEP_BYTES);
  for (size_t triple = 0; triple < BL_TL2_STEP_TRIPLES; triple++, w += BL_TL2_TRIPLE_COLUMNS) {
    const int value = 9 * w[0] + 3 * w[1] + w[2];
    code[triple / 2] |= (uint8_t)((value < 0 ? -value : value) << (triple % 2 ? 0 : 4));
    code[BL_TL2_INDEX_BYTES] |= (uint8_t)((value < 0) << (7 - triple));
  }
}

static void decode(const uint8_t *code, int8_t *w) {
  for (size_t triple = 0; triple < BL_TL2_STEP_TRIPLES; triple++) {
    const int index = code[triple / 2] >> (triple % 2 ? 0 : 4) & 15;
    const bool negative = code[BL_TL2_INDEX_BYTES] >> (7 - triple) & 1;
    const int value = (negative ? -index : index) + 13;  // 0..26: plain base 3
    *w++ = (int8_t)(value / 9 - 1);
    *w++ = (int8_t)(value / 3 % 3 - 1);
    *w++ = (int8_t)(value % 3 - 1);
  }
}

static const bl_interleaved form = {BL_TL2_STEP_COLUMNS, BL_TL2_STEP_BYTES, encode, decode};

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

const bl_packing bl_packing_tl2 = {
    .name = "tl2",
    .summary = "triples of trits as mirrored 4-bit table indices and signs, 64 rows interleaved",
    .source = "arXiv 2502.11880 (TL2); interleaving: bitlab",
    .weights = BL_WEIGHTS_TERNARY,
    .bits_per_weight = 5.0 / 3,
    .n_multiple = BL_INTERLEAVED_ROWS,
    .k_multiple = BL_TL2_STEP_COLUMNS,
    .packed_bytes = packed_bytes,
    .pack = pack,
    .unpack = unpack,
};
