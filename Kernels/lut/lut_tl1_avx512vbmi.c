// lut-tl1-avx512vbmi: TL1 with vpermb. A vector of bytes (packing/tl1.h has the picture) is 64 rows of the
// same four columns, two nibble indices of nine-entry tables; lut_nibbles_avx512vbmi.h has the flow, and
// lut_vectors_avx512.h that of many tokens.
//
// Ten pairs add in int8 (low digits at most 10 * 12, high 10 * 10); twelve steps in int16 (240 * 128 =
// 30720).
//
// Bound: for 256 weights one shift makes an index of the upper nibbles (the lower ones need nothing), four
// vpermb look up, four operations add, and 1.2 join: 10.2 on two vector ports, 50 weights a cycle, 12.5
// bytes; of them 4.4 on the one port that permutes 512 bits on Intel. (vpshufb would need masked
// nibbles: 12.2.) Many tokens: a vector of 32 tokens is loaded and
// added for every two columns; 128 multiply-accumulates a cycle where two wide loads are free of the narrow
// one, 85 on Golden Cove (lut_vectors_avx512.h).
#include "common/bl_register.h"
#include "common/bl_target.h"

#if BL_X86
#include "lut/lut_nibbles_avx512vbmi.h"
#include "lut/lut_tl1.h"

BL_TARGET_BEGIN_AVX512_VBMI

BL_ALWAYS_INLINE void add_step(const bl_lut_block *block, size_t step, size_t tiles, size_t tokens,
                               bl_lut_digits512 *sums) {
  bl_lut_add_nibbles512(&bl_lut_tl1_nibbles, block, step, tiles, tokens, sums);
}

static void multiply_block(const bl_lut_block *block, size_t tiles, size_t tokens) {
  bl_lut_multiply_block512(add_step, block, tiles, tokens);
}

BL_ALWAYS_INLINE void build_vectors(const __m512i *x, size_t stride, __m512i *table) {
  const __m512i zero = _mm512_setzero_si512();
  for (size_t first = 0; first < 3; first++) {
    __m512i *entries = table + 3 * first * stride;
    const __m512i middle = first == 0 ? _mm512_sub_epi16(zero, x[0]) : first == 1 ? zero : x[0];
    entries[0] = _mm512_sub_epi16(middle, x[1]);
    entries[stride] = middle;
    entries[2 * stride] = _mm512_add_epi16(middle, x[1]);
  }
}

static void write_offsets(const uint8_t *weights, unsigned panels_log2, uint16_t *offsets) {
  bl_lut_vector_nibble_offsets(bl_lut_tl1_nibbles, BL_LUT_PAIR_ENTRIES, weights, panels_log2, offsets);
}

static const bl_lut_kernel512 parts = {
    .layout = &bl_lut_tl1,
    .coefficient = bl_lut_tl1_coefficient,
    .multiply_block = multiply_block,
    .vectors = {&bl_lut_tl1, .entries = BL_LUT_PAIR_ENTRIES, .lookups = 10, .first_is_subtracted = false,
                .build = build_vectors, .write_offsets = write_offsets},
};

BL_LUT_FUNCTIONS512

BL_TARGET_END

static const bl_kernel lut_tl1_avx512vbmi = {
    .name = "lut-tl1-avx512vbmi",
    .family = "lut",
    .summary =
        "64 rows of pairs of trits look up nine-entry digit tables with vpermb; many tokens look up vectors",
    .source = "arXiv 2502.11880; vector look-up: arXiv 2512.06443",
    .explain =
        "decode: 10.2 vector operations for 256 weights (two digits of two pairs: 4 look-ups, 4 adds, 1 to "
        "shift indices, 1.2 to join) against 8 by masked vpdpbusd: sums of int8 activations need two digits; "
        "prefill: a 64-byte load and addition for every two weights and 32 tokens, at most as many weights a "
        "cycle as vpdpbusd, two thirds of them on Intel cores, which count the load of the index too",
    .packing = &bl_packing_tl1,
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
BL_REGISTER(lut_tl1_avx512vbmi);
#endif
