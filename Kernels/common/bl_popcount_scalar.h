// Dot products by counting bits, in portable C: the form of bl_popcount_form.h word by word. The operations
// counted here are those of bl_popcount_cost().
#ifndef BL_POPCOUNT_SCALAR_H
#define BL_POPCOUNT_SCALAR_H

#include "common/bl_count.h"
#include "common/bl_popcount_form.h"

// Horner's rule over the planes, the top one negative: sum_b c_b 2^b count_b.
BL_ALWAYS_INLINE int32_t bl_popcount_weigh_planes(size_t planes, const int32_t *counts) {
  int32_t sum = -counts[planes - 1];
  for (size_t plane = planes - 1; plane-- > 0;) sum = 2 * sum + counts[plane];
  BL_COUNT(adds, planes - 1);
  BL_COUNT(logic_operations, planes - 1);
  return sum;
}

// Gathers one bit of each of 8 bytes into the low byte, the first byte's lowest.
BL_ALWAYS_INLINE uint64_t bl_popcount_gather_bit(uint64_t bytes, int bit) {
  bytes = (bytes >> bit) & 0x0101010101010101u;
  bytes |= bytes >> 7;
  bytes |= bytes >> 14;
  bytes |= bytes >> 28;
  BL_COUNT(logic_operations, 9);
  return bytes & 0xff;
}

// The planes of `columns` (1 to 64) activations, at word[0], word[BL_POPCOUNT_BLOCK_WORDS], ...
BL_ALWAYS_INLINE void bl_popcount_split_scalar(bl_popcount_form form, const int8_t *x, size_t columns,
                                               uint64_t *word) {
  uint64_t groups[8] = {0};
  for (size_t i = 0; i < columns; i++) groups[i / 8] |= (uint64_t)(uint8_t)x[i] << (i % 8 * 8);
  for (size_t plane = 0; plane < bl_popcount_planes(form); plane++) {
    const int bit = bl_popcount_first_bit(form) + (int)plane;
    uint64_t bits = 0;
    for (size_t group = 0; group < 8; group++)
      bits |= bl_popcount_gather_bit(groups[group], bit) << (group * 8);
    BL_COUNT(logic_operations, 16);
    word[plane * BL_POPCOUNT_BLOCK_WORDS] = bits;
  }
}

// The sum of a token that the b1 forms subtract, from its planes.
BL_ALWAYS_INLINE int32_t bl_popcount_sum_token(bl_popcount_form form, size_t words, const uint64_t *x) {
  const size_t summed = bl_popcount_is_bitserial(form) ? bl_popcount_planes(form) : 1;
  int32_t counts[8] = {0};
  for (size_t word = 0; word < words; word++) {
    const uint64_t *planes = x + bl_popcount_word_offset(form, word);
    for (size_t plane = 0; plane < summed; plane++)
      counts[plane] += __builtin_popcountll(planes[plane * BL_POPCOUNT_BLOCK_WORDS]);
  }
  BL_COUNT(popcounts, words * summed);
  BL_COUNT(adds, words * summed);
  return bl_popcount_is_bitserial(form) ? bl_popcount_weigh_planes(summed, counts) : counts[0];
}

// Zeroes the words behind the last column of a token, to the end of its last block.
BL_ALWAYS_INLINE void bl_popcount_pad_token(bl_popcount_form form, size_t words, uint64_t *x) {
  for (size_t word = words; word % BL_POPCOUNT_BLOCK_WORDS != 0; word++)
    for (size_t plane = 0; plane < bl_popcount_planes(form); plane++)
      x[bl_popcount_word_offset(form, word) + plane * BL_POPCOUNT_BLOCK_WORDS] = 0;
}

BL_ALWAYS_INLINE void bl_popcount_prepare_scalar(bl_popcount_form form, const bl_prepare_task *task) {
  const size_t k = task->k, words = bl_divide_up(k, 64);
  for (size_t token = task->m_begin; token < task->m_end; token++) {
    const int8_t *x = (const int8_t *)task->x + token * k;
    uint64_t *planes = (uint64_t *)task->prepared + token * bl_popcount_token_words(form, k);
    for (size_t word = 0; word < words; word++)
      bl_popcount_split_scalar(form, x + word * 64, bl_min(64, k - word * 64),
                               planes + bl_popcount_word_offset(form, word));
    bl_popcount_pad_token(form, words, planes);
    if (bl_popcount_sums_tokens(form))
      bl_popcount_token_sums(form, task->m, k, task->prepared)[token] =
          bl_popcount_sum_token(form, words, planes);
  }
}

// The words to count for one word of weights w and of a token's planes x.
BL_ALWAYS_INLINE void bl_popcount_words_scalar(bl_popcount_form form, const uint64_t *w, const uint64_t *x,
                                               uint64_t *counted) {
  const uint64_t *next = x + BL_POPCOUNT_BLOCK_WORDS;
  const size_t planes = bl_popcount_planes(form);
  if (form.weights == BL_WEIGHTS_BINARY) {
    if (form.activations == BL_ACTIVATIONS_SIGN)
      counted[0] = *x ^ *w;
    else if (form.activations == BL_ACTIVATIONS_TERNARY)
      counted[0] = *next ^ (*x & *w);  // S is within Z
    else
      for (size_t plane = 0; plane < planes; plane++)
        counted[plane] = x[plane * BL_POPCOUNT_BLOCK_WORDS] & *w;
    BL_COUNT(logic_operations, planes);
    return;
  }
  const uint64_t positive = w[0], negative = w[1];
  if (form.activations == BL_ACTIVATIONS_TERNARY) {
    counted[0] = *x & (positive | negative);
    counted[1] = counted[0] & (*next ^ negative);
    BL_COUNT(logic_operations, 4);
    return;
  }
  // bit ? a : b = b ^ (bit & (a ^ b)), and P ^ N = P | N
  const uint64_t nonzero = positive ^ negative;
  const uint64_t otherwise = form.activations == BL_ACTIVATIONS_SIGN ? positive : negative;
  for (size_t plane = 0; plane < planes; plane++)
    counted[plane] = otherwise ^ (x[plane * BL_POPCOUNT_BLOCK_WORDS] & nonzero);
  BL_COUNT(logic_operations, 1 + 2 * planes);
}

// y without what bl_popcount_token_base() adds, from the counts of a result and the count of its row.
BL_ALWAYS_INLINE int32_t bl_popcount_combine_scalar(bl_popcount_form form, const int32_t *counts,
                                                    int32_t row_count) {
  if (bl_popcount_is_bitserial(form)) {
    const int32_t sum = bl_popcount_weigh_planes(bl_popcount_planes(form), counts);
    return form.weights == BL_WEIGHTS_BINARY ? 2 * sum : sum + row_count;
  }
  if (form.weights == BL_WEIGHTS_BINARY) return 2 * counts[0];
  if (form.activations == BL_ACTIVATIONS_TERNARY) return counts[0] - 2 * counts[1];
  return 2 * counts[0] - row_count;
}

BL_ALWAYS_INLINE int32_t bl_popcount_row_scalar(bl_popcount_form form, size_t words, const uint64_t *w) {
  int32_t count = 0;
  for (size_t word = 0; word < words; word++)
    count += __builtin_popcountll(bl_popcount_is_bitserial(form) ? w[2 * word + 1]
                                                                 : w[2 * word] | w[2 * word + 1]);
  BL_COUNT(popcounts, words);
  BL_COUNT(adds, words);
  BL_COUNT(logic_operations, bl_popcount_is_bitserial(form) ? 0 : words);
  return count;
}

BL_ALWAYS_INLINE void bl_popcount_multiply_scalar(bl_popcount_form form, const bl_multiply_task *task) {
  const size_t k = task->k, words = bl_divide_up(k, 64);
  const size_t weight_words = bl_popcount_weight_words(form), counters = bl_popcount_counters(form);
  for (size_t row = task->n_begin; row < task->n_end; row++) {
    const uint64_t *w = (const uint64_t *)task->packed + row * words * weight_words;
    const int32_t row_count = bl_popcount_counts_rows(form) ? bl_popcount_row_scalar(form, words, w) : 0;
    for (size_t token = 0; token < task->m; token++) {
      const uint64_t *x = (const uint64_t *)task->prepared + token * bl_popcount_token_words(form, k);
      int32_t counts[8] = {0};
      for (size_t word = 0; word < words; word++) {
        uint64_t counted[8];
        bl_popcount_words_scalar(form, w + word * weight_words, x + bl_popcount_word_offset(form, word),
                                 counted);
        for (size_t i = 0; i < counters; i++) counts[i] += __builtin_popcountll(counted[i]);
      }
      BL_COUNT(popcounts, words * counters);
      BL_COUNT(adds, words * counters);
      ((int32_t *)task->y)[token * task->n + row] =
          bl_popcount_combine_scalar(form, counts, row_count) + bl_popcount_token_base(form, task, token);
      BL_COUNT(adds, 1);
      BL_COUNT(logic_operations, form.weights == BL_WEIGHTS_BINARY || !bl_popcount_is_bitserial(form));
    }
  }
}

// The functions of one portable kernel: its form and, for its descriptor, prepared_bytes, prepare, multiply
// and cost.
#define BL_POPCOUNT_SCALAR_FUNCTIONS(weight_kind, activation_kind) \
  BL_POPCOUNT_FORM_FUNCTIONS(weight_kind, activation_kind)         \
  static void prepare(const bl_prepare_task *task) {               \
    bl_popcount_prepare_scalar(form, task);                        \
  }                                                                \
  static void multiply(const bl_multiply_task *task) {             \
    bl_popcount_multiply_scalar(form, task);                       \
  }

#endif
