// Dot products by counting bits with vpopcntq (AVX-512 VPOPCNTDQ): 512 columns of a plane per instruction.
// A word to count is one vpternlogq of activation and weight planes, so a plane costs three instructions for
// 512 columns: choose, count, add.
//
// Carry-save adders (Harley-Seal) would not make it less. A full adder is two vpternlogq and leaves one word
// less to count, and so do a vpopcntq and its vpaddq: whatever the mix, and whether carries go into the next
// word or into the next plane, each word costs two instructions after it is chosen. The rows of one token are
// read in up to four streams, which share the loads of its planes.
#ifndef BL_POPCOUNT_AVX512_H
#define BL_POPCOUNT_AVX512_H

#include "common/bl_popcount_tiles.h"
#include "common/bl_target.h"

#if BL_X86
BL_TARGET_BEGIN_AVX512_VPOPCNTDQ

enum { BL_POPCOUNT_STREAMS = 4 };  // rows that are read side by side, at most

// Tokens of a tile: 16 of the 32 registers hold counters.
BL_ALWAYS_INLINE size_t bl_popcount_tokens_avx512(bl_popcount_form form) {
  return bl_min(8, 16 / bl_popcount_counters(form));
}

// The planes of a token: a bit of 64 activations is one vptestmb into a mask register.
BL_ALWAYS_INLINE void bl_popcount_split_avx512(bl_popcount_form form, const int8_t *x, size_t k,
                                               uint64_t *planes) {
  const size_t words = bl_round_up(bl_divide_up(k, 64), BL_POPCOUNT_BLOCK_WORDS);
  for (size_t word = 0; word < words; word++) {
    const size_t column = word * 64;
    __m512i values = _mm512_setzero_si512();
    if (column + 64 <= k)
      values = _mm512_loadu_si512(x + column);
    else if (column < k)
      values = _mm512_maskz_loadu_epi8(_bzhi_u64(~0ull, (uint32_t)(k - column)), x + column);
    uint64_t *out = planes + bl_popcount_word_offset(form, word);
    BL_POPCOUNT_UNROLL
    for (size_t plane = 0; plane < bl_popcount_planes(form); plane++) {
      const int bit = bl_popcount_first_bit(form) + (int)plane;
      out[plane * BL_POPCOUNT_BLOCK_WORDS] =
          _cvtmask64_u64(_mm512_test_epi8_mask(values, _mm512_set1_epi8((char)(1 << bit))));
    }
  }
}

// The sum of a token that the b1 forms subtract, from its planes.
BL_ALWAYS_INLINE int32_t bl_popcount_sum_token_avx512(bl_popcount_form form, size_t k,
                                                      const uint64_t *planes) {
  const size_t summed = bl_popcount_is_bitserial(form) ? bl_popcount_planes(form) : 1;
  const size_t stride = bl_popcount_planes(form) * BL_POPCOUNT_BLOCK_WORDS;
  __m512i sum = _mm512_setzero_si512();
  for (size_t plane = summed; plane-- > 0;) {
    __m512i count = _mm512_setzero_si512();
    for (size_t word = 0; word < bl_popcount_token_words(form, k); word += stride)
      count = _mm512_add_epi64(
          count, _mm512_popcnt_epi64(_mm512_load_si512(planes + word + plane * BL_POPCOUNT_BLOCK_WORDS)));
    const bool negative = bl_popcount_is_bitserial(form) && plane == summed - 1;
    sum = _mm512_add_epi64(sum, sum);
    sum = negative ? _mm512_sub_epi64(sum, count) : _mm512_add_epi64(sum, count);
  }
  return (int32_t)_mm512_reduce_add_epi64(sum);
}

BL_ALWAYS_INLINE void bl_popcount_prepare_avx512(bl_popcount_form form, const bl_prepare_task *task) {
  const size_t k = task->k;
  for (size_t token = task->m_begin; token < task->m_end; token++) {
    uint64_t *planes = (uint64_t *)task->prepared + token * bl_popcount_token_words(form, k);
    bl_popcount_split_avx512(form, (const int8_t *)task->x + token * k, k, planes);
    if (bl_popcount_sums_tokens(form))
      bl_popcount_token_sums(form, task->m, k, task->prepared)[token] =
          bl_popcount_sum_token_avx512(form, k, planes);
  }
}

// Weights of 512 columns of a row, as planes: P and N, or B in `positive`.
typedef struct bl_popcount_weights_avx512 {
  __m512i positive, negative;
} bl_popcount_weights_avx512;

// Reads the first `words` (at most 8) words of columns, nothing behind them; the others are 0.
BL_ALWAYS_INLINE bl_popcount_weights_avx512 bl_popcount_load_avx512(bl_popcount_form form, const uint64_t *w,
                                                                    size_t words) {
  const uint32_t mask = (1u << (words * bl_popcount_weight_words(form))) - 1;
  const __m512i first = _mm512_maskz_loadu_epi64((__mmask8)mask, w);
  if (form.weights == BL_WEIGHTS_BINARY) return (bl_popcount_weights_avx512){first, first};
  const __m512i second = _mm512_maskz_loadu_epi64((__mmask8)(mask >> 8), w + 8);
  const __m512i even = _mm512_setr_epi64(0, 2, 4, 6, 8, 10, 12, 14);
  const __m512i odd = _mm512_setr_epi64(1, 3, 5, 7, 9, 11, 13, 15);
  return (bl_popcount_weights_avx512){_mm512_permutex2var_epi64(first, even, second),
                                      _mm512_permutex2var_epi64(first, odd, second)};
}

// Adds the counts of 8 words of columns of one token.
BL_ALWAYS_INLINE void bl_popcount_count_avx512(bl_popcount_form form, bl_popcount_weights_avx512 w,
                                               const uint64_t *x, __m512i *counts) {
  const __m512i plane_0 = _mm512_load_si512(x);
  if (form.activations == BL_ACTIVATIONS_TERNARY) {
    const __m512i negative = _mm512_load_si512(x + BL_POPCOUNT_BLOCK_WORDS);
    if (form.weights == BL_WEIGHTS_BINARY) {
      const __m512i equal = _mm512_ternarylogic_epi64(w.positive, plane_0, negative, 0x6a);  // c ^ (a & b)
      counts[0] = _mm512_add_epi64(counts[0], _mm512_popcnt_epi64(equal));
      return;
    }
    const __m512i both = _mm512_ternarylogic_epi64(plane_0, w.positive, w.negative, 0xe0);  // a & (b | c)
    const __m512i unequal = _mm512_ternarylogic_epi64(both, negative, w.negative, 0x60);    // a & (b ^ c)
    counts[0] = _mm512_add_epi64(counts[0], _mm512_popcnt_epi64(both));
    counts[1] = _mm512_add_epi64(counts[1], _mm512_popcnt_epi64(unequal));
    return;
  }
  BL_POPCOUNT_UNROLL
  for (size_t plane = 0; plane < bl_popcount_planes(form); plane++) {
    const __m512i bits = _mm512_load_si512(x + plane * BL_POPCOUNT_BLOCK_WORDS);
    __m512i counted;
    if (form.weights == BL_WEIGHTS_BINARY)
      counted = form.activations == BL_ACTIVATIONS_SIGN ? _mm512_xor_si512(bits, w.positive)
                                                        : _mm512_and_si512(bits, w.positive);
    else if (form.activations == BL_ACTIVATIONS_SIGN)
      counted = _mm512_ternarylogic_epi64(bits, w.negative, w.positive, 0xca);  // a ? b : c
    else
      counted = _mm512_ternarylogic_epi64(bits, w.positive, w.negative, 0xca);
    counts[plane] = _mm512_add_epi64(counts[plane], _mm512_popcnt_epi64(counted));
  }
}

// Counts 8 words of columns of one row for all tokens of the tile.
BL_ALWAYS_INLINE void bl_popcount_block_avx512(bl_popcount_form form, size_t tokens,
                                               bl_popcount_weights_avx512 w, const uint64_t *x,
                                               size_t token_words, __m512i *counts, __m512i *row_count) {
  if (bl_popcount_counts_rows(form)) {
    const __m512i counted =
        bl_popcount_is_bitserial(form) ? w.negative : _mm512_or_si512(w.positive, w.negative);
    *row_count = _mm512_add_epi64(*row_count, _mm512_popcnt_epi64(counted));
  }
  BL_POPCOUNT_UNROLL
  for (size_t token = 0; token < tokens; token++)
    bl_popcount_count_avx512(form, w, x + token * token_words, counts + token * bl_popcount_counters(form));
}

// y in 8 parts, from the counts of a result and the count of its row.
BL_ALWAYS_INLINE __m512i bl_popcount_combine_avx512(bl_popcount_form form, const __m512i *counts,
                                                    __m512i row_count) {
  if (bl_popcount_is_bitserial(form)) {
    const size_t planes = bl_popcount_planes(form);
    __m512i sum = _mm512_sub_epi64(_mm512_setzero_si512(), counts[planes - 1]);
    BL_POPCOUNT_UNROLL
    for (size_t plane = planes - 1; plane-- > 0;)
      sum = _mm512_add_epi64(_mm512_add_epi64(sum, sum), counts[plane]);
    return _mm512_add_epi64(sum, form.weights == BL_WEIGHTS_BINARY ? sum : row_count);
  }
  if (form.weights == BL_WEIGHTS_BINARY) return _mm512_add_epi64(counts[0], counts[0]);
  if (form.activations == BL_ACTIVATIONS_TERNARY)
    return _mm512_sub_epi64(counts[0], _mm512_add_epi64(counts[1], counts[1]));
  return _mm512_sub_epi64(_mm512_add_epi64(counts[0], counts[0]), row_count);
}

// Sums each of 8 vectors: a tree that halves the vectors at each level, as the transpose of 8 x 8 would.
BL_ALWAYS_INLINE __m256i bl_popcount_reduce_avx512(const __m512i *rows) {
  __m512i pairs[4], halves[2];
  for (int i = 0; i < 4; i++)
    pairs[i] = _mm512_add_epi64(_mm512_unpacklo_epi64(rows[2 * i], rows[2 * i + 1]),
                                _mm512_unpackhi_epi64(rows[2 * i], rows[2 * i + 1]));
  for (int i = 0; i < 2; i++)
    halves[i] = _mm512_add_epi64(_mm512_shuffle_i64x2(pairs[2 * i], pairs[2 * i + 1], 0x88),
                                 _mm512_shuffle_i64x2(pairs[2 * i], pairs[2 * i + 1], 0xdd));
  return _mm512_cvtepi64_epi32(_mm512_add_epi64(_mm512_shuffle_i64x2(halves[0], halves[1], 0x88),
                                                _mm512_shuffle_i64x2(halves[0], halves[1], 0xdd)));
}

// The rows of one pass over the columns: `count` of them, `step` rows apart from `first` on, so that each is
// the next of a long stream of its own: a single stream leaves memory half idle.
typedef struct bl_popcount_rows {
  size_t first, step;
} bl_popcount_rows;

// parts[row][token] = y in 8 parts. `tokens` and `count` are constants in every caller.
BL_ALWAYS_INLINE void bl_popcount_pass_avx512(bl_popcount_form form, size_t tokens, size_t count,
                                              const bl_popcount_tile *tile, bl_popcount_rows rows,
                                              __m512i parts[BL_POPCOUNT_STREAMS][8]) {
  const bl_multiply_task *task = tile->task;
  const size_t weight_words = bl_popcount_weight_words(form), counters = bl_popcount_counters(form);
  const size_t row_words = bl_divide_up(task->k, 64) * weight_words;
  const size_t token_words = bl_popcount_token_words(form, task->k);
  const size_t blocks = (tile->word_end - tile->word_begin) / BL_POPCOUNT_BLOCK_WORDS;
  const size_t rest = (tile->word_end - tile->word_begin) % BL_POPCOUNT_BLOCK_WORDS;
  const size_t stream_words = rows.step * row_words;
  const uint64_t *x = (const uint64_t *)task->prepared + tile->token * token_words +
                      bl_popcount_word_offset(form, tile->word_begin);
  const uint64_t *w =
      (const uint64_t *)task->packed + rows.first * row_words + tile->word_begin * weight_words;
  // Four streams keep memory busy by themselves, and requests that run ahead of the core's prefetchers only
  // take their places: without them one token is half as fast again on Zen 4.
  const size_t prefetched_lines = count < BL_POPCOUNT_STREAMS ? weight_words : 0;
  __m512i counts[BL_POPCOUNT_STREAMS][16], row_count[BL_POPCOUNT_STREAMS];
  BL_POPCOUNT_UNROLL
  for (size_t r = 0; r < count; r++) {
    row_count[r] = _mm512_setzero_si512();
    BL_POPCOUNT_UNROLL
    for (size_t i = 0; i < tokens * counters; i++) counts[r][i] = _mm512_setzero_si512();
  }
  for (size_t block = 0; block < blocks; block++) {
    BL_POPCOUNT_UNROLL
    for (size_t r = 0; r < count; r++) {
      const uint64_t *row = w + r * stream_words;
      for (size_t i = 0; i < prefetched_lines; i++)
        _mm_prefetch((const char *)row + BL_POPCOUNT_PREFETCH_BYTES + i * 64, _MM_HINT_T0);
      bl_popcount_block_avx512(form, tokens, bl_popcount_load_avx512(form, row, BL_POPCOUNT_BLOCK_WORDS), x,
                               token_words, counts[r], &row_count[r]);
    }
    w += BL_POPCOUNT_BLOCK_WORDS * weight_words;
    x += BL_POPCOUNT_BLOCK_WORDS * bl_popcount_planes(form);
  }
  if (rest != 0) {
    BL_POPCOUNT_UNROLL
    for (size_t r = 0; r < count; r++)
      bl_popcount_block_avx512(form, tokens, bl_popcount_load_avx512(form, w + r * stream_words, rest), x,
                               token_words, counts[r], &row_count[r]);
  }
  BL_POPCOUNT_UNROLL
  for (size_t r = 0; r < count; r++) {
    BL_POPCOUNT_UNROLL
    for (size_t token = 0; token < tokens; token++)
      parts[r][token] = bl_popcount_combine_avx512(form, counts[r] + token * counters, row_count[r]);
  }
}

// Rows begin to end, in `streams` streams, as far as whole groups of rows go; returns where it stopped.
BL_ALWAYS_INLINE size_t bl_popcount_streams_avx512(bl_popcount_form form, size_t tokens, size_t streams,
                                                   const bl_popcount_tile *tile, size_t begin, size_t end) {
  const size_t groups = streams > 1 ? (end - begin) / (BL_POPCOUNT_ROW_GROUP * streams)
                                    : bl_divide_up(end - begin, BL_POPCOUNT_ROW_GROUP);
  const size_t step = groups * BL_POPCOUNT_ROW_GROUP;
  for (size_t group = begin; group < begin + step; group += BL_POPCOUNT_ROW_GROUP) {
    __m512i parts[BL_POPCOUNT_STREAMS][8][BL_POPCOUNT_ROW_GROUP];
    const size_t rows = bl_min(BL_POPCOUNT_ROW_GROUP, end - group);
    for (size_t row = 0; row < BL_POPCOUNT_ROW_GROUP; row++) {
      __m512i results[BL_POPCOUNT_STREAMS][8];
      if (row < rows) {
        bl_popcount_pass_avx512(form, tokens, streams, tile, (bl_popcount_rows){group + row, step}, results);
      } else {
        for (size_t token = 0; token < tokens; token++) results[0][token] = _mm512_setzero_si512();
      }
      for (size_t r = 0; r < streams; r++)
        for (size_t token = 0; token < tokens; token++) parts[r][token][row] = results[r][token];
    }
    for (size_t r = 0; r < streams; r++) {
      for (size_t token = 0; token < tokens; token++) {
        _Alignas(32) int32_t sums[BL_POPCOUNT_ROW_GROUP];
        _mm256_store_si256((__m256i *)sums, bl_popcount_reduce_avx512(parts[r][token]));
        bl_popcount_store(form, tile, group + r * step, tile->token + token, sums);
      }
    }
  }
  return begin + step * streams;
}

// Computes a tile of `tokens` tokens.
BL_ALWAYS_INLINE void bl_popcount_tile_avx512(bl_popcount_form form, size_t tokens,
                                              const bl_popcount_tile *tile) {
  // As many streams as leave their counters in 16 registers.
  const size_t streams = bl_min(BL_POPCOUNT_STREAMS, 16 / (tokens * bl_popcount_counters(form)));
  size_t row = tile->row_begin;
  if (streams > 1) row = bl_popcount_streams_avx512(form, tokens, streams, tile, row, tile->row_end);
  if (row < tile->row_end) bl_popcount_streams_avx512(form, tokens, 1, tile, row, tile->row_end);
}

BL_TARGET_END
#endif
#endif
