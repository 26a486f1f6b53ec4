// addsub-planes-avx2: bit-planes spread to byte masks that select what is added and subtracted.
//
// Few tokens: as the portable kernel does it, 32 columns at a time. Byte j of a plane word holds columns
// 8 j .. 8 j + 7, so that bit b of all bytes of four words is one vector of 32 columns:
//
//   weights, 256 columns:   P0 N0 P1 N1 | P2 N2 P3 N3  --unpack-->  P0 P2 P1 P3 and N0 N2 N1 N3
//   prepared, 256 columns:  for b = 0..7: 32 bytes x[64 q + 8 j + b] + 128, q = 0 2 1 3, j = 0..7
//
// The chosen bytes (biased ^ mask of N) & mask of (P or N) are x + 128 or 127 - x; vpsadbw sums them, and the
// row's popcounts undo the bias: sum = dot + 128 |P| + 127 |N|.
//   Bound, one token: per 32 weights two ands and two compares make masks, an xor and an and choose, vpsadbw
//   and an add sum: eight operations on three vector ports. Masks are shared by up to four tokens.
//
// Many tokens: token panels (addsub_token_panels.h), one load and add per nonzero weight and 16 tokens; bound
// by two loads a cycle.
#include "common/bl_target.h"

#if BL_X86
#include "addsub/addsub_planes_cost.h"
#include "common/bl_register.h"

BL_TARGET_BEGIN_AVX2

#define BL_PANEL_TOKENS 16
#include "addsub/addsub_planes_panels.h"

enum {
  BIAS = 128,
  TOKENS = 4,              // tokens that share masks
  GROUP_PAIRS = 4,         // pairs of words whose bytes make one vector
  GROUP_BYTES = 256,       // prepared bytes of one group
  PREFETCH_BYTES = 4096,   // distance ahead in the stream of weights
  MIN_TOKENS_PANELS = 32,  // fewer tokens are faster without panels
};

static size_t panel_tokens(size_t m) {
  return bl_tokens_in_panels(m, MIN_TOKENS_PANELS);
}

static size_t groups_of_row(size_t k) {
  return bl_divide_up(bl_planes_row_pairs(k), GROUP_PAIRS);
}

static size_t prepared_bytes(size_t m, size_t k) {
  const size_t in_panels = panel_tokens(m);
  return bl_panels_elements(in_panels, k) * sizeof(int16_t) +
         (m - in_panels) * groups_of_row(k) * GROUP_BYTES;
}

// The rows of biased bytes follow the panels.
static uint8_t *biased_row(void *prepared, size_t m, size_t k, size_t token) {
  const size_t in_panels = panel_tokens(m);
  return (uint8_t *)((int16_t *)prepared + bl_panels_elements(in_panels, k)) +
         (token - in_panels) * groups_of_row(k) * GROUP_BYTES;
}

// Biases one group of 256 activations and brings it in the order of the plane bytes: an 8 by 8 transpose of
// the bytes of each 64 columns.
static void prepare_group(const int8_t *x, uint8_t *out) {
  const __m256i pick_bytes = _mm256_setr_epi8(0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15, 0, 8, 1,
                                              9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15);
  __m256i half[2][4];  // half[h]: words 8 b .. 8 b + 7 of pairs (0, 1) or (2, 3), two b to a vector
  for (int h = 0; h < 2; h++) {
    __m256i v[4];
    for (int i = 0; i < 4; i++) {
      const __m128i low = _mm_loadu_si128((const __m128i *)(x + h * 128 + i * 16));
      const __m128i high = _mm_loadu_si128((const __m128i *)(x + h * 128 + 64 + i * 16));
      // 16-bit units (j even, j odd) for b = 0..7
      v[i] = _mm256_shuffle_epi8(_mm256_set_m128i(high, low), pick_bytes);
    }
    const __m256i a = _mm256_unpacklo_epi16(v[0], v[1]), b = _mm256_unpackhi_epi16(v[0], v[1]);
    const __m256i c = _mm256_unpacklo_epi16(v[2], v[3]), d = _mm256_unpackhi_epi16(v[2], v[3]);
    half[h][0] = _mm256_unpacklo_epi32(a, c);
    half[h][1] = _mm256_unpackhi_epi32(a, c);
    half[h][2] = _mm256_unpacklo_epi32(b, d);
    half[h][3] = _mm256_unpackhi_epi32(b, d);
  }
  const __m256i bias = _mm256_set1_epi8((char)BIAS);
  for (int i = 0; i < 4; i++) {
    const __m256i even = _mm256_unpacklo_epi64(half[0][i], half[1][i]);
    const __m256i odd = _mm256_unpackhi_epi64(half[0][i], half[1][i]);
    _mm256_store_si256((__m256i *)(out + (2 * i) * 32), _mm256_xor_si256(even, bias));
    _mm256_store_si256((__m256i *)(out + (2 * i + 1) * 32), _mm256_xor_si256(odd, bias));
  }
}

static void prepare(const bl_prepare_task *task) {
  const size_t m = task->m, k = task->k, in_panels = panel_tokens(m);
  size_t token = task->m_begin;
  for (; token < bl_min(task->m_end, in_panels); token += BL_PANEL_TOKENS)
    bl_panel_write(task->x, in_panels, k, token, task->prepared);
  for (; token < task->m_end; token++) {
    const int8_t *x = (const int8_t *)task->x + token * k;
    uint8_t *out = biased_row(task->prepared, m, k, token);
    for (size_t column = 0; column < k; column += 256, out += GROUP_BYTES) {
      if (k - column >= 256) {
        prepare_group(x + column, out);
      } else {
        int8_t padded[256] = {0};
        memcpy(padded, x + column, k - column);
        prepare_group(padded, out);
      }
    }
  }
}

static size_t workspace_bytes(size_t m, size_t n, size_t k) {
  (void)n, (void)k;
  return panel_tokens(m) ? bl_planes_panels_workspace_bytes() : 0;
}

// One group of a row, of which `pairs` pairs exist, against `tokens` tokens.
BL_ALWAYS_INLINE void add_group(size_t tokens, const uint64_t *w, size_t pairs, const uint8_t *x,
                                size_t x_stride, __m256i sums[TOKENS], int64_t *correction) {
  __m256i low = _mm256_setzero_si256(), high = _mm256_setzero_si256();
  if (pairs >= 2) {
    low = _mm256_loadu_si256((const __m256i *)w);
  } else {
    low = _mm256_zextsi128_si256(_mm_loadu_si128((const __m128i *)w));
  }
  if (pairs >= 4) {
    high = _mm256_loadu_si256((const __m256i *)(w + 4));
  } else if (pairs == 3) {
    high = _mm256_zextsi128_si256(_mm_loadu_si128((const __m128i *)(w + 4)));
  }
  for (size_t pair = 0; pair < pairs; pair++) {
    const int64_t positives = _mm_popcnt_u64(w[pair * 2]), negatives = _mm_popcnt_u64(w[pair * 2 + 1]);
    // 128 |P| + 127 |N|
    *correction += ((positives + negatives) << 7) - negatives;
  }
  const __m256i negative = _mm256_unpackhi_epi64(low, high);
  const __m256i nonzero = _mm256_or_si256(_mm256_unpacklo_epi64(low, high), negative);
#pragma clang loop unroll(full)
  for (int b = 0; b < 8; b++) {
    const __m256i bit = _mm256_set1_epi8((char)(1 << b));
    const __m256i flip = _mm256_cmpeq_epi8(_mm256_and_si256(negative, bit), bit);
    const __m256i keep = _mm256_cmpeq_epi8(_mm256_and_si256(nonzero, bit), bit);
    for (size_t t = 0; t < tokens; t++) {
      const __m256i biased = _mm256_load_si256((const __m256i *)(x + t * x_stride + b * 32));
      const __m256i chosen = _mm256_and_si256(_mm256_xor_si256(biased, flip), keep);
      sums[t] = _mm256_add_epi64(sums[t], _mm256_sad_epu8(chosen, _mm256_setzero_si256()));
    }
  }
}

static int64_t sum_of_lanes(__m256i v) {
  const __m128i two = _mm_add_epi64(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));
  return _mm_cvtsi128_si64(two) + _mm_extract_epi64(two, 1);
}

// One row against `tokens` tokens, a constant in every caller.
BL_ALWAYS_INLINE void multiply_row(size_t tokens, const bl_multiply_task *task, size_t row, size_t token) {
  const size_t pairs = bl_planes_row_pairs(task->k);
  const uint64_t *w = (const uint64_t *)task->packed + row * pairs * 2;
  const uint8_t *x = biased_row((void *)task->prepared, task->m, task->k, token);
  const size_t x_stride = groups_of_row(task->k) * GROUP_BYTES;
  __m256i sums[TOKENS];
  for (size_t t = 0; t < tokens; t++) sums[t] = _mm256_setzero_si256();
  int64_t correction = 0;
  size_t pair = 0;
  for (; pair + GROUP_PAIRS <= pairs; pair += GROUP_PAIRS, x += GROUP_BYTES) {
    _mm_prefetch((const char *)(w + pair * 2) + PREFETCH_BYTES, _MM_HINT_T0);
    add_group(tokens, w + pair * 2, GROUP_PAIRS, x, x_stride, sums, &correction);
  }
  if (pair < pairs) add_group(tokens, w + pair * 2, pairs - pair, x, x_stride, sums, &correction);
  for (size_t t = 0; t < tokens; t++)
    ((int32_t *)task->y)[(token + t) * task->n + row] = (int32_t)(sum_of_lanes(sums[t]) - correction);
}

static void multiply(const bl_multiply_task *task) {
  const size_t in_panels = panel_tokens(task->m);
  if (in_panels > 0) bl_planes_panels_multiply(task, in_panels);
  if (in_panels == task->m) return;
  for (size_t row = task->n_begin; row < task->n_end; row++) {
    size_t token = in_panels;
    for (; token + TOKENS <= task->m; token += TOKENS) multiply_row(TOKENS, task, row, token);
    for (; token + 2 <= task->m; token += 2) multiply_row(2, task, row, token);
    if (token < task->m) multiply_row(1, task, row, token);
  }
}

BL_TARGET_END

static const bl_kernel addsub_planes_avx2 = {
    .name = "addsub-planes-avx2",
    .family = "addsub",
    .summary = "bit-planes spread to byte masks that select and flip; token panels for many tokens",
    .source = "bitlab; no multiplications: arXiv 2402.17764",
    .explain =
        "decode: eight vector operations per 32 weights, half of them to spread bits to bytes, where "
        "multiply-add needs three; prefill: one 32-byte load and add per nonzero weight and 16 "
        "tokens, no more than 48 weights a cycle",
    .packing = &bl_packing_planes,
    .isa = BL_ISA_AVX2,
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
BL_REGISTER(addsub_planes_avx2);
#endif
