// lut-t5-avx2: t5 by two look-ups of 16 entries. vpshufb cannot reach the 122 sums of five trits, but a byte
// (packing/t5.h has the picture) is taken apart into the indices of a triple and a pair
// (common/bl_t5_avx2.h), and its sum is A[triple] + B[pair], negated where the byte's sign is:
//
//   bytes --> indices --+--> vpshufb A low, A high --+
//     |                 +--> vpshufb B low, B high --+--> add --> vpsignb --> low, high: five groups
//     +------------------------------------------------- signs ------^       then join --> int16
//
// Digits and their bounds: lut_digits.h. Fifty groups add in int16 (250 * 128 = 32000).
//
//   table of one group and token, 64 bytes:   A low | A high | B low | B high
//
// Bound: for 160 weights three operations take h and l, five make the indices, ten look up, add, negate and
// add, and 1.2 join: 19.2, or 6.4 cycles on three ports for 32 bytes. Several tokens share the first eight.
#include "common/bl_register.h"
#include "common/bl_t5_avx2.h"

#if BL_X86
#include "lut/lut_sums_avx2.h"
#include "lut/lut_t5.h"
#include "lut/lut_tables16_avx2.h"
#include "lut/lut_trits.h"

BL_TARGET_BEGIN_AVX2

enum {
  STEP = 5,         // groups that add in int8
  MOST_TOKENS = 4,  // that share indices
  TILES = 4,        // that share their tables in L1
};

static const bl_lut_layout layout = {
    .step_columns = BL_T5_COLUMNS,
    .step_weight_bytes = BL_T5_ROWS,
    .step_tables = 1,
    .table_bytes = 2 * BL_LUT_TABLE16_BYTES,
    .chunk_steps = 50,
};

static int8_t triple_coefficient(unsigned entry, unsigned column) {
  return entry < BL_LUT_TRIPLE_ENTRIES && column < 3 ? bl_lut_trit(entry + 13, 2 - column) : 0;
}

static int8_t pair_coefficient(unsigned entry, unsigned column) {
  return column < 2 ? bl_lut_trit(bl_t5_pair_of_nibble(entry), 1 - column) : 0;
}

static void prepare(const bl_prepare_task *task) {
  enum { COLUMNS = 48 * BL_T5_COLUMNS };
  const size_t k = task->k;
  const bl_lut_builder16 triple = bl_lut_builder16_make(triple_coefficient);
  const bl_lut_builder16 pair = bl_lut_builder16_make(pair_coefficient);
  for (size_t token = task->m_begin; token < task->m_end; token++) {
    const int8_t *x = (const int8_t *)task->x + token * k;
    uint8_t *table = (uint8_t *)task->prepared + token * bl_lut_token_bytes(&layout, k);
    for (size_t column = 0; column < k; column += COLUMNS) {
      uint8_t columns[COLUMNS];
      const size_t count = bl_min(COLUMNS, k - column);
      bl_lut_offset_columns(x + column, count, bl_round_up(count, BL_T5_COLUMNS), columns);
      for (size_t i = 0; i < count; i += BL_T5_COLUMNS, table += 2 * BL_LUT_TABLE16_BYTES) {
        bl_lut_build16(&triple, columns + i, 3, table);
        bl_lut_build16(&pair, columns + i + 3, 2, table + BL_LUT_TABLE16_BYTES);
      }
    }
  }
}

BL_ALWAYS_INLINE __m256i look_up(const uint8_t *table, __m256i index) {
  return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(_mm_load_si128((const __m128i *)table)), index);
}

// Adds `groups` <= STEP groups of half a tile to wide[token].
BL_ALWAYS_INLINE void add_groups(const uint8_t *weights, const uint8_t *tables, size_t token_bytes,
                                 const size_t groups, const size_t tokens, bl_lut_wide256 *wide) {
  __m256i low[MOST_TOKENS], high[MOST_TOKENS];
#pragma clang loop unroll(full)
  for (size_t t = 0; t < tokens; t++) low[t] = high[t] = _mm256_setzero_si256();
#pragma clang loop unroll(full)
  for (size_t i = 0; i < groups; i++) {
    const __m256i bytes = _mm256_load_si256((const __m256i *)(weights + i * BL_T5_ROWS));
    const bl_t5_indices index = bl_t5_indices_avx2(bytes);
#pragma clang loop unroll(full)
    for (size_t t = 0; t < tokens; t++) {
      const uint8_t *table = tables + t * token_bytes + i * layout.table_bytes;
      const __m256i l = _mm256_add_epi8(look_up(table, index.triple), look_up(table + 32, index.pair));
      const __m256i g = _mm256_add_epi8(look_up(table + 16, index.triple), look_up(table + 48, index.pair));
      low[t] = _mm256_add_epi8(low[t], _mm256_sign_epi8(l, bytes));  // a byte of zero has the sum zero
      high[t] = _mm256_add_epi8(high[t], _mm256_sign_epi8(g, bytes));
    }
  }
#pragma clang loop unroll(full)
  for (size_t t = 0; t < tokens; t++) bl_lut_join256(&wide[t], low[t], high[t]);
  // Read tables again for the other half: there are too many to keep them in registers.
  __asm__ volatile("" ::: "memory");
}

BL_ALWAYS_INLINE void add_groups_of_tile(const bl_lut_block *block, size_t first, const size_t groups,
                                         size_t tile, const size_t tokens,
                                         bl_lut_wide256 wide[][MOST_TOKENS]) {
  const uint8_t *weights = block->weights + tile * block->tile_bytes + first * BL_T5_ROWS;
  const uint8_t *ahead = block->ahead + tile * block->tile_bytes + first * BL_T5_ROWS;
  const uint8_t *tables = block->tables + first * layout.table_bytes;
#pragma clang loop unroll(full)
  for (size_t i = 0; i < groups; i++) {
    bl_prefetch_to_l2(ahead + i * BL_T5_ROWS);
    bl_prefetch_to_l1(weights + i * BL_T5_ROWS + BL_STREAMS_L1_AHEAD_BYTES);
  }
  add_groups(weights, tables, block->token_bytes, groups, tokens, wide[0]);
  add_groups(weights + BL_LUT_HALF_ROWS, tables, block->token_bytes, groups, tokens, wide[1]);
}

BL_ALWAYS_INLINE void multiply_tile(const bl_lut_block *block, size_t tile, const size_t tokens) {
  bl_lut_wide256 wide[2][MOST_TOKENS];
  for (size_t i = 0; i < 2; i++)
    for (size_t t = 0; t < tokens; t++) wide[i][t].part[0] = wide[i][t].part[1] = _mm256_setzero_si256();
  size_t group = 0;
  for (; group + STEP <= block->steps; group += STEP)
    add_groups_of_tile(block, group, STEP, tile, tokens, wide);
  for (; group < block->steps; group++) add_groups_of_tile(block, group, 1, tile, tokens, wide);
  for (size_t i = 0; i < 2; i++)
    for (size_t t = 0; t < tokens; t++) bl_lut_add_half256(block, 2 * tile + i, t, &wide[i][t]);
}

static void multiply_block(const bl_lut_block *block, size_t tiles, size_t tokens) {
  for (size_t tile = 0; tile < tiles; tile++) {
    if (tokens == 1)
      multiply_tile(block, tile, 1);
    else if (tokens == 2)
      multiply_tile(block, tile, 2);
    else
      multiply_tile(block, tile, MOST_TOKENS);
  }
}

static void multiply(const bl_multiply_task *task) {
  const bl_lut_plan plan = {&layout, multiply_block, .tiles = 1, .tokens_tiles = TILES,
                            .tokens = task->m < MOST_TOKENS ? 2 : MOST_TOKENS};
  bl_lut_multiply(&plan, task);
}

BL_TARGET_END

static bl_cost cost(size_t m, size_t n, size_t k, const void *packed) {
  (void)packed;
  return bl_lut_cost(&bl_lut_t5, m, n, k);
}

static const bl_kernel lut_t5_avx2 = {
    .name = "lut-t5-avx2",
    .family = "lut",
    .summary = "five trits divided by nine with vpshufb, then looked up as a triple and a pair",
    .source = "bitlab; mirrored ternary tables: arXiv 2502.11880",
    .explain =
        "19.2 vector operations for 160 weights, a quarter more per weight than tl1 and a seventh more than "
        "mad on "
        "two-bit codes, for a fifth less bytes: eight of them only split a byte into indices that fit "
        "vpshufb, "
        "where vpermi2b looks the byte up as it is; it wins where the cores share so little bandwidth that "
        "bytes "
        "decide",
    .packing = &bl_packing_t5,
    .isa = BL_ISA_AVX2,
    .activations = BL_ACTIVATIONS_INT8,
    .exact = true,
    .m_tile = 1,
    .n_tile = BL_LUT_ROWS,
    .prepared_bytes = bl_lut_t5_prepared_bytes,
    .prepare = prepare,
    .multiply = multiply,
    .cost = cost,
};
BL_REGISTER(lut_t5_avx2);
#endif
