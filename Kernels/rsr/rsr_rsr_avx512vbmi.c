// rsr-rsr-avx512vbmi: columns of three rows, sorted by their weights, lie in fixed slots. (Layout:
// packing/rsr.h.)
//
// Few tokens: the 128 activations of a block, biased to unsigned bytes x + 128, are two registers, and one
// vpermi2b fetches the 64 slots of v > 0, another those of v < 0, once for all three rows. Slot s of both has
// the same pattern but for the sign, always the same: which slots a row adds, takes from the other vector or
// leaves out are constants, held in mask registers. Where nothing is chosen stays the bias, which so cancels:
//     y = sad(+: slots of v > 0, -: slots of v < 0, 0: 128) - sad(+: slots of v < 0, -: slots of v > 0, 0:
//     128)
// An unused slot holds 128, which vpermi2b leaves in place: it is the bias of zero. Columns in overflow are
// fetched the same way; a permute of their segments tells their weights.
//   Bound, one token: about 75 vector operations per 384 weights on two ports, and 3.5 bits of memory traffic
//   per weight.
//
// Many tokens: token panels (addsub/addsub_token_panels.h), each slot one load and add for 32 tokens.
//   Bound: two 64-byte loads a cycle, about 200 (128 slots, 20 columns in overflow twice, 13 sums) per 384
//   weights and panel: 120 multiply-accumulates a cycle.
#include "common/bl_target.h"

#if BL_X86
#include "common/bl_register.h"
#include "rsr/rsr_cost.h"

BL_TARGET_BEGIN_AVX512_VBMI

#define BL_PANEL_TOKENS 32
#include "addsub/addsub_biased_rows.h"
#include "rsr/rsr_panels.h"

enum {
  TOKENS = 4,             // tokens that share fetched columns
  PREFETCH_BYTES = 8192,  // distance ahead in the stream of weights
  MIN_TOKENS_PANELS = 8,  // fewer tokens are faster without panels
};

_Static_assert((int)BL_RSR_UNUSED_SLOT == (int)BL_ROW_BIAS,
               "an unused slot, left in place, is a biased zero");

// Which slots each row adds and subtracts (of v > 0), and, for every segment of an overflow list, two bits
// per row: 1 << 2 r when the row adds it, 2 << 2 r when it subtracts it.
typedef struct sign_masks {
  __mmask64 plus[BL_RSR_ROWS_PER_TRIPLE], minus[BL_RSR_ROWS_PER_TRIPLE];
  uint8_t of_segment[64] __attribute__((aligned(64)));
} sign_masks;

static sign_masks make_sign_masks(void) {
  sign_masks masks = {{0}, {0}, {0}};
  for (size_t r = 0; r < BL_RSR_ROWS_PER_TRIPLE; r++) {
    for (size_t slot = 0; slot < BL_RSR_SLOTS; slot++) {
      const int trit = bl_rsr_trits[slot / BL_RSR_SLOTS_PER_SEGMENT][r];
      masks.plus[r] |= (uint64_t)(trit > 0) << slot;
      masks.minus[r] |= (uint64_t)(trit < 0) << slot;
    }
    for (size_t segment = 0; segment < BL_RSR_SEGMENTS; segment++) {
      const int trit = bl_rsr_trits[segment][r];
      masks.of_segment[segment] |= (uint8_t)((trit > 0 ? 1 : trit < 0 ? 2 : 0) << (2 * r));
      masks.of_segment[BL_RSR_SEGMENTS + segment] |= (uint8_t)((trit > 0 ? 2 : trit < 0 ? 1 : 0) << (2 * r));
    }
  }
  return masks;
}

static size_t panel_tokens(size_t m) {
  return bl_tokens_in_panels(m, MIN_TOKENS_PANELS);
}

static size_t row_bytes(size_t k) {
  return bl_rsr_blocks(k) * BL_RSR_COLUMNS;
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
  const size_t panels = panel_tokens(m) ? bl_rsr_panels_workspace_bytes() : 0;
  const size_t rows = BL_RSR_ROWS * TOKENS * sizeof(__m512i);
  return panels > rows ? panels : rows;
}

BL_ALWAYS_INLINE __m512i sad(__m512i bytes) {
  return _mm512_sad_epu8(bytes, _mm512_setzero_si512());
}

// Adds one triple over the block x to the vector totals of three rows, [row][token].
BL_ALWAYS_INLINE void add_triple(size_t tokens, const bl_rsr_triple *triple, const sign_masks *masks,
                                 const __m512i x[TOKENS][2], __m512i *totals) {
  const __m512i zeros = _mm512_set1_epi8((char)BL_ROW_BIAS);
  const __m512i positive = _mm512_loadu_si512(triple->positive_slots);
  const __m512i negative = _mm512_loadu_si512(triple->negative_slots);
  const __mmask64 positive_used = _knot_mask64(_mm512_movepi8_mask(positive));
  const __mmask64 negative_used = _knot_mask64(_mm512_movepi8_mask(negative));
  __m512i sums[BL_RSR_ROWS_PER_TRIPLE][TOKENS];
  for (size_t t = 0; t < tokens; t++) {
    const __m512i a = _mm512_mask2_permutex2var_epi8(x[t][0], positive, positive_used, x[t][1]);
    const __m512i b = _mm512_mask2_permutex2var_epi8(x[t][0], negative, negative_used, x[t][1]);
    for (size_t r = 0; r < BL_RSR_ROWS_PER_TRIPLE; r++) {
      const __m512i add =
          _mm512_mask_mov_epi8(_mm512_mask_mov_epi8(zeros, masks->plus[r], a), masks->minus[r], b);
      const __m512i subtract =
          _mm512_mask_mov_epi8(_mm512_mask_mov_epi8(zeros, masks->plus[r], b), masks->minus[r], a);
      sums[r][t] = _mm512_sub_epi64(sad(add), sad(subtract));
    }
  }
  for (size_t i = 0; i < triple->overflow; i += 64) {
    const __mmask64 exists = _bzhi_u64(~0ull, (unsigned)bl_min(64, triple->overflow - i));
    const __m512i columns = _mm512_maskz_loadu_epi8(exists, triple->columns + i);
    const __m512i segments = _mm512_maskz_loadu_epi8(exists, triple->segments + i);
    const __m512i signs =
        _mm512_maskz_permutexvar_epi8(exists, segments, _mm512_load_si512(masks->of_segment));
    for (size_t r = 0; r < BL_RSR_ROWS_PER_TRIPLE; r++) {
      const __mmask64 plus = _mm512_test_epi8_mask(signs, _mm512_set1_epi8((char)(1 << (2 * r))));
      const __mmask64 minus = _mm512_test_epi8_mask(signs, _mm512_set1_epi8((char)(2 << (2 * r))));
      for (size_t t = 0; t < tokens; t++) {
        const __m512i fetched = _mm512_permutex2var_epi8(x[t][0], columns, x[t][1]);
        const __m512i difference = _mm512_sub_epi64(sad(_mm512_mask_mov_epi8(zeros, plus, fetched)),
                                                    sad(_mm512_mask_mov_epi8(zeros, minus, fetched)));
        sums[r][t] = _mm512_add_epi64(sums[r][t], difference);
      }
    }
  }
  for (size_t r = 0; r < BL_RSR_ROWS_PER_TRIPLE; r++)
    for (size_t t = 0; t < tokens; t++)
      totals[r * tokens + t] = _mm512_add_epi64(totals[r * tokens + t], sums[r][t]);
}

// One tile of rows against `tokens` tokens, a constant in every caller.
BL_ALWAYS_INLINE void multiply_tile(size_t tokens, const bl_multiply_task *task, const sign_masks *masks,
                                    size_t row, size_t token) {
  const size_t rows = bl_min(BL_RSR_ROWS, task->n_end - row);
  __m512i *totals = task->workspace;
  const uint8_t *bytes = bl_rsr_tile(task->packed, row / BL_RSR_ROWS);
  for (size_t i = 0; i < BL_RSR_ROWS * tokens; i++) totals[i] = _mm512_setzero_si512();
  for (size_t block = 0; block < bl_rsr_blocks(task->k); block++) {
    __m512i x[TOKENS][2];
    for (size_t t = 0; t < tokens; t++) {
      const uint8_t *biased = biased_row((void *)task->prepared, task->m, task->k, token + t);
      x[t][0] = _mm512_load_si512(biased + block * BL_RSR_COLUMNS);
      x[t][1] = _mm512_load_si512(biased + block * BL_RSR_COLUMNS + 64);
    }
    const uint8_t *counts = bytes;
    bytes += BL_RSR_COUNT_BYTES;
    for (size_t i = 0; i < BL_RSR_TRIPLES; i++) {
      const bl_rsr_triple triple = bl_rsr_next_triple(counts + 2 * i, &bytes);
      for (size_t line = 0; line < 192; line += 64)
        _mm_prefetch((const char *)bytes + PREFETCH_BYTES + line, _MM_HINT_T0);
      if (i * BL_RSR_ROWS_PER_TRIPLE < rows)
        add_triple(tokens, &triple, masks, x, totals + i * BL_RSR_ROWS_PER_TRIPLE * tokens);
    }
  }
  for (size_t t = 0; t < tokens; t++)
    for (size_t r = 0; r < rows; r++)
      ((int32_t *)task->y)[(token + t) * task->n + row + r] =
          (int32_t)_mm512_reduce_add_epi64(totals[r * tokens + t]);
}

static void multiply(const bl_multiply_task *task) {
  const size_t in_panels = panel_tokens(task->m);
  if (in_panels > 0) bl_rsr_panels_multiply(task, in_panels);
  const sign_masks masks = make_sign_masks();
  for (size_t row = task->n_begin; row < task->n_end; row += BL_RSR_ROWS) {
    size_t token = in_panels;
    for (; token + TOKENS <= task->m; token += TOKENS) multiply_tile(TOKENS, task, &masks, row, token);
    for (; token + 2 <= task->m; token += 2) multiply_tile(2, task, &masks, row, token);
    if (token < task->m) multiply_tile(1, task, &masks, row, token);
  }
}

BL_TARGET_END

static const bl_kernel rsr_rsr_avx512vbmi = {
    .name = "rsr-rsr-avx512vbmi",
    .family = "rsr",
    .summary = "fetches equal columns of three rows once, by byte permutes or as vectors of 32 tokens",
    .source = "bitlab; redundant segment reduction: arXiv 2411.06360",
    .explain =
        "decode: 75 vector operations per 384 weights (a quarter of them for columns that found no slot) "
        "and 3.5 bits of traffic per weight; prefill: about 200 64-byte loads per 384 weights and 32 "
        "tokens, a third of what adding each nonzero weight takes",
    .packing = &bl_packing_rsr,
    .isa = BL_ISA_AVX2 | BL_ISA_AVX512 | BL_ISA_AVX512_VBMI,
    .activations = BL_ACTIVATIONS_INT8,
    .exact = true,
    .m_tile = BL_PANEL_TOKENS,
    .n_tile = BL_RSR_ROWS,
    .prepared_bytes = prepared_bytes,
    .prepare = prepare,
    .workspace_bytes = workspace_bytes,
    .multiply = multiply,
    .cost = bl_rsr_cost,
};
BL_REGISTER(rsr_rsr_avx512vbmi);
#endif
