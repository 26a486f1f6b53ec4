// addsub-tcsc-avx512vbmi: the activations named by a list of columns are fetched by one byte permute.
// (Layout: packing/tcsc.h.)
//
// Few tokens: the 128 activations of a block, biased to unsigned bytes x + 128, are two registers. A list of
// up to 64 columns is the index of one vpermi2b, which leaves 128, a biased zero, beyond its end, and vpsadbw
// sums what it fetched; lists of +1 weights are added, of -1 weights subtracted, and the bias cancels. All
// 128 rows of a tile use a block before the next; their vector sums stay in cache.
//   Bound, one token: per 128 weights of a row two lists, each a kmovq, vpermi2b (two of its three
//   operations) and vpsadbw on port 5: eight cycles, 16 weights a cycle, 11 bytes; and 5.5 bits of memory
//   traffic per weight, which comes first from DRAM.
//
// Many tokens: token panels (addsub_token_panels.h), one load and add per nonzero weight and 32 tokens; bound
// by two 64-byte loads a cycle.
#include "common/bl_target.h"

#if BL_X86
#include "addsub/addsub_tcsc_cost.h"
#include "common/bl_register.h"
#include "common/bl_stream_prefetch.h"

BL_TARGET_BEGIN_AVX512_VBMI

#define BL_PANEL_TOKENS 32
#include "addsub/addsub_biased_rows.h"
#include "addsub/addsub_tcsc_panels.h"

enum {
  TOKENS = 4,              // tokens that share lists
  LIST = 64,               // columns of a list that one permute fetches
  MIN_TOKENS_PANELS = 20,  // fewer tokens are faster without panels
};

static size_t panel_tokens(size_t m) {
  return bl_tokens_in_panels(m, MIN_TOKENS_PANELS);
}

static size_t row_bytes(size_t k) {
  return bl_tcsc_blocks(k) * BL_TCSC_COLUMNS;
}

static size_t prepared_bytes(size_t m, size_t k) {
  const size_t in_panels = panel_tokens(m);
  return bl_panels_elements(in_panels, k) * sizeof(int16_t) + (m - in_panels) * row_bytes(k);
}

// The rows of biased bytes follow the panels.
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
  const size_t panels = panel_tokens(m) ? bl_tcsc_panels_workspace_bytes() : 0;
  const size_t rows = BL_TCSC_ROWS * TOKENS * sizeof(__m512i);
  return panels > rows ? panels : rows;
}

// The sums, in eight lanes, of 64 biased bytes: the activations that up to 64 listed columns name, and for
// the rest the bias, which is what vpermi2b leaves of an index of 128.
BL_ALWAYS_INLINE void fetch(size_t tokens, const uint8_t *list, size_t count, const __m512i x[TOKENS][2],
                            __m512i sums[TOKENS]) {
  const __mmask64 exists = _bzhi_u64(~0ull, (unsigned)count);
  const __m512i columns = _mm512_mask_loadu_epi8(_mm512_set1_epi8((char)BL_ROW_BIAS), exists, list);
#pragma clang loop unroll(full)
  for (size_t t = 0; t < tokens; t++)
    sums[t] = _mm512_sad_epu8(_mm512_mask2_permutex2var_epi8(x[t][0], columns, exists, x[t][1]),
                              _mm512_setzero_si512());
}

// One tile of rows against `tokens` tokens, a constant in every caller.
BL_ALWAYS_INLINE void multiply_tile(size_t tokens, const bl_multiply_task *task, size_t row, size_t token) {
  const size_t rows = bl_min(BL_TCSC_ROWS, task->n_end - row);
  __m512i *totals = task->workspace;
  // Of 64 bytes in eight lanes. Plus and minus lose theirs in the difference; a second list has no partner.
  const __m512i bias = _mm512_set1_epi64(64 * BL_ROW_BIAS / 8);
  const uint8_t *counts = bl_tcsc_tile(task->packed, row / BL_TCSC_ROWS);
  for (size_t i = 0; i < rows * tokens; i++) totals[i] = _mm512_setzero_si512();
  for (size_t block = 0; block < bl_tcsc_blocks(task->k); block++) {
    __m512i x[TOKENS][2];
    for (size_t t = 0; t < tokens; t++) {
      const uint8_t *biased = biased_row((void *)task->prepared, task->m, task->k, token + t);
      x[t][0] = _mm512_load_si512(biased + block * BL_TCSC_COLUMNS);
      x[t][1] = _mm512_load_si512(biased + block * BL_TCSC_COLUMNS + 64);
    }
    const uint8_t *list = counts + BL_TCSC_COUNT_BYTES;
    uintptr_t ahead = bl_stream_begin(list);
    for (size_t r = 0; r < rows; r++) {
      const size_t positives = counts[2 * r], negatives = counts[2 * r + 1];
      __m512i plus[TOKENS], minus[TOKENS];
      fetch(tokens, list, positives, x, plus);
      fetch(tokens, list + positives, negatives, x, minus);
      for (size_t t = 0; t < tokens; t++)
        totals[r * tokens + t] =
            _mm512_add_epi64(totals[r * tokens + t], _mm512_sub_epi64(plus[t], minus[t]));
      if (positives > LIST) {
        fetch(tokens, list + LIST, positives - LIST, x, plus);
        for (size_t t = 0; t < tokens; t++)
          totals[r * tokens + t] = _mm512_add_epi64(totals[r * tokens + t], _mm512_sub_epi64(plus[t], bias));
      }
      if (negatives > LIST) {
        fetch(tokens, list + positives + LIST, negatives - LIST, x, minus);
        for (size_t t = 0; t < tokens; t++)
          totals[r * tokens + t] = _mm512_add_epi64(totals[r * tokens + t], _mm512_sub_epi64(bias, minus[t]));
      }
      list += positives + negatives;
      bl_stream_next(&ahead);
      if (r % 2 == 0) bl_stream_next(&ahead);  // three lines hold the lists of about two rows
    }
    counts = list;
  }
  for (size_t t = 0; t < tokens; t++)
    for (size_t r = 0; r < rows; r++)
      ((int32_t *)task->y)[(token + t) * task->n + row + r] =
          (int32_t)_mm512_reduce_add_epi64(totals[r * tokens + t]);
}

static void multiply(const bl_multiply_task *task) {
  const size_t in_panels = panel_tokens(task->m);
  if (in_panels > 0) bl_tcsc_panels_multiply(task, in_panels);
  for (size_t row = task->n_begin; row < task->n_end; row += BL_TCSC_ROWS) {
    size_t token = in_panels;
    for (; token + TOKENS <= task->m; token += TOKENS) multiply_tile(TOKENS, task, row, token);
    for (; token + 2 <= task->m; token += 2) multiply_tile(2, task, row, token);
    if (token < task->m) multiply_tile(1, task, row, token);
  }
}

BL_TARGET_END

static const bl_kernel addsub_tcsc_avx512vbmi = {
    .name = "addsub-tcsc-avx512vbmi",
    .family = "addsub",
    .summary = "one byte permute fetches the activations of a list of columns; token panels for many tokens",
    .source = "bitlab; lists of nonzero columns: arXiv 2510.06957",
    .explain =
        "decode: the lists are 5.5 bits of traffic per weight, more than twice dense two-bit codes, and each "
        "list takes four operations of Intel's port 5 (kmovq, vpermi2b, vpsadbw) for about 43 of 64 bytes: "
        "eight cycles per 128 weights, where multiply-add needs two; prefill: one 64-byte load and add per "
        "nonzero weight "
        "and 32 tokens, no more than 96 weights a cycle",
    .packing = &bl_packing_tcsc,
    .isa = BL_ISA_AVX2 | BL_ISA_AVX512 | BL_ISA_AVX512_VBMI,
    .activations = BL_ACTIVATIONS_INT8,
    .exact = true,
    .m_tile = BL_PANEL_TOKENS,
    .n_tile = BL_TCSC_ROWS,
    .prepared_bytes = prepared_bytes,
    .prepare = prepare,
    .workspace_bytes = workspace_bytes,
    .multiply = multiply,
    .cost = bl_addsub_tcsc_cost,
};
BL_REGISTER(addsub_tcsc_avx512vbmi);
#endif
