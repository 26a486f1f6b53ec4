// lut-t5-avx512vbmi: 64 rows look up a 128-entry table with one two-register byte permute. A vector of t5
// bytes (packing/t5.h has the picture) is 64 rows of the same five columns, its low seven bits the permute's
// index, its top bits a mask:
//
//   bytes ---+--> vpermi2b low digits  --> masked + or - --+   five groups
//            +--> vpermi2b high digits --> masked + or - --+--> unpack, vpmaddubsw by (1, 25) --> int16
//            +--> vpmovb2m: which rows subtract                 fifty groups: 250 * 128 = 32000 --> int32
//
// Digits and their bounds: lut_digits.h. Four registers of table serve five tiles (320 rows).
// Bound: seven vector operations for 320 weights and 1.2 for the join: 8.2, or 12.2 where vpermi2b is three
// operations. Two 512-bit ports and the latter (Intel) make 6.1 cycles, four ports (Zen 5) 2.1, in which 64
// bytes of weights and a fifth of 256 bytes of table are read: there decode is bound by the weights' stream.
// Zen 4, which splits 512 bits in two and permutes, shifts and tests on half its ports, was measured at 5.1
// with all in L1, and DRAM at 30 GB/s gives a line in 7.8.
#include "common/bl_register.h"
#include "common/bl_target.h"
#include "common/bl_weight_streams.h"

#if BL_X86
#include "lut/lut_streams.h"
#include "lut/lut_sums_avx512.h"
#include "lut/lut_t5_tables_avx512vbmi.h"

BL_TARGET_BEGIN_AVX512_VBMI

enum {
  STEP = 5,         // groups that add in int8
  TILES = 5,        // that share the tables of several tokens, one by one
  DECODE_TILES = 6  // the same of one token: streams of weights, each a tile long
};

// Adds `groups` <= STEP groups from `first` on to wide[tile].
BL_ALWAYS_INLINE void add_groups(const bl_lut_block *block, size_t first, const size_t groups,
                                 const size_t tiles, bl_lut_wide512 *wide) {
  const __m512i zero = _mm512_setzero_si512();
  __m512i low[DECODE_TILES], high[DECODE_TILES];
  for (size_t tile = 0; tile < tiles; tile++) low[tile] = high[tile] = zero;
#pragma clang loop unroll(full)
  for (size_t i = 0; i < groups; i++) {
    const size_t group = first + i;
    const uint8_t *table = block->tables + group * 2 * BL_LUT_T5_ENTRIES;
    const __m512i low_front = _mm512_load_si512(table), low_back = _mm512_load_si512(table + 64);
    const __m512i high_front = _mm512_load_si512(table + 128), high_back = _mm512_load_si512(table + 192);
    for (size_t tile = 0; tile < tiles; tile++) {
      const size_t offset = tile * block->tile_bytes + group * BL_T5_ROWS;
      const __m512i bytes = _mm512_load_si512(block->weights + offset);
      const __mmask64 negative = _mm512_movepi8_mask(bytes);
      bl_prefetch_to_l2(block->ahead + offset);
      bl_prefetch_to_l1(block->weights + offset + BL_STREAMS_L1_AHEAD_BYTES);
      const __m512i l = _mm512_permutex2var_epi8(low_front, bytes, low_back);
      const __m512i h = _mm512_permutex2var_epi8(high_front, bytes, high_back);
      low[tile] = _mm512_add_epi8(low[tile], _mm512_mask_sub_epi8(l, negative, zero, l));
      high[tile] = _mm512_add_epi8(high[tile], _mm512_mask_sub_epi8(h, negative, zero, h));
    }
  }
  for (size_t tile = 0; tile < tiles; tile++) bl_lut_join512(&wide[tile], low[tile], high[tile]);
}

BL_ALWAYS_INLINE void multiply_tiles(const bl_lut_block *block, const size_t tiles) {
  bl_lut_wide512 wide[DECODE_TILES];
  for (size_t tile = 0; tile < tiles; tile++)
    wide[tile].half[0] = wide[tile].half[1] = _mm512_setzero_si512();
  size_t group = 0;
  for (; group + STEP <= block->steps; group += STEP) add_groups(block, group, STEP, tiles, wide);
  for (; group < block->steps; group++) add_groups(block, group, 1, tiles, wide);
  for (size_t tile = 0; tile < tiles; tile++) bl_lut_add_tile512(block, tile, 0, &wide[tile]);
}

static void multiply_block(const bl_lut_block *block, size_t tiles, size_t tokens) {
  (void)tokens;
  switch (tiles) {
#define CASE(count)               \
  case count:                     \
    multiply_tiles(block, count); \
    break;
    CASE(1)
    CASE(2)
    CASE(3)
    CASE(4)
    CASE(5)
    CASE(6)
#undef CASE
  }
}

static void multiply(const bl_multiply_task *task) {
  static const bl_lut_plan plan = {&bl_lut_t5, multiply_block, bl_lut_t5_expand, .tiles = TILES, .tokens = 1};
  static const bl_lut_streams streams = {&bl_lut_t5, multiply_block, bl_lut_t5_expand,
                                         .most_tiles = DECODE_TILES};
  if (task->m == 1)
    bl_lut_multiply_streams(&streams, task);
  else
    bl_lut_multiply(&plan, task);
}

BL_TARGET_END

static size_t workspace_bytes(size_t m, size_t n, size_t k) {
  return m == 1 ? bl_lut_stream_workspace_bytes(&bl_lut_t5, k) : bl_lut_t5_workspace_bytes(m, n, k);
}

static bl_cost cost(size_t m, size_t n, size_t k, const void *packed) {
  (void)packed;
  return bl_lut_cost(&bl_lut_t5, m, n, k);
}

static const bl_kernel lut_t5_avx512vbmi = {
    .name = "lut-t5-avx512vbmi",
    .family = "lut",
    .summary = "64 rows of five trits look up two 128-entry digit tables with vpermi2b",
    .source = "bitlab; mirrored ternary tables: arXiv 2502.11880",
    .explain =
        "8.2 vector operations for 320 weights (12.2 where vpermi2b is three, as on Intel) "
        "against 8 for 256 by masked vpdpbusd on two-bit codes, and 1.6 bits instead of 2: decode "
        "ends at the stream of weights where ports allow; prefill does not, because every token "
        "has its own tables and repeats the look-ups, 1.6 to 2.4 times the 5 vpdpbusd that 320 "
        "unpacked weights need",
    .packing = &bl_packing_t5,
    .isa = BL_ISA_AVX2 | BL_ISA_AVX512 | BL_ISA_AVX512_VBMI,
    .activations = BL_ACTIVATIONS_INT8,
    .exact = true,
    .m_tile = 1,
    .k_tile = BL_LUT_T5_PREPARED_GROUPS * BL_T5_COLUMNS,
    .n_tile = BL_LUT_ROWS,
    .prepared_bytes = bl_lut_t5_prepared_bytes,
    .prepare = bl_lut_t5_prepare,
    .workspace_bytes = workspace_bytes,
    .multiply = multiply,
    .cost = cost,
};
BL_REGISTER(lut_t5_avx512vbmi);
#endif
