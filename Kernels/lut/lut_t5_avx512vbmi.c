// lut-t5-avx512vbmi: 64 rows look up a 128-entry table with one two-register byte permute. A vector of t5 bytes
// (packing/t5.h has the picture) is 64 rows of the same five columns, its low seven bits the permute's index,
// its top bits a mask:
//
//   bytes ---+--> vpermi2b low digits  --> masked + or - --+   five groups
//            +--> vpermi2b high digits --> masked + or - --+--> unpack, vpmaddubsw by (1, 25) --> int16
//            +--> vpmovb2m: which rows subtract                 fifty groups: 250 * 128 = 32000 --> int32
//
// Digits and their bounds: lut_digits.h. Four registers of table serve five tiles (320 rows) at one token, or
// four tiles at two tokens, which then share the bytes and the mask.
// Bound: seven vector operations for 320 weights and 1.2 for the join, 8.2; at two 512-bit ports and with
// vpermi2b in three operations (Intel) 6.1 cycles, at four ports (Zen 5) 2.1, where the weights' 64 bytes and
// a fifth of the tables' 256 come from memory and L1: decode is bound by the stream of weights.
#include "common/bl_register.h"
#include "common/bl_target.h"

#if BL_X86
#include "lut/lut_sums_avx512.h"
#include "lut/lut_t5_tables_avx512vbmi.h"

BL_TARGET_BEGIN_AVX512_VBMI

enum { TILES = 5, TOKENS = 2, TOKENS_TILES = 4, STEP = 5 };

static size_t prepared_bytes(size_t m, size_t k) {
  return m * bl_lut_token_bytes(&bl_lut_t5, k);
}

// Adds `groups` <= STEP groups to wide[token][tile].
BL_ALWAYS_INLINE void add_groups(const bl_lut_block *block, size_t group, const size_t groups,
                                 const size_t tiles, const size_t tokens,
                                 bl_lut_wide512 wide[TOKENS][TILES]) {
  const __m512i zero = _mm512_setzero_si512();
  __m512i low[TOKENS][TILES], high[TOKENS][TILES];
  for (size_t token = 0; token < tokens; token++)
    for (size_t tile = 0; tile < tiles; tile++) low[token][tile] = high[token][tile] = zero;
#pragma clang loop unroll(full)
  for (size_t g = group; g < group + groups; g++) {
    __m512i table[TOKENS][4];
    for (size_t token = 0; token < tokens; token++)
      for (size_t i = 0; i < 4; i++)
        table[token][i] =
            _mm512_load_si512(block->tables + token * block->token_bytes + g * 2 * BL_LUT_T5_ENTRIES + 64 * i);
    for (size_t tile = 0; tile < tiles; tile++) {
      const size_t offset = tile * block->tile_bytes + g * BL_T5_ROWS;
      const __m512i bytes = _mm512_load_si512(block->weights + offset);
      const __mmask64 negative = _mm512_movepi8_mask(bytes);
      _mm_prefetch(block->ahead + offset, _MM_HINT_T0);
      for (size_t token = 0; token < tokens; token++) {
        const __m512i *t = table[token];
        const __m512i l = _mm512_permutex2var_epi8(t[0], bytes, t[1]);
        const __m512i h = _mm512_permutex2var_epi8(t[2], bytes, t[3]);
        low[token][tile] = _mm512_add_epi8(low[token][tile], _mm512_mask_sub_epi8(l, negative, zero, l));
        high[token][tile] = _mm512_add_epi8(high[token][tile], _mm512_mask_sub_epi8(h, negative, zero, h));
      }
    }
  }
  for (size_t token = 0; token < tokens; token++)
    for (size_t tile = 0; tile < tiles; tile++)
      bl_lut_join512(&wide[token][tile], low[token][tile], high[token][tile]);
}

BL_ALWAYS_INLINE void multiply_tiles(const bl_lut_block *block, const size_t tiles, const size_t tokens) {
  bl_lut_wide512 wide[TOKENS][TILES];
  for (size_t token = 0; token < tokens; token++)
    for (size_t tile = 0; tile < tiles; tile++)
      wide[token][tile].half[0] = wide[token][tile].half[1] = _mm512_setzero_si512();
  size_t group = 0;
  for (; group + STEP <= block->steps; group += STEP) add_groups(block, group, STEP, tiles, tokens, wide);
  for (; group < block->steps; group++) add_groups(block, group, 1, tiles, tokens, wide);
  for (size_t token = 0; token < tokens; token++)
    for (size_t tile = 0; tile < tiles; tile++)
      bl_lut_add_tile512(block->y + token * block->y_stride, tile * BL_LUT_ROWS, block->rows, block->first,
                         &wide[token][tile]);
}

static void multiply_block(const bl_lut_block *block, size_t tiles, size_t tokens) {
  switch (tokens == 1 ? tiles : tiles + TILES) {
    case 1: multiply_tiles(block, 1, 1); break;
    case 2: multiply_tiles(block, 2, 1); break;
    case 3: multiply_tiles(block, 3, 1); break;
    case 4: multiply_tiles(block, 4, 1); break;
    case 5: multiply_tiles(block, 5, 1); break;
    case TILES + 1: multiply_tiles(block, 1, TOKENS); break;
    case TILES + 2: multiply_tiles(block, 2, TOKENS); break;
    case TILES + 3: multiply_tiles(block, 3, TOKENS); break;
    default: multiply_tiles(block, 4, TOKENS); break;
  }
}

static void multiply(const bl_multiply_task *task) {
  static const bl_lut_plan plan = {&bl_lut_t5, multiply_block, TILES, TOKENS, TOKENS_TILES};
  bl_lut_multiply(&plan, task);
}

BL_TARGET_END

static bl_cost cost(size_t m, size_t n, size_t k, const void *packed) {
  (void)packed;
  return bl_lut_cost(&bl_lut_t5, m, n, k);
}

static const bl_kernel lut_t5_avx512vbmi = {
    .name = "lut-t5-avx512vbmi",
    .family = "lut",
    .summary = "64 rows of five trits look up two 128-entry digit tables with vpermi2b",
    .source = "bitlab; mirrored ternary tables: arXiv 2502.11880",
    .explain = "TBD",
    .packing = &bl_packing_t5,
    .isa = BL_ISA_AVX2 | BL_ISA_AVX512 | BL_ISA_AVX512_VBMI,
    .activations = BL_ACTIVATIONS_INT8,
    .exact = true,
    .m_tile = 1,
    .n_tile = BL_LUT_ROWS,
    .prepared_bytes = prepared_bytes,
    .prepare = bl_lut_t5_prepare,
    .multiply = multiply,
    .cost = cost,
};
BL_REGISTER(lut_t5_avx512vbmi);
#endif
