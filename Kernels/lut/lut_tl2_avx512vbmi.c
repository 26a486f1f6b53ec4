// lut-tl2-avx512vbmi: TL2 with vpermb. A vector of bytes (packing/tl2.h has the picture) is 64 rows of the
// same six columns, two nibble indices of 14-entry mirrored tables; every fifth vector holds the signs of 24
// columns. vpermb reads more than four bits of an index: the sign is its fifth, and the upper half of a table
// holds negatives, made of the lower half when it is loaded, once for four tiles. The rest of the flow is
// that of lut_nibbles_avx512vbmi.h, and of many tokens that of lut_vectors_avx512.h.
//
// Eight triples add in int8 (low digits at most 8 * 12, high 8 * 15); ten steps in int16 (240 * 128 = 30720).
//
// Bound: for 192 weights 0.5 operations shift nibbles, 0.9 signs, one joins them to an index, two look up,
// two add, 0.5 negate tables and 0.75 join: 7.6 on two vector ports, 50 weights a cycle, 10.5 bytes, as tl1.
// (With the signs as masks of subtractions it would be 9.2.) Many tokens: a vector of 32 tokens is loaded and
// added for every three columns; 192 multiply-accumulates a cycle where two wide loads are free of the narrow
// one, 128 on Golden Cove (lut_vectors_avx512.h).
#include "common/bl_register.h"
#include "common/bl_target.h"

#if BL_X86
#include "lut/lut_nibbles_avx512vbmi.h"
#include "lut/lut_tl2.h"

BL_TARGET_BEGIN_AVX512_VBMI

// Entries from a table of sums to that of their negatives.
enum { SIGN = 16 };

// Repeats a table's digits and, behind them, their negatives: the sign is bit 4 of an index.
BL_ALWAYS_INLINE __m512i with_negatives(__m512i table) {
  return _mm512_mask_sub_epi8(table, 0xffff0000ffff0000u, _mm512_setzero_si512(), table);
}

BL_ALWAYS_INLINE void add_step(const bl_lut_block *block, size_t step, size_t tiles, size_t tokens,
                               bl_lut_digits512 *sums) {
  const __m512i sign_bit = _mm512_set1_epi8(SIGN);
  const size_t first_byte = step * BL_TL2_STEP_BYTES;
  const uint8_t *tables = block->tables + step * BL_TL2_STEP_TRIPLES * BL_LUT_TABLE16_BYTES;
#pragma clang loop unroll(full)
  for (size_t triple = 0; triple < BL_TL2_STEP_TRIPLES; triple++) {
    bl_lut_digits512 table[BL_LUT_TOKENS512];
    for (size_t token = 0; token < tokens; token++) {
      table[token] =
          bl_lut_load_table512(tables + token * block->token_bytes + triple * BL_LUT_TABLE16_BYTES);
      table[token].low = with_negatives(table[token].low);
      table[token].high = with_negatives(table[token].high);
    }
    for (size_t tile = 0; tile < tiles; tile++) {
      const size_t offset = tile * block->tile_bytes + (first_byte + triple / 2) * BL_LUT_ROWS;
      const size_t sign_offset = tile * block->tile_bytes + (first_byte + BL_TL2_INDEX_BYTES) * BL_LUT_ROWS;
      const __m512i nibble = bl_lut_nibble512(_mm512_load_si512(block->weights + offset), triple % 2 == 0);
      const __m512i signs = _mm512_load_si512(block->weights + sign_offset);
      const __m512i sign = triple < 3 ? _mm512_srli_epi16(signs, 3 - (unsigned)triple)
                                      : _mm512_slli_epi16(signs, (unsigned)triple - 3);
      const __m512i index = _mm512_ternarylogic_epi64(sign_bit, sign, nibble, 0xca);  // a ? b : c
      if (triple % 2 == 0) {
        bl_prefetch_to_l2(block->ahead + offset);
        bl_prefetch_to_l1(block->weights + offset + BL_STREAMS_L1_AHEAD_BYTES);
      }
      if (triple == 0) {
        bl_prefetch_to_l2(block->ahead + sign_offset);
        bl_prefetch_to_l1(block->weights + sign_offset + BL_STREAMS_L1_AHEAD_BYTES);
      }
      for (size_t token = 0; token < tokens; token++) {
        bl_lut_digits512 *sum = &sums[token * tiles + tile];
        sum->low = _mm512_add_epi8(sum->low, _mm512_permutexvar_epi8(index, table[token].low));
        sum->high = _mm512_add_epi8(sum->high, _mm512_permutexvar_epi8(index, table[token].high));
      }
    }
  }
}

static void multiply_block(const bl_lut_block *block, size_t tiles, size_t tokens) {
  bl_lut_multiply_block512(add_step, block, tiles, tokens);
}

// Entries of v in 0..13, and of -v at 16 + v.
BL_ALWAYS_INLINE void build_vectors(const __m512i *x, size_t stride, __m512i *table) {
  const __m512i zero = _mm512_setzero_si512();
  __m512i *negative = table + SIGN * stride;
  table[0] = negative[0] = zero;
  for (int column = 2, place = 1; column >= 0; column--, place *= 3) {
    const int reach = (place - 1) / 2;
    for (int u = -reach; u <= reach; u++) {
      const __m512i rest = u < 0 ? negative[(size_t)-u * stride] : table[(size_t)u * stride];
      const __m512i sum = _mm512_add_epi16(x[column], rest);
      table[(size_t)(place + u) * stride] = sum;
      negative[(size_t)(place + u) * stride] = _mm512_sub_epi16(zero, sum);
    }
  }
}

BL_ALWAYS_INLINE __m512i shifted(__m512i words, int left) {
  return left >= 0 ? _mm512_slli_epi16(words, (unsigned)left) : _mm512_srli_epi16(words, (unsigned)-left);
}

static void write_offsets(const uint8_t *weights, unsigned panels_log2, uint16_t *offsets) {
  const int entry_log2 = 6 + (int)panels_log2;
  const __m512i nibble = _mm512_set1_epi16((short)(15 << entry_log2));
  const __m512i both = _mm512_set1_epi16((short)(31 << entry_log2));
  for (size_t half = 0; half < 2; half++) {
    const uint8_t *rows = weights + half * BL_LUT_ROWS / 2;
    const __m512i signs =
        _mm512_cvtepu8_epi16(_mm256_load_si256((const __m256i *)(rows + BL_TL2_INDEX_BYTES * BL_LUT_ROWS)));
#pragma clang loop unroll(full)
    for (size_t triple = 0; triple < BL_TL2_STEP_TRIPLES; triple++) {
      const __m512i bytes =
          _mm512_cvtepu8_epi16(_mm256_load_si256((const __m256i *)(rows + triple / 2 * BL_LUT_ROWS)));
      const __m512i index = shifted(bytes, entry_log2 - (triple % 2 == 0 ? 4 : 0));
      const __m512i sign = shifted(signs, entry_log2 + 4 - (7 - (int)triple));
      // nibble ? index : sign, of both fields
      const __m512i entry = _mm512_and_si512(_mm512_ternarylogic_epi64(nibble, index, sign, 0xca), both);
      const __m512i table = _mm512_set1_epi16((short)((triple * 2 * SIGN) << entry_log2));
      _mm512_store_si512(offsets + triple * BL_LUT_ROWS + half * BL_LUT_ROWS / 2,
                         _mm512_or_si512(entry, table));
    }
  }
}

static const bl_lut_kernel512 parts = {
    .layout = &bl_lut_tl2,
    .coefficient = bl_lut_tl2_coefficient,
    .multiply_block = multiply_block,
    .vectors = {&bl_lut_tl2, .entries = 2 * SIGN, .lookups = BL_TL2_STEP_TRIPLES,
                .first_is_subtracted = false, .build = build_vectors, .write_offsets = write_offsets},
};

BL_LUT_FUNCTIONS512

BL_TARGET_END

static const bl_kernel lut_tl2_avx512vbmi = {
    .name = "lut-tl2-avx512vbmi",
    .family = "lut",
    .summary =
        "64 rows of triples of trits look up mirrored digit tables with vpermb, the sign a bit of the index; "
        "many tokens look up vectors",
    .source = "arXiv 2502.11880; vector look-up: arXiv 2512.06443",
    .explain =
        "decode: 15.3 vector operations for 384 weights, as many per weight as tl1: the longer group saves a "
        "third of the look-ups, but a sign costs a shift and a merge into the index; masked vpdpbusd needs "
        "12. "
        "It reads 5/3 bits a weight where tl1 and i2s read 2. Prefill: a 64-byte load and addition for every "
        "three weights and 32 tokens; tables of 27 vectors leave room for 24 columns at a time, so sums are "
        "loaded and stored again after 8 additions",
    .packing = &bl_packing_tl2,
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
BL_REGISTER(lut_tl2_avx512vbmi);
#endif
