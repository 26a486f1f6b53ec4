// Dot products by counting bits with AVX2, which has no vector popcount: vpshufb looks up the counts of both
// nibbles of 32 bytes, the counts of a plane are kept as bytes and widened by vpsadbw once in 30 vectors.
#ifndef BL_POPCOUNT_AVX2_H
#define BL_POPCOUNT_AVX2_H

#include "common/bl_popcount_tiles.h"
#include "common/bl_target.h"

#if BL_X86
BL_TARGET_BEGIN_AVX2

enum {
  BL_POPCOUNT_HALF_WORDS = BL_POPCOUNT_BLOCK_WORDS / 2,  // of a block: what a vector holds
  // Blocks between two widenings: 2 vectors each, 2 more of an incomplete block, at most 8 counts a byte:
  // 8 (2 * 14 + 2) = 240 <= 255.
  BL_POPCOUNT_RUN_BLOCKS = 14,
};

// Tokens of a tile. 8 of the 16 registers can hold counters; where rows are counted too, sharing that work
// between twice as many tokens is worth keeping half of the counters in L1.
BL_ALWAYS_INLINE size_t bl_popcount_tokens_avx2(bl_popcount_form form) {
  return bl_min(8, (bl_popcount_counts_rows(form) ? 16 : 8) / bl_popcount_counters(form));
}

// The planes of a token: vpmovmskb takes the bit that a shift brought to the top of each byte.
BL_ALWAYS_INLINE void bl_popcount_split_avx2(bl_popcount_form form, const int8_t *x, size_t k,
                                             uint64_t *planes) {
  const size_t words = bl_round_up(bl_divide_up(k, 64), BL_POPCOUNT_BLOCK_WORDS);
  for (size_t word = 0; word < words; word++) {
    const size_t column = word * 64;
    _Alignas(32) int8_t padded[64];
    const int8_t *values = padded;
    if (column + 64 <= k)
      values = x + column;
    else
      for (size_t i = 0; i < 64; i++) padded[i] = column + i < k ? x[column + i] : 0;
    const __m256i low = _mm256_loadu_si256((const __m256i *)values);
    const __m256i high = _mm256_loadu_si256((const __m256i *)(values + 32));
    uint64_t *out = planes + bl_popcount_word_offset(form, word);
    BL_POPCOUNT_UNROLL
    for (size_t plane = 0; plane < bl_popcount_planes(form); plane++) {
      const int shift = 7 - bl_popcount_first_bit(form) - (int)plane;
      const uint32_t low_bits = (uint32_t)_mm256_movemask_epi8(_mm256_slli_epi16(low, shift));
      const uint32_t high_bits = (uint32_t)_mm256_movemask_epi8(_mm256_slli_epi16(high, shift));
      out[plane * BL_POPCOUNT_BLOCK_WORDS] = (uint64_t)high_bits << 32 | low_bits;
    }
  }
}

// The sum of a token that the b1 forms subtract, from its planes.
BL_ALWAYS_INLINE int32_t bl_popcount_sum_token_avx2(bl_popcount_form form, size_t k, const uint64_t *planes) {
  const size_t summed = bl_popcount_is_bitserial(form) ? bl_popcount_planes(form) : 1;
  uint64_t counts[8] = {0};
  for (size_t word = 0; word < bl_divide_up(k, 64); word++) {
    const uint64_t *x = planes + bl_popcount_word_offset(form, word);
    BL_POPCOUNT_UNROLL
    for (size_t plane = 0; plane < summed; plane++)
      counts[plane] += (uint64_t)_mm_popcnt_u64(x[plane * BL_POPCOUNT_BLOCK_WORDS]);
  }
  if (!bl_popcount_is_bitserial(form)) return (int32_t)counts[0];
  int32_t sum = -(int32_t)counts[summed - 1];
  for (size_t plane = summed - 1; plane-- > 0;) sum = 2 * sum + (int32_t)counts[plane];
  return sum;
}

BL_ALWAYS_INLINE void bl_popcount_prepare_avx2(bl_popcount_form form, const bl_prepare_task *task) {
  const size_t k = task->k;
  for (size_t token = task->m_begin; token < task->m_end; token++) {
    uint64_t *planes = (uint64_t *)task->prepared + token * bl_popcount_token_words(form, k);
    bl_popcount_split_avx2(form, (const int8_t *)task->x + token * k, k, planes);
    if (bl_popcount_sums_tokens(form))
      bl_popcount_token_sums(form, task->m, k, task->prepared)[token] =
          bl_popcount_sum_token_avx2(form, k, planes);
  }
}

// The number of bits of each byte.
BL_ALWAYS_INLINE __m256i bl_popcount_bytes_avx2(__m256i bits) {
  const __m256i counts = _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4,  //
                                          0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
  const __m256i nibble = _mm256_set1_epi8(15);
  const __m256i low = _mm256_shuffle_epi8(counts, _mm256_and_si256(bits, nibble));
  const __m256i high = _mm256_shuffle_epi8(counts, _mm256_and_si256(_mm256_srli_epi16(bits, 4), nibble));
  return _mm256_add_epi8(low, high);
}

// Weights of 256 columns of a row, as planes: `nonzero` is P|N = P^N and `negative` is N; or both are B.
typedef struct bl_popcount_weights_avx2 {
  __m256i nonzero, negative;
} bl_popcount_weights_avx2;

BL_ALWAYS_INLINE bl_popcount_weights_avx2 bl_popcount_unzip_avx2(__m256i pairs_02, __m256i pairs_13) {
  const __m256i positive = _mm256_unpacklo_epi64(pairs_02, pairs_13);
  const __m256i negative = _mm256_unpackhi_epi64(pairs_02, pairs_13);
  return (bl_popcount_weights_avx2){_mm256_or_si256(positive, negative), negative};
}

BL_ALWAYS_INLINE bl_popcount_weights_avx2 bl_popcount_load_avx2(bl_popcount_form form, const uint64_t *w) {
  if (form.weights == BL_WEIGHTS_BINARY) {
    const __m256i bits = _mm256_loadu_si256((const __m256i *)w);
    return (bl_popcount_weights_avx2){bits, bits};
  }
  return bl_popcount_unzip_avx2(_mm256_loadu2_m128i((const __m128i *)(w + 4), (const __m128i *)w),
                                _mm256_loadu2_m128i((const __m128i *)(w + 6), (const __m128i *)(w + 2)));
}

// Reads the first `words` (at most 3) words of columns, nothing behind them; the others are 0.
BL_ALWAYS_INLINE bl_popcount_weights_avx2 bl_popcount_load_part_avx2(bl_popcount_form form, const uint64_t *w,
                                                                     size_t words) {
  const __m256i lanes = _mm256_setr_epi64x(0, 1, 2, 3);
  const long long present = (long long)(words * bl_popcount_weight_words(form));
  const __m256i first =
      _mm256_maskload_epi64((const long long *)w, _mm256_cmpgt_epi64(_mm256_set1_epi64x(present), lanes));
  if (form.weights == BL_WEIGHTS_BINARY) return (bl_popcount_weights_avx2){first, first};
  const __m256i second = _mm256_maskload_epi64((const long long *)(w + 4),
                                               _mm256_cmpgt_epi64(_mm256_set1_epi64x(present - 4), lanes));
  return bl_popcount_unzip_avx2(_mm256_permute2x128_si256(first, second, 0x20),
                                _mm256_permute2x128_si256(first, second, 0x31));
}

// Adds the byte counts of 4 words of columns of one token.
BL_ALWAYS_INLINE void bl_popcount_count_avx2(bl_popcount_form form, bl_popcount_weights_avx2 w,
                                             const uint64_t *x, __m256i *counts) {
  const __m256i *planes = (const __m256i *)x;  // of one block: 2 vectors each, of which x points at one
  if (form.activations == BL_ACTIVATIONS_TERNARY) {
    const __m256i both = _mm256_and_si256(planes[0], w.nonzero);
    if (form.weights == BL_WEIGHTS_BINARY) {
      const __m256i equal = _mm256_xor_si256(both, planes[2]);
      counts[0] = _mm256_add_epi8(counts[0], bl_popcount_bytes_avx2(equal));
      return;
    }
    const __m256i unequal = _mm256_and_si256(both, _mm256_xor_si256(planes[2], w.negative));
    counts[0] = _mm256_add_epi8(counts[0], bl_popcount_bytes_avx2(both));
    counts[1] = _mm256_add_epi8(counts[1], bl_popcount_bytes_avx2(unequal));
    return;
  }
  BL_POPCOUNT_UNROLL
  for (size_t plane = 0; plane < bl_popcount_planes(form); plane++) {
    __m256i counted;
    if (form.weights == BL_WEIGHTS_TERNARY)  // x ? P : N; of a sign, S ? P : N counts unequal ones
      counted = _mm256_xor_si256(_mm256_and_si256(planes[2 * plane], w.nonzero), w.negative);
    else if (form.activations == BL_ACTIVATIONS_SIGN)
      counted = _mm256_xor_si256(planes[2 * plane], w.negative);
    else
      counted = _mm256_and_si256(planes[2 * plane], w.nonzero);
    counts[plane] = _mm256_add_epi8(counts[plane], bl_popcount_bytes_avx2(counted));
  }
}

// Counts 4 words of columns of one row for all tokens of the tile.
BL_ALWAYS_INLINE void bl_popcount_half_avx2(bl_popcount_form form, size_t tokens, bl_popcount_weights_avx2 w,
                                            const uint64_t *x, size_t token_words, __m256i *counts,
                                            __m256i *row_count) {
  if (bl_popcount_counts_rows(form))
    *row_count = _mm256_add_epi8(
        *row_count, bl_popcount_bytes_avx2(bl_popcount_is_bitserial(form) ? w.negative : w.nonzero));
  BL_POPCOUNT_UNROLL
  for (size_t token = 0; token < tokens; token++)
    bl_popcount_count_avx2(form, w, x + token * token_words, counts + token * bl_popcount_counters(form));
}

// y in 4 parts, from the counts of a result and the count of its row.
BL_ALWAYS_INLINE __m256i bl_popcount_combine_avx2(bl_popcount_form form, const __m256i *counts,
                                                  __m256i row_count) {
  if (bl_popcount_is_bitserial(form)) {
    const size_t planes = bl_popcount_planes(form);
    __m256i sum = _mm256_sub_epi64(_mm256_setzero_si256(), counts[planes - 1]);
    BL_POPCOUNT_UNROLL
    for (size_t plane = planes - 1; plane-- > 0;)
      sum = _mm256_add_epi64(_mm256_add_epi64(sum, sum), counts[plane]);
    return _mm256_add_epi64(sum, form.weights == BL_WEIGHTS_BINARY ? sum : row_count);
  }
  if (form.weights == BL_WEIGHTS_BINARY) return _mm256_add_epi64(counts[0], counts[0]);
  if (form.activations == BL_ACTIVATIONS_TERNARY)
    return _mm256_sub_epi64(counts[0], _mm256_add_epi64(counts[1], counts[1]));
  return _mm256_sub_epi64(row_count, _mm256_add_epi64(counts[0], counts[0]));
}

// Sums each of 4 vectors: the low halves of the 4 results are the sums.
BL_ALWAYS_INLINE __m256i bl_popcount_reduce_avx2(const __m256i *rows) {
  const __m256i pair_0 =
      _mm256_add_epi64(_mm256_unpacklo_epi64(rows[0], rows[1]), _mm256_unpackhi_epi64(rows[0], rows[1]));
  const __m256i pair_1 =
      _mm256_add_epi64(_mm256_unpacklo_epi64(rows[2], rows[3]), _mm256_unpackhi_epi64(rows[2], rows[3]));
  return _mm256_add_epi64(_mm256_permute2x128_si256(pair_0, pair_1, 0x20),
                          _mm256_permute2x128_si256(pair_0, pair_1, 0x31));
}

// Computes `tokens` results of one row over the columns of a tile: y in 4 parts.
BL_ALWAYS_INLINE void bl_popcount_row_avx2(bl_popcount_form form, size_t tokens, size_t words,
                                           const uint64_t *w, const uint64_t *x, size_t token_words,
                                           __m256i *results) {
  const size_t weight_words = bl_popcount_weight_words(form);
  const size_t counters = tokens * bl_popcount_counters(form);
  const size_t block_words = BL_POPCOUNT_BLOCK_WORDS * bl_popcount_planes(form);
  const size_t rest = words % BL_POPCOUNT_BLOCK_WORDS;
  const __m256i zero = _mm256_setzero_si256();
  __m256i totals[16], row_total = zero;
  BL_POPCOUNT_UNROLL
  for (size_t i = 0; i < counters; i++) totals[i] = zero;
  for (size_t blocks = words / BL_POPCOUNT_BLOCK_WORDS, done = 0; done == 0;) {
    __m256i counts[16], row_count = zero;
    BL_POPCOUNT_UNROLL
    for (size_t i = 0; i < counters; i++) counts[i] = zero;
    const size_t run = bl_min(blocks, BL_POPCOUNT_RUN_BLOCKS);
    for (size_t half = 0; half < 2 * run; half++) {
      _mm_prefetch((const char *)w + BL_POPCOUNT_PREFETCH_BYTES, _MM_HINT_T0);
      bl_popcount_half_avx2(form, tokens, bl_popcount_load_avx2(form, w), x, token_words, counts, &row_count);
      w += BL_POPCOUNT_HALF_WORDS * weight_words;
      x += half % 2 == 0 ? BL_POPCOUNT_HALF_WORDS : block_words - BL_POPCOUNT_HALF_WORDS;
    }
    blocks -= run;
    done = blocks == 0;
    if (done) {
      if (rest >= BL_POPCOUNT_HALF_WORDS) {
        bl_popcount_half_avx2(form, tokens, bl_popcount_load_avx2(form, w), x, token_words, counts,
                              &row_count);
        w += BL_POPCOUNT_HALF_WORDS * weight_words;
        x += BL_POPCOUNT_HALF_WORDS;
      }
      if (rest % BL_POPCOUNT_HALF_WORDS != 0)
        bl_popcount_half_avx2(form, tokens,
                              bl_popcount_load_part_avx2(form, w, rest % BL_POPCOUNT_HALF_WORDS), x,
                              token_words, counts, &row_count);
    }
    BL_POPCOUNT_UNROLL
    for (size_t i = 0; i < counters; i++)
      totals[i] = _mm256_add_epi64(totals[i], _mm256_sad_epu8(counts[i], zero));
    row_total = _mm256_add_epi64(row_total, _mm256_sad_epu8(row_count, zero));
  }
  BL_POPCOUNT_UNROLL
  for (size_t token = 0; token < tokens; token++)
    results[token * BL_POPCOUNT_ROW_GROUP] =
        bl_popcount_combine_avx2(form, totals + token * bl_popcount_counters(form), row_total);
}

// Computes a tile of `tokens` tokens.
BL_ALWAYS_INLINE void bl_popcount_tile_avx2(bl_popcount_form form, size_t tokens,
                                            const bl_popcount_tile *tile) {
  const bl_multiply_task *task = tile->task;
  const size_t weight_words = bl_popcount_weight_words(form);
  const size_t row_words = bl_divide_up(task->k, 64) * weight_words;
  const size_t token_words = bl_popcount_token_words(form, task->k);
  const uint64_t *x = (const uint64_t *)task->prepared + tile->token * token_words +
                      bl_popcount_word_offset(form, tile->word_begin);

  for (size_t group = tile->row_begin; group < tile->row_end; group += BL_POPCOUNT_ROW_GROUP) {
    __m256i parts[8][BL_POPCOUNT_ROW_GROUP];
    const size_t rows = bl_min(BL_POPCOUNT_ROW_GROUP, tile->row_end - group);
    for (size_t row = 0; row < rows; row++) {
      const uint64_t *w =
          (const uint64_t *)task->packed + (group + row) * row_words + tile->word_begin * weight_words;
      bl_popcount_row_avx2(form, tokens, tile->word_end - tile->word_begin, w, x, token_words,
                           &parts[0][row]);
    }
    for (size_t row = rows; row < BL_POPCOUNT_ROW_GROUP; row++)
      for (size_t token = 0; token < tokens; token++) parts[token][row] = _mm256_setzero_si256();
    for (size_t token = 0; token < tokens; token++) {
      const __m256i low = bl_popcount_reduce_avx2(parts[token]);
      const __m256i high = bl_popcount_reduce_avx2(parts[token] + 4);
      const __m256i mixed =
          _mm256_castps_si256(_mm256_shuffle_ps(_mm256_castsi256_ps(low), _mm256_castsi256_ps(high), 0x88));
      _Alignas(32) int32_t sums[BL_POPCOUNT_ROW_GROUP];
      _mm256_store_si256((__m256i *)sums, _mm256_permute4x64_epi64(mixed, 0xd8));
      bl_popcount_store(form, tile, group, tile->token + token, sums);
    }
  }
}

BL_TARGET_END
#endif
#endif
