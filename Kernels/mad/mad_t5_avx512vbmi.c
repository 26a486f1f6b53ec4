// mad-t5-avx512vbmi: five trits in a byte, 64 rows interleaved, with byte-permute look-ups and vpdpbusd.
//
// Idea: four bytes of a row, 20 columns, become one 32-bit element by interleaving four vectors of 64 rows.
// Two look-ups by the 7-bit magnitude turn each byte into its codes, and for a negative byte a masked
// subtract mirrors them (code 2 - c):
//
//   look-up 1:   c3 c2 c1 c0   two bits each, first trit lowest        look-up 2:   c4
//   quad t of 20 columns:  columns t, 5 + t, 10 + t, 15 + t            t = 0..4: trit t of the four bytes
//
// Each vector of codes belongs to 16 rows, so a token's quad is a broadcast. One to four tokens are
// multiplied with codes in registers, more use the panel of common/bl_gemm_vnni.h.
//
// Layout: packing/t5.h; activations: common/bl_gemm_vnni.h, with the quads above, for any number of tokens.
//
// Bound: decode by arithmetic. 320 weights take 3 permutes and interleaves, 2 look-ups (three instructions
// each inside Intel cores, one on AMD's), a mask, 2 subtracts, a shift, 4 ands and 5 multiplies: 18 or 22
// operations on two or four vector ports. Zen 4 splits 512 bits in two and has half its ports for 11 of the
// 18: it was measured at 12.9 cycles, wherever the weights lie, 2.5 times what lut-t5 takes. Prefill by the
// two multipliers of a core.
#include "common/bl_gemm_vnni.h"
#include "common/bl_register.h"
#include "mad/mad_trits.h"

#include <string.h>

#if BL_X86
BL_TARGET_BEGIN_AVX512_VNNI_VBMI

enum {
  QUAD_BYTES = 4,                             // bytes of a row that make a 32-bit element
  STEP_COLUMNS = QUAD_BYTES * BL_T5_COLUMNS,  // 20
  STEP_QUADS = BL_T5_COLUMNS,                 // a quad for each trit
  LOAD_COLUMNS = 3 * STEP_COLUMNS,            // 60 columns of a token: 15 quads
  FEW_TOKENS = 4,                             // most that are multiplied without a panel: 16 accumulators
  PREFETCH_BYTES = 4096,
  // Steps after which sums are folded: a lane of the fields times 4 takes eight products of at most 8 * 128
  // in a step, so 2^16 steps leave it at 2^29.
  FOLD_STEPS = 1 << 16,
};

static size_t row_quads(size_t k) {
  return bl_divide_up(k, STEP_COLUMNS) * STEP_QUADS;
}

static size_t prepared_bytes(size_t m, size_t k) {
  return bl_int8_prepared_bytes(m, row_quads(k) * 4);
}

// Byte 20 s + 5 b + t to place 20 s + 4 t + b.
BL_ALWAYS_INLINE __m512i load_quads(const int8_t *x, size_t columns) {
  static const uint8_t order[64] = {
      0,  5,  10, 15, 1,  6,  11, 16, 2,  7,  12, 17, 3,  8,  13, 18, 4,  9,  14, 19, 20, 25,
      30, 35, 21, 26, 31, 36, 22, 27, 32, 37, 23, 28, 33, 38, 24, 29, 34, 39, 40, 45, 50, 55,
      41, 46, 51, 56, 42, 47, 52, 57, 43, 48, 53, 58, 44, 49, 54, 59, 60, 61, 62, 63,
  };
  return _mm512_permutexvar_epi8(_mm512_loadu_si512(order), bl_load_first(x, bl_min(columns, LOAD_COLUMNS)));
}

static void prepare(const bl_prepare_task *task) {
  bl_gemm_vnni_pack(task, row_quads(task->k), LOAD_COLUMNS, 1, load_quads);
}

// Both look-up tables, for magnitudes 0..121.
typedef struct tables {
  __m512i first_four[2], last[2];
} tables;

BL_ALWAYS_INLINE tables load_tables(void) {
#define CODES(v)                                                                          \
  (uint8_t)(((v) + 121) / 81 % 3 | ((v) + 121) / 27 % 3 << 2 | ((v) + 121) / 9 % 3 << 4 | \
            ((v) + 121) / 3 % 3 << 6)
#define LAST(v) (uint8_t)(((v) + 121) % 3)
#define EIGHT(f, v) f(v), f(v + 1), f(v + 2), f(v + 3), f(v + 4), f(v + 5), f(v + 6), f(v + 7)
#define SIXTY_FOUR(f, v)                                                                                \
  EIGHT(f, v), EIGHT(f, v + 8), EIGHT(f, v + 16), EIGHT(f, v + 24), EIGHT(f, v + 32), EIGHT(f, v + 40), \
      EIGHT(f, v + 48), EIGHT(f, v + 56)
  static const uint8_t first_four[128] = {SIXTY_FOUR(CODES, 0), SIXTY_FOUR(CODES, 64)};
  static const uint8_t last[128] = {SIXTY_FOUR(LAST, 0), SIXTY_FOUR(LAST, 64)};
#undef CODES
#undef LAST
#undef EIGHT
#undef SIXTY_FOUR
  return (tables){{_mm512_loadu_si512(first_four), _mm512_loadu_si512(first_four + 64)},
                  {_mm512_loadu_si512(last), _mm512_loadu_si512(last + 64)}};
}

// Looks up the codes of one element of 16 rows: the first four trits in fields of two bits, and the last.
BL_ALWAYS_INLINE void look_up(const tables *t, __m512i bytes, __m512i *first_four, __m512i *last) {
  const __mmask64 negative = _mm512_movepi8_mask(bytes);
  const __m512i four = _mm512_permutex2var_epi8(t->first_four[0], bytes, t->first_four[1]);
  const __m512i one = _mm512_permutex2var_epi8(t->last[0], bytes, t->last[1]);
  *first_four = _mm512_mask_sub_epi8(four, negative, _mm512_set1_epi8((char)0xaa), four);
  *last = _mm512_mask_sub_epi8(one, negative, _mm512_set1_epi8(2), one);
}

// Four groups of 64 rows as 32-bit elements: v[i] holds rows 16 i .. 16 i + 15. Groups past the row are
// zeros, which are valid bytes of zero weights.
BL_ALWAYS_INLINE void load_elements(const uint8_t *groups, size_t count, __m512i v[4]) {
  // Interleaving takes rows from one part of each 128-bit lane; so lanes get rows 4 l .. of each 16 before.
  const __m512i order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
  __m512i g[QUAD_BYTES];
#pragma clang loop unroll(full)
  for (size_t i = 0; i < QUAD_BYTES; i++)
    g[i] = i < count ? _mm512_permutexvar_epi32(order, _mm512_load_si512(groups + i * BL_T5_ROWS))
                     : _mm512_setzero_si512();
  const __m512i low01 = _mm512_unpacklo_epi8(g[0], g[1]), high01 = _mm512_unpackhi_epi8(g[0], g[1]);
  const __m512i low23 = _mm512_unpacklo_epi8(g[2], g[3]), high23 = _mm512_unpackhi_epi8(g[2], g[3]);
  v[0] = _mm512_unpacklo_epi16(low01, low23);
  v[1] = _mm512_unpackhi_epi16(low01, low23);
  v[2] = _mm512_unpacklo_epi16(high01, high23);
  v[3] = _mm512_unpackhi_epi16(high01, high23);
}

static void unpack(const bl_gemm_piece *piece) {
  const size_t k = piece->task->k, groups = bl_t5_groups(k);
  const uint8_t *tile = (const uint8_t *)piece->task->packed + piece->row / BL_T5_ROWS * bl_t5_tile_bytes(k);
  const tables t = load_tables();
  const __m512i mask = _mm512_set1_epi8(3);
  for (size_t quad = piece->quad_begin; quad < piece->quad_end; quad += STEP_QUADS) {
    const size_t group = quad / STEP_QUADS * QUAD_BYTES;
    __m512i v[4];
    if (group + QUAD_BYTES <= groups)
      load_elements(tile + group * BL_T5_ROWS, QUAD_BYTES, v);
    else
      load_elements(tile + group * BL_T5_ROWS, groups - group, v);
#pragma clang loop unroll(full)
    for (size_t i = 0; i < 4; i++) {
      uint8_t *panel =
          piece->panel + i / 2 * BL_GEMM_PANEL_BYTES + (quad - piece->quad_begin) * 128 + i % 2 * 64;
      __m512i first_four, last;
      look_up(&t, v[i], &first_four, &last);
#pragma clang loop unroll(full)
      for (unsigned trit = 0; trit < 4; trit++)
        _mm512_store_si512(panel + trit * 128,
                           _mm512_and_si512(_mm512_srli_epi32(first_four, 2 * trit), mask));
      _mm512_store_si512(panel + 4 * 128, last);
    }
  }
}

BL_ALWAYS_INLINE __m512i broadcast_quad(const int8_t *x) {
  int32_t four;
  memcpy(&four, x, sizeof four);
  return _mm512_set1_epi32(four);
}

// The elements of step `step` of a tile, the bytes some KiB after them prefetched.
BL_ALWAYS_INLINE void load_step(const uint8_t *tile, size_t step, size_t groups, __m512i v[4]) {
  const uint8_t *bytes = tile + step * QUAD_BYTES * BL_T5_ROWS;
  if ((step + 1) * QUAD_BYTES <= groups) {
#pragma clang loop unroll(full)
    for (size_t i = 0; i < QUAD_BYTES; i++)
      _mm_prefetch((const char *)bytes + i * BL_T5_ROWS + PREFETCH_BYTES, _MM_HINT_T0);
    load_elements(bytes, QUAD_BYTES, v);
  } else {
    load_elements(bytes, groups - step * QUAD_BYTES, v);
  }
}

// sum[i] += codes of rows 16 i .. 16 i + 15 of a tile times one token. The upper two fields are shifted down
// together, so two scales remain, 1 and 4.
BL_ALWAYS_INLINE void multiply_one_token(const tables *t, const uint8_t *tile, size_t groups, const int8_t *x,
                                         __m512i sum[4]) {
  const __m512i low = _mm512_set1_epi8(3), high = _mm512_set1_epi8(12);
  const size_t steps = bl_divide_up(groups, QUAD_BYTES);
  for (size_t step = 0; step < steps;) {
    __m512i one[4], four[4];
    for (size_t i = 0; i < 4; i++) one[i] = four[i] = _mm512_setzero_si512();
    const size_t fold = bl_min(step + FOLD_STEPS, steps);
    for (; step < fold; step++, x += STEP_QUADS * 4) {
      __m512i v[4], quad[STEP_QUADS];
      load_step(tile, step, groups, v);
#pragma clang loop unroll(full)
      for (size_t trit = 0; trit < STEP_QUADS; trit++) quad[trit] = broadcast_quad(x + 4 * trit);
#pragma clang loop unroll(full)
      for (size_t i = 0; i < 4; i++) {
        __m512i first_four, last;
        look_up(t, v[i], &first_four, &last);
        const __m512i upper = _mm512_srli_epi16(first_four, 4);
        one[i] = _mm512_dpbusd_epi32(one[i], _mm512_and_si512(first_four, low), quad[0]);
        four[i] = _mm512_dpbusd_epi32(four[i], _mm512_and_si512(first_four, high), quad[1]);
        one[i] = _mm512_dpbusd_epi32(one[i], _mm512_and_si512(upper, low), quad[2]);
        four[i] = _mm512_dpbusd_epi32(four[i], _mm512_and_si512(upper, high), quad[3]);
        one[i] = _mm512_dpbusd_epi32(one[i], last, quad[4]);
      }
    }
    for (size_t i = 0; i < 4; i++)
      sum[i] = _mm512_add_epi32(sum[i], _mm512_add_epi32(one[i], _mm512_srai_epi32(four[i], 2)));
  }
}

// sum[t][i] += codes of rows 16 i .. 16 i + 15 of a tile times token t.
BL_ALWAYS_INLINE void multiply_tokens(const size_t tokens, const tables *t, const uint8_t *tile,
                                      size_t groups, const int8_t *x, __m512i sum[][4]) {
  const __m512i mask = _mm512_set1_epi8(3);
  const size_t steps = bl_divide_up(groups, QUAD_BYTES);
  for (size_t step = 0; step < steps; step++, x += STEP_QUADS * 4 * tokens) {
    __m512i v[4];
    load_step(tile, step, groups, v);
#pragma clang loop unroll(full)
    for (size_t i = 0; i < 4; i++) {
      __m512i first_four, last;
      look_up(t, v[i], &first_four, &last);
#pragma clang loop unroll(full)
      for (unsigned trit = 0; trit < STEP_QUADS; trit++) {
        const __m512i codes =
            trit == 4 ? last : _mm512_and_si512(_mm512_srli_epi16(first_four, 2 * trit), mask);
#pragma clang loop unroll(full)
        for (size_t token = 0; token < tokens; token++)
          sum[token][i] =
              _mm512_dpbusd_epi32(sum[token][i], codes, broadcast_quad(x + (trit * tokens + token) * 4));
      }
    }
  }
}

BL_ALWAYS_INLINE void multiply_few(const size_t tokens, const bl_multiply_task *task) {
  const size_t groups = bl_t5_groups(task->k);
  const int32_t *starts = bl_int8_starts(task->prepared);
  const int8_t *x = bl_int8_activations(task->prepared, tokens);
  const tables t = load_tables();
  for (size_t row = task->n_begin; row < task->n_end; row += BL_T5_ROWS) {
    const uint8_t *tile = (const uint8_t *)task->packed + row / BL_T5_ROWS * bl_t5_tile_bytes(task->k);
    const __mmask64 rows = bl_first_64(task->n_end - row);
    __m512i sum[FEW_TOKENS][4];
#pragma clang loop unroll(full)
    for (size_t token = 0; token < tokens; token++)
      for (size_t i = 0; i < 4; i++) sum[token][i] = _mm512_set1_epi32(starts[token]);
    if (tokens == 1)
      multiply_one_token(&t, tile, groups, x, sum[0]);
    else
      multiply_tokens(tokens, &t, tile, groups, x, sum);
#pragma clang loop unroll(full)
    for (size_t token = 0; token < tokens; token++)
      for (size_t i = 0; i < 4; i++)
        _mm512_mask_storeu_epi32((int32_t *)task->y + token * task->n + row + 16 * i,
                                 (__mmask16)(rows >> (16 * i)), sum[token][i]);
  }
}

static void multiply(const bl_multiply_task *task) {
  const bl_gemm_weights weights = {
      .unpack = unpack, .quads = row_quads(task->k), .quad_step = STEP_QUADS, .panels = 2};
  switch (task->m) {
    case 1:
      multiply_few(1, task);
      break;
    case 2:
      multiply_few(2, task);
      break;
    case 3:
      multiply_few(3, task);
      break;
    case 4:
      multiply_few(4, task);
      break;
    default:
      bl_gemm_multiply(&bl_gemm_vnni, &weights, task);
  }
}

static size_t workspace_bytes(size_t m, size_t n, size_t k) {
  (void)n;
  (void)k;
  return m <= FEW_TOKENS ? 0 : bl_gemm_workspace_bytes(&bl_gemm_vnni, 2, m);
}

static bl_cost cost(size_t m, size_t n, size_t k, const void *packed) {
  (void)packed;
  return bl_mad_t5_cost(m, n, k);
}

BL_TARGET_END

static const bl_kernel mad_t5_avx512vbmi = {
    .name = "mad-t5-avx512vbmi",
    .family = "mad",
    .summary = "bytes looked up to codes by vpermi2b, multiplied by vpdpbusd; a panel for many tokens",
    .source = "bitlab; five trits in eight bits: ggml-org/llama.cpp pull 8151",
    .explain =
        "decode makes codes by 18 instructions for 320 weights, where lut-t5 looks up sums for five weights "
        "at once "
        "and mad-i2s takes 8 for 256: bound by arithmetic unless bandwidth is scarce; prefill from the same "
        "1.6-bit weights runs at the rate of vpdpbusd",
    .packing = &bl_packing_t5,
    .isa = BL_ISA_AVX2 | BL_ISA_AVX512 | BL_ISA_AVX512_VNNI | BL_ISA_AVX512_VBMI,
    .activations = BL_ACTIVATIONS_INT8,
    .exact = true,
    .m_tile = 1,
    .n_tile = BL_T5_ROWS,
    .prepared_bytes = prepared_bytes,
    .prepare = prepare,
    .workspace_bytes = workspace_bytes,
    .multiply = multiply,
    .cost = cost,
};
BL_REGISTER(mad_t5_avx512vbmi);
#endif
