// lut-b1i-avx512vbmi: binary weights by look-up with vpermb. A vector of bytes (packing/b1i.h has the
// picture) is 64 rows of the same eight columns, two nibble indices of 16-entry tables;
// lut_nibbles_avx512vbmi.h has the flow, and lut_vectors_avx512.h that of many tokens.
//
// Six nibbles add in int8 (low digits at most 6 * 12, high 6 * 20); ten steps in int16 (240 * 128 = 30720).
//
// Bound: for 512 weights one shift makes an index of the upper nibbles, four vpermb look up, four operations
// add, and two join: 11 on two vector ports, 93 weights a cycle, 11.6 bytes; of them 4.7 on the one port that
// permutes 512 bits on Intel. Many tokens: a vector of 32 tokens is loaded and
// added for every four columns; 256 multiply-accumulates a cycle where two wide loads are free of the narrow
// one, 171 on Golden Cove (lut_vectors_avx512.h).
#include "common/bl_register.h"
#include "common/bl_target.h"

#if BL_X86
#include "lut/lut_nibbles_avx512vbmi.h"
#include "lut/lut_b1i.h"

BL_TARGET_BEGIN_AVX512_VBMI

BL_ALWAYS_INLINE void add_step(const bl_lut_block *block, size_t step, size_t tiles, size_t tokens,
                               bl_lut_digits512 *sums) {
  bl_lut_add_nibbles512(&bl_lut_b1i_nibbles, block, step, tiles, tokens, sums);
}

static void multiply_block(const bl_lut_block *block, size_t tiles, size_t tokens) {
  bl_lut_multiply_block512(add_step, block, tiles, tokens);
}

BL_ALWAYS_INLINE void build_vectors(const __m512i *x, size_t stride, __m512i *table) {
  table[0] = _mm512_sub_epi16(_mm512_setzero_si512(),
                              _mm512_add_epi16(_mm512_add_epi16(x[0], x[1]), _mm512_add_epi16(x[2], x[3])));
  for (size_t column = 0; column < BL_B1I_GROUP_COLUMNS; column++) {
    const __m512i difference = _mm512_add_epi16(x[column], x[column]);
    for (size_t entry = 0; entry < (size_t)1 << column; entry++)
      table[(((size_t)1 << column) + entry) * stride] = _mm512_add_epi16(table[entry * stride], difference);
  }
}

static void write_offsets(const uint8_t *weights, unsigned panels_log2, uint16_t *offsets) {
  bl_lut_vector_nibble_offsets(bl_lut_b1i_nibbles, 16, weights, panels_log2, offsets);
}

static const bl_lut_kernel512 parts = {
    .layout = &bl_lut_b1i,
    .coefficient = bl_lut_b1i_coefficient,
    .multiply_block = multiply_block,
    .vectors = {&bl_lut_b1i, .entries = 16, .lookups = 6, .first_is_subtracted = false,
                .build = build_vectors, .write_offsets = write_offsets},
};

BL_LUT_FUNCTIONS512

BL_TARGET_END

static const bl_kernel lut_b1i_avx512vbmi = {
    .name = "lut-b1i-avx512vbmi",
    .family = "lut",
    .summary =
        "64 rows of four binary weights look up 16-entry digit tables with vpermb; many tokens look up "
        "vectors",
    .source = "arXiv 2407.00088; vector look-up: arXiv 2512.06443; binary weights: arXiv 2310.11453",
    .explain =
        "decode: 11 vector operations for 512 weights (two digits of two nibbles: 4 look-ups, 4 adds, 1 to "
        "shift indices, 2 to join) against 16 for masks expanded into vpdpbusd or masked adds: binary "
        "weights "
        "are where look-up is at its best, as one look-up covers four; prefill: a 64-byte load and addition "
        "for every four weights and 32 tokens, up to twice as many weights a cycle as vpdpbusd, 1.3 times on "
        "Intel cores before sums are widened and tables built",
    .packing = &bl_packing_b1i,
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
BL_REGISTER(lut_b1i_avx512vbmi);
#endif
