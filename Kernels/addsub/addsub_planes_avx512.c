// addsub-planes-avx512: the bit-planes are the mask registers. (Layout: packing/planes.h.)
//
// Few tokens: prepare() biases the activations to unsigned bytes x + 128. Per 64 columns a blend chooses x +
// 128 where P is set and 128, the bias of nothing, elsewhere; a masked subtraction puts 255 - (x + 128) = 127
// - x where N is set; vpsadbw sums the 64 bytes. So sum = dot + 128 * columns - |N|: one population count per
// row and 64 columns, beside the vectors, undoes it. Masks are loaded once for up to four tokens, activations
// once for up to four rows, which are far apart, each the next of a long stream of its own.
//   Bound, one token: per 64 weights two kmovq (port 5), two masked operations, vpsadbw (port 5) and an add:
//   three cycles on two vector ports, 21 weights a cycle, 5.3 bytes; multiply-add needs one.
//
// Many tokens: token panels (addsub_token_panels.h). The planes of a row become two lists of columns, and
// each listed column is one vector add per 32 tokens, so the third of weights that are zero cost nothing.
//   Bound: one 64-byte load per add, two a cycle: 96 multiply-accumulates a cycle at one third zeros.
#include "common/bl_target.h"

#if BL_X86
#include "addsub/addsub_planes_cost.h"
#include "common/bl_register.h"
#include "common/bl_weight_streams.h"

BL_TARGET_BEGIN_AVX512

#define BL_PANEL_TOKENS 32
#include "addsub/addsub_biased_rows.h"
#include "addsub/addsub_planes_panels.h"

enum {
  ROWS = 4,                // rows that share loaded activations
  TOKENS = 4,              // tokens that share loaded masks
  MIN_TOKENS_PANELS = 48,  // fewer tokens are faster without panels
};

// Tokens kept in panels; the others, at the end, are kept as biased rows.
static size_t panel_tokens(size_t m) {
  return bl_tokens_in_panels(m, MIN_TOKENS_PANELS);
}

static size_t row_bytes(size_t k) {
  return bl_planes_row_pairs(k) * 64;
}

static size_t prepared_bytes(size_t m, size_t k) {
  const size_t in_panels = panel_tokens(m);
  return bl_panels_elements(in_panels, k) * sizeof(int16_t) + (m - in_panels) * row_bytes(k);
}

// The biased rows follow the panels.
static uint8_t *biased_row(void *prepared, size_t m, size_t k, size_t token) {
  const size_t in_panels = panel_tokens(m);
  return (uint8_t *)((int16_t *)prepared + bl_panels_elements(in_panels, k)) +
         (token - in_panels) * row_bytes(k);
}

static void prepare(const bl_prepare_task *task) {
  const size_t m = task->m, k = task->k, in_panels = panel_tokens(m);
  size_t token = task->m_begin;
  for (; token < bl_min(task->m_end, in_panels); token += BL_PANEL_TOKENS)
    bl_panel_write(task->x, in_panels, k, token, task->prepared);
  for (; token < task->m_end; token++)
    bl_bias_row((const int8_t *)task->x + token * k, k, row_bytes(k),
                biased_row(task->prepared, m, k, token));
}

static size_t workspace_bytes(size_t m, size_t n, size_t k) {
  (void)n, (void)k;
  return panel_tokens(m) ? bl_planes_panels_workspace_bytes() : 0;
}

// One pair of words of `rows` rows, `stream_words` apart, against `tokens` tokens.
BL_ALWAYS_INLINE void add_pair(size_t rows, size_t tokens, const uint64_t *w, size_t stream_words,
                               const uint8_t *x, size_t x_stride, __m512i sums[ROWS][TOKENS],
                               int64_t negatives[ROWS]) {
  const __m512i nothing = _mm512_set1_epi8((char)BL_ROW_BIAS), ones = _mm512_set1_epi8(-1);
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++) {
    negatives[r] += _mm_popcnt_u64(w[r * stream_words + 1]);
    const __mmask64 add = _load_mask64((__mmask64 *)(w + r * stream_words));
    const __mmask64 subtract = _load_mask64((__mmask64 *)(w + r * stream_words + 1));
#pragma clang loop unroll(full)
    for (size_t t = 0; t < tokens; t++) {
      const __m512i biased = _mm512_load_si512(x + t * x_stride);
      __m512i chosen = _mm512_mask_blend_epi8(add, nothing, biased);
      chosen = _mm512_mask_sub_epi8(chosen, subtract, ones, biased);
      sums[r][t] = _mm512_add_epi64(sums[r][t], _mm512_sad_epu8(chosen, _mm512_setzero_si512()));
    }
  }
}

// Rows `row`, row + row_step, ... `rows` and `tokens` are constants in every caller.
BL_ALWAYS_INLINE void multiply_tile(size_t rows, size_t tokens, const bl_multiply_task *task, size_t row,
                                    size_t row_step, size_t token) {
  const size_t pairs = bl_planes_row_pairs(task->k), stream_words = row_step * pairs * 2;
  const uint64_t *w = (const uint64_t *)task->packed + row * pairs * 2;
  const uint8_t *x = biased_row((void *)task->prepared, task->m, task->k, token);
  const size_t x_stride = row_bytes(task->k);
  __m512i sums[ROWS][TOKENS];
  int64_t negatives[ROWS];
  for (size_t r = 0; r < rows; r++) {
    negatives[r] = 0;
    for (size_t t = 0; t < tokens; t++) sums[r][t] = _mm512_setzero_si512();
  }
  size_t pair = 0;
  for (; pair + 4 <= pairs; pair += 4) {  // one cache line of each row
    for (size_t r = 0; r < rows; r++) bl_prefetch_stream(w + r * stream_words + pair * 2, rows);
#pragma clang loop unroll(full)
    for (size_t i = 0; i < 4; i++)
      add_pair(rows, tokens, w + (pair + i) * 2, stream_words, x + (pair + i) * 64, x_stride, sums,
               negatives);
  }
  for (; pair < pairs; pair++)
    add_pair(rows, tokens, w + pair * 2, stream_words, x + pair * 64, x_stride, sums, negatives);
  const int64_t bias = (int64_t)(pairs * 64 * BL_ROW_BIAS);
  for (size_t r = 0; r < rows; r++)
    for (size_t t = 0; t < tokens; t++)
      ((int32_t *)task->y)[(token + t) * task->n + row + r * row_step] =
          (int32_t)(_mm512_reduce_add_epi64(sums[r][t]) - bias + negatives[r]);
}

// `rows` rows, a constant in every caller.
BL_ALWAYS_INLINE void multiply_rows(size_t rows, const bl_multiply_task *task, size_t row, size_t row_step,
                                    size_t token) {
  for (; token + TOKENS <= task->m; token += TOKENS) multiply_tile(rows, TOKENS, task, row, row_step, token);
  for (; token + 2 <= task->m; token += 2) multiply_tile(rows, 2, task, row, row_step, token);
  if (token < task->m) multiply_tile(rows, 1, task, row, row_step, token);
}

static void multiply(const bl_multiply_task *task) {
  const size_t in_panels = panel_tokens(task->m);
  if (in_panels > 0) bl_planes_panels_multiply(task, in_panels);
  if (in_panels == task->m) return;
  const size_t row_step = (task->n_end - task->n_begin) / ROWS;
  for (size_t row = task->n_begin; row < task->n_begin + row_step; row++)
    multiply_rows(ROWS, task, row, row_step, in_panels);
  for (size_t row = task->n_begin + ROWS * row_step; row < task->n_end; row++)
    multiply_rows(1, task, row, 0, in_panels);
}

BL_TARGET_END

static const bl_kernel addsub_planes_avx512 = {
    .name = "addsub-planes-avx512",
    .family = "addsub",
    .summary = "bit-planes as mask registers of masked adds and subtracts; token panels for many tokens",
    .source = "bitlab; no multiplications: arXiv 2402.17764",
    .explain =
        "decode: six vector operations per 64 weights (two mask loads, two masked operations, vpsadbw, add), "
        "half of them on Intel's port 5, where multiply-add needs two (mask, vpdpbusd): each sign is a mask "
        "and an operation of its own, and sums of bytes must be widened; prefill: one 64-byte load and add "
        "per nonzero weight and 32 tokens, no more than 96 weights a cycle",
    .packing = &bl_packing_planes,
    .isa = BL_ISA_AVX2 | BL_ISA_AVX512,
    .activations = BL_ACTIVATIONS_INT8,
    .exact = true,
    .m_tile = BL_PANEL_TOKENS,
    .n_tile = 1,
    .prepared_bytes = prepared_bytes,
    .prepare = prepare,
    .workspace_bytes = workspace_bytes,
    .multiply = multiply,
    .cost = bl_addsub_planes_cost,
};
BL_REGISTER(addsub_planes_avx512);
#endif
