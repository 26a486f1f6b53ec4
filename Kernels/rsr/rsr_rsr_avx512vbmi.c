// rsr-rsr-avx512vbmi: columns of three rows, sorted by their weights, lie in fixed slots. (Layout:
// packing/rsr.h.)
//
// Few tokens: the 128 activations of a block, biased to unsigned bytes x + 128, are two registers, and one
// vpermi2b fetches the 64 slots of v > 0, another those of v < 0, once for all three rows. Which slots a row
// adds, subtracts or leaves out is always the same, so the second step of the method, segment sums times the
// matrix of all patterns, is vpdpbusd by constants: +1, -1 or 0 for the slots of v > 0, the opposite for
// those of v < 0, so that the bias cancels. An unused slot holds 128, which vpermi2b leaves in place: the
// bias of zero. Columns in overflow are fetched the same way, without a bias; a permute of their segments
// makes their weights plus one, and what that is too much, the sum of these activations, is kept beside the
// three rows:
//
//   workspace:  for each triple of rows:  [row 0, row 1, row 2, overflow][token]  16 int32 each
//
//   Bound, one token: per 384 weights three vpermi2b (three operations each), three permutes of segments, ten
//   vpdpbusd, five operations for masks: 27 on two vector ports, 28 weights a cycle, 12.5 bytes, 12 of them
//   on the one port that permutes on Intel; and 3.5 bits of memory traffic per weight, which comes first from
//   DRAM.
//
// Many tokens: token panels (addsub/addsub_token_panels.h), each slot one load and add for 32 tokens.
//   Bound: two 64-byte loads a cycle, about 200 (128 slots, 20 columns in overflow twice, 13 sums) per 384
//   weights and panel: 120 multiply-accumulates a cycle.
#include "common/bl_target.h"

#if BL_X86
#include "common/bl_int8_avx512.h"
#include "common/bl_register.h"
#include "common/bl_stream_prefetch.h"
#include "rsr/rsr_cost.h"

BL_TARGET_BEGIN_AVX512_VNNI_VBMI

#define BL_PANEL_TOKENS 32
#include "addsub/addsub_biased_rows.h"
#include "rsr/rsr_panels.h"

enum {
  TOKENS = 4,              // tokens that share fetched columns
  TRIPLE_LINES = 3,        // about: 128 bytes and twice the overflow
  MIN_TOKENS_PANELS = 16,  // fewer tokens are faster without panels
};

_Static_assert((int)BL_RSR_UNUSED_SLOT == (int)BL_ROW_BIAS,
               "an unused slot, left in place, is a biased zero");

enum { SUMS = BL_RSR_ROWS_PER_TRIPLE + 1 };  // of a triple: its rows, and the activations in overflow

// The weights of each row: in the slots of v > 0, in those of v < 0, and, plus one, of every segment of an
// overflow list.
typedef struct slot_weights {
  __m512i positive[BL_RSR_ROWS_PER_TRIPLE], negative[BL_RSR_ROWS_PER_TRIPLE];
  __m512i of_segment[BL_RSR_ROWS_PER_TRIPLE];
} slot_weights;

static slot_weights make_slot_weights(void) {
  slot_weights weights;
  for (size_t r = 0; r < BL_RSR_ROWS_PER_TRIPLE; r++) {
    int8_t positive[64], negative[64], of_segment[64] = {0};
    for (size_t slot = 0; slot < BL_RSR_SLOTS; slot++) {
      positive[slot] = bl_rsr_trits[slot / BL_RSR_SLOTS_PER_SEGMENT][r];
      negative[slot] = (int8_t)-positive[slot];
    }
    for (size_t segment = 0; segment < BL_RSR_SEGMENTS; segment++) {
      of_segment[segment] = (int8_t)(1 + bl_rsr_trits[segment][r]);
      of_segment[BL_RSR_SEGMENTS + segment] = (int8_t)(1 - bl_rsr_trits[segment][r]);
    }
    weights.positive[r] = _mm512_loadu_si512(positive);
    weights.negative[r] = _mm512_loadu_si512(negative);
    weights.of_segment[r] = _mm512_loadu_si512(of_segment);
  }
  return weights;
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
  const size_t rows = BL_RSR_TRIPLES * SUMS * TOKENS * sizeof(__m512i);
  return panels > rows ? panels : rows;
}

// A block of activations of one token: biased, and as they are.
typedef struct columns {
  __m512i biased[2], x[2];
} columns;

// Adds one triple over a block to its sums, [row or overflow][token].
BL_ALWAYS_INLINE void add_triple(size_t tokens, const bl_rsr_triple *triple, const slot_weights *weights,
                                 const columns block[TOKENS], __m512i *sums) {
  const __m512i unused = _mm512_set1_epi8((char)BL_RSR_UNUSED_SLOT);
  const __m512i positive = _mm512_loadu_si512(triple->positive_slots);
  const __m512i negative = _mm512_loadu_si512(triple->negative_slots);
  const __mmask64 positive_used = _mm512_testn_epi8_mask(positive, unused);
  const __mmask64 negative_used = _mm512_testn_epi8_mask(negative, unused);
  __m512i sum[TOKENS][SUMS];
#pragma clang loop unroll(full)
  for (size_t t = 0; t < tokens; t++) {
    const __m512i *biased = block[t].biased;
    const __m512i a = _mm512_mask2_permutex2var_epi8(biased[0], positive, positive_used, biased[1]);
    const __m512i b = _mm512_mask2_permutex2var_epi8(biased[0], negative, negative_used, biased[1]);
#pragma clang loop unroll(full)
    for (size_t r = 0; r < BL_RSR_ROWS_PER_TRIPLE; r++) {
      sum[t][r] = _mm512_dpbusd_epi32(sums[r * tokens + t], a, weights->positive[r]);
      sum[t][r] = _mm512_dpbusd_epi32(sum[t][r], b, weights->negative[r]);
    }
    sum[t][BL_RSR_ROWS_PER_TRIPLE] = sums[BL_RSR_ROWS_PER_TRIPLE * tokens + t];
  }
  for (size_t i = 0; i < triple->overflow; i += 64) {
    const __mmask64 exists = _bzhi_u64(~0ull, (unsigned)bl_min(64, triple->overflow - i));
    const __m512i listed = _mm512_loadu_si512(triple->columns + i);
    const __m512i segments = _mm512_loadu_si512(triple->segments + i);
#pragma clang loop unroll(full)
    for (size_t t = 0; t < tokens; t++) {
      const __m512i x = _mm512_maskz_permutex2var_epi8(exists, block[t].x[0], listed, block[t].x[1]);
#pragma clang loop unroll(full)
      for (size_t r = 0; r < BL_RSR_ROWS_PER_TRIPLE; r++)
        sum[t][r] =
            _mm512_dpbusd_epi32(sum[t][r], _mm512_permutexvar_epi8(segments, weights->of_segment[r]), x);
      sum[t][BL_RSR_ROWS_PER_TRIPLE] =
          _mm512_dpbusd_epi32(sum[t][BL_RSR_ROWS_PER_TRIPLE], _mm512_set1_epi8(1), x);
    }
  }
#pragma clang loop unroll(full)
  for (size_t t = 0; t < tokens; t++)
#pragma clang loop unroll(full)
    for (size_t i = 0; i < SUMS; i++) sums[i * tokens + t] = sum[t][i];
}

// One tile of rows against `tokens` tokens, a constant in every caller.
BL_ALWAYS_INLINE void multiply_tile(size_t tokens, const bl_multiply_task *task, const slot_weights *weights,
                                    size_t row, size_t token) {
  const size_t rows = bl_min(BL_RSR_ROWS, task->n_end - row);
  const size_t triples = bl_divide_up(rows, BL_RSR_ROWS_PER_TRIPLE);
  __m512i *sums = task->workspace;
  const uint8_t *bytes = bl_rsr_tile(task->packed, row / BL_RSR_ROWS);
  for (size_t i = 0; i < triples * SUMS * tokens; i++) sums[i] = _mm512_setzero_si512();
  for (size_t first = 0; first < bl_rsr_blocks(task->k); first++) {
    columns block[TOKENS];
    for (size_t t = 0; t < tokens; t++) {
      const uint8_t *biased =
          biased_row((void *)task->prepared, task->m, task->k, token + t) + first * BL_RSR_COLUMNS;
      for (size_t i = 0; i < 2; i++) {
        block[t].biased[i] = _mm512_load_si512(biased + 64 * i);
        block[t].x[i] = _mm512_xor_si512(block[t].biased[i], _mm512_set1_epi8((char)BL_ROW_BIAS));
      }
    }
    const uint8_t *counts = bytes;
    bytes += BL_RSR_COUNT_BYTES;
    uintptr_t ahead = bl_stream_begin(bytes);
    for (size_t i = 0; i < BL_RSR_TRIPLES; i++) {
      const bl_rsr_triple triple = bl_rsr_next_triple(counts + 2 * i, &bytes);
      for (size_t line = 0; line < TRIPLE_LINES; line++) bl_stream_next(&ahead);
      if (i < triples) add_triple(tokens, &triple, weights, block, sums + i * SUMS * tokens);
    }
  }
  for (size_t t = 0; t < tokens; t++) {
    int32_t *y = (int32_t *)task->y + (token + t) * task->n + row;
    for (size_t i = 0; i < triples; i++) {
      const __m512i *sum = sums + i * SUMS * tokens + t;
      const __m128i total = bl_sum_4x16(sum[0], sum[tokens], sum[2 * tokens], sum[3 * tokens]);
      const __m128i exact = _mm_sub_epi32(total, _mm_shuffle_epi32(total, _MM_SHUFFLE(3, 3, 3, 3)));
      const size_t left = bl_min(BL_RSR_ROWS_PER_TRIPLE, rows - i * BL_RSR_ROWS_PER_TRIPLE);
      _mm_mask_storeu_epi32(y + i * BL_RSR_ROWS_PER_TRIPLE, (__mmask8)((1u << left) - 1), exact);
    }
  }
}

static void multiply(const bl_multiply_task *task) {
  const size_t in_panels = panel_tokens(task->m);
  if (in_panels > 0) bl_rsr_panels_multiply(task, in_panels);
  const slot_weights weights = make_slot_weights();
  for (size_t row = task->n_begin; row < task->n_end; row += BL_RSR_ROWS) {
    size_t token = in_panels;
    for (; token + TOKENS <= task->m; token += TOKENS) multiply_tile(TOKENS, task, &weights, row, token);
    for (; token + 2 <= task->m; token += 2) multiply_tile(2, task, &weights, row, token);
    if (token < task->m) multiply_tile(1, task, &weights, row, token);
  }
}

BL_TARGET_END

static const bl_kernel rsr_rsr_avx512vbmi = {
    .name = "rsr-rsr-avx512vbmi",
    .family = "rsr",
    .summary = "fetches equal columns of three rows once, by byte permutes or as vectors of 32 tokens",
    .source = "bitlab; redundant segment reduction: arXiv 2411.06360",
    .explain =
        "decode: 27 vector operations per 384 weights (9 fetch columns, 10 vpdpbusd merge segments, 8 for "
        "masks and for columns that found no slot), twice the 12 of masked vpdpbusd, and 3.5 bits of traffic "
        "per weight instead of 2, so from memory little more than half its speed; prefill: about 200 64-byte "
        "loads per 384 weights and 32 tokens, a third of what adding each nonzero weight takes",
    .packing = &bl_packing_rsr,
    .isa = BL_ISA_AVX2 | BL_ISA_AVX512 | BL_ISA_AVX512_VNNI | BL_ISA_AVX512_VBMI,
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
