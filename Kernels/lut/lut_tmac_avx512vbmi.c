// lut-tmac-avx512vbmi: bit-wise look-up with vpermb. A vector of bytes (packing/tmac.h has the picture) is 64
// rows of the same four columns, the nibbles of planes P and N; lut_nibbles_avx512vbmi.h has the flow, and
// lut_vectors_avx512.h that of many tokens.
//
// Five groups of both planes add in int8 (low digits at most 5 * 24, high 5 * 21); twelve steps in int16
// (240 * 128 = 30720).
//
// Bound: for 256 weights one shift makes an index of the upper nibbles, four vpermb look up, four operations
// add or subtract, and 1.2 join: 10.2 on two vector ports, 50 weights a cycle, 12.5 bytes; of them 4.4 on the
// one port that permutes 512 bits on Intel. Both nibbles share a table: half the table bytes of tl1. Many
// tokens: a vector of 32 tokens is loaded and added for every plane of four columns; 128 multiply-accumulates
// a cycle where two wide loads are free of the narrow one, 85 on Golden Cove (lut_vectors_avx512.h).
#include "common/bl_register.h"
#include "common/bl_target.h"

#if BL_X86
#include "lut/lut_nibbles_avx512vbmi.h"
#include "lut/lut_tmac.h"

BL_TARGET_BEGIN_AVX512_VBMI

BL_ALWAYS_INLINE void add_step(const bl_lut_block *block, size_t step, size_t tiles, size_t tokens,
                               bl_lut_digits512 *sums) {
  bl_lut_add_nibbles512(&bl_lut_tmac_nibbles, block, step, tiles, tokens, sums);
}

static void multiply_block(const bl_lut_block *block, size_t tiles, size_t tokens) {
  bl_lut_multiply_block512(add_step, block, tiles, tokens);
}

BL_ALWAYS_INLINE void build_vectors(const __m512i *x, size_t stride, __m512i *table) {
  table[0] = _mm512_setzero_si512();
  for (size_t column = 0; column < BL_TMAC_GROUP_COLUMNS; column++)
    for (size_t entry = 0; entry < (size_t)1 << column; entry++)
      table[(((size_t)1 << column) + entry) * stride] = _mm512_add_epi16(table[entry * stride], x[column]);
}

static void write_offsets(const uint8_t *weights, unsigned panels_log2, uint16_t *offsets) {
  bl_lut_vector_nibble_offsets(bl_lut_tmac_nibbles, 16, weights, panels_log2, offsets);
}

static const bl_lut_kernel512 parts = {
    .layout = &bl_lut_tmac,
    .coefficient = bl_lut_tmac_coefficient,
    .multiply_block = multiply_block,
    .vectors = {&bl_lut_tmac, .entries = 16, .lookups = 10, .first_is_subtracted = true,
                .build = build_vectors, .write_offsets = write_offsets},
};

BL_LUT_FUNCTIONS512

BL_TARGET_END

static const bl_kernel lut_tmac_avx512vbmi = {
    .name = "lut-tmac-avx512vbmi",
    .family = "lut",
    .summary =
        "64 rows of two bit-planes look up 16-entry digit tables with vpermb; many tokens look up vectors",
    .source = "arXiv 2407.00088; vector look-up: arXiv 2512.06443",
    .explain =
        "decode: 10.2 vector operations for 256 weights (two digits of two planes: 4 look-ups, 4 adds, 1 to "
        "shift indices, 1.2 to join) against 8 by masked vpdpbusd; a weight costs the same as in tl1, its "
        "tables half the bytes; the method takes any number of bit-planes, and ternary weights pay for two, "
        "in prefill too: two 64-byte loads and additions for four weights and 32 tokens",
    .packing = &bl_packing_tmac,
    .isa = BL_ISA_AVX2 | BL_ISA_AVX512 | BL_ISA_AVX512_VBMI,
    .activations = BL_ACTIVATIONS_INT8,
    .exact = true,
    .m_tile = 1,
    .n_tile = BL_LUT_ROWS,
    .prepared_bytes = prepared_bytes,
    .prepare = prepare,
    .workspace_bytes = workspace_bytes,
    .multiply = multiply,
    .cost = cost,
};
BL_REGISTER(lut_tmac_avx512vbmi);
#endif
