// Dot products by counting bits: the algebra, the layout of prepared activations and the cost shared by the
// bitserial and popcount families, in all instruction sets.
//
// A *form* is a pair of weights (ternary in packing planes, or binary in packing b1) and activations. Both
// sides are bit-planes in 64-bit words of 64 columns: P and N, or B, of the weights; of the activations the
// bits x_b of their two's complement, so x = sum_b c_b 2^b x_b with c = -1 for the top bit and +1 below. Of
// a trit these are two planes, bit 0 = "is not zero" (Z) and bit 1 = "is negative" (S); of a sign only S.
//
// P and N are disjoint, so choosing by a bit counts both at once:
//     pop(x_b & P) - pop(x_b & N) = pop(x_b ? P : N) - pop(N)
// and since sum_b c_b 2^b = -1, all the pop(N) together come to one +pop(N) per row, whatever the number of
// planes: half the population counts of the two-sided formula, and the row's count serves all tokens.
//
//   weights  activations  counted words                  y
//   planes   8, 4, 2 bit  x_b ? P : N           each b   sum_b c_b 2^b pop + pop(N)
//   planes   trit         Z & (P|N), and of it S ^ N     pop - 2 pop
//   planes   sign         S ? N : P                      2 pop - pop(P|N)
//   b1       8, 4, 2 bit  x_b & B               each b   2 sum_b c_b 2^b pop - sum of x
//   b1       trit         B ? Z&~S : S                   2 pop - pop(Z)
//   b1       sign         S ^ B                          2 pop - k
//
// Each word counts equal signs (of the trit form's second: unequal ones), and is 0 where all planes are 0,
// so padding adds nothing.
//
// Prepared, for each token, planes in blocks of 8 words (512 columns), natural order, padding bits 0:
//
//     block 0: [x_0 words 0..7][x_1 words 0..7] ...  block 1: [x_0 words 8..15] ...
//
// and after the planes of all m tokens, for the b1 forms that subtract one, an int32 sum per token.
#ifndef BL_POPCOUNT_FORM_H
#define BL_POPCOUNT_FORM_H

#include "common/bl_math.h"
#include "common/bl_target.h"
#include "include/bitlab_kernels.h"

typedef struct bl_popcount_form {
  bl_weight_kind weights;  // BL_WEIGHTS_TERNARY: packing planes; BL_WEIGHTS_BINARY: packing b1
  bl_activation_kind activations;
} bl_popcount_form;

enum { BL_POPCOUNT_BLOCK_WORDS = 8 };

// Before a loop over planes, tokens or counters: their arrays are registers only when it is unrolled.
#if defined(__clang__)
#define BL_POPCOUNT_UNROLL BL_PRAGMA(clang loop unroll(full))
#else
#define BL_POPCOUNT_UNROLL BL_PRAGMA(GCC unroll 16)
#endif

BL_ALWAYS_INLINE bool bl_popcount_is_bitserial(bl_popcount_form form) {
  return form.activations == BL_ACTIVATIONS_INT8 || form.activations == BL_ACTIVATIONS_INT4 ||
         form.activations == BL_ACTIVATIONS_INT2;
}

// Planes of the activations.
BL_ALWAYS_INLINE size_t bl_popcount_planes(bl_popcount_form form) {
  switch (form.activations) {
    case BL_ACTIVATIONS_INT8:
      return 8;
    case BL_ACTIVATIONS_INT4:
      return 4;
    case BL_ACTIVATIONS_SIGN:
      return 1;
    default:
      return 2;
  }
}

// The bit of an activation that is its plane 0.
BL_ALWAYS_INLINE int bl_popcount_first_bit(bl_popcount_form form) {
  return form.activations == BL_ACTIVATIONS_SIGN ? 1 : 0;
}

// Words that are counted for each word of weights and each token.
BL_ALWAYS_INLINE size_t bl_popcount_counters(bl_popcount_form form) {
  if (form.activations == BL_ACTIVATIONS_TERNARY) return form.weights == BL_WEIGHTS_TERNARY ? 2 : 1;
  return bl_popcount_planes(form);
}

// Whether a word of the weights alone is counted too, once per row for all tokens.
BL_ALWAYS_INLINE bool bl_popcount_counts_rows(bl_popcount_form form) {
  return form.weights == BL_WEIGHTS_TERNARY && form.activations != BL_ACTIVATIONS_TERNARY;
}

// Whether y needs a sum over the activations of a token.
BL_ALWAYS_INLINE bool bl_popcount_sums_tokens(bl_popcount_form form) {
  return form.weights == BL_WEIGHTS_BINARY && form.activations != BL_ACTIVATIONS_SIGN;
}

// 64-bit words of packed weights for 64 columns.
BL_ALWAYS_INLINE size_t bl_popcount_weight_words(bl_popcount_form form) {
  return form.weights == BL_WEIGHTS_TERNARY ? 2 : 1;
}

// 64-bit words from one token's planes to the next.
BL_ALWAYS_INLINE size_t bl_popcount_token_words(bl_popcount_form form, size_t k) {
  return bl_round_up(bl_divide_up(k, 64), BL_POPCOUNT_BLOCK_WORDS) * bl_popcount_planes(form);
}

// Where the word of plane 0 for columns 64 word to 64 word + 63 lies in a token's planes; the words of the
// other planes follow at distances of BL_POPCOUNT_BLOCK_WORDS.
BL_ALWAYS_INLINE size_t bl_popcount_word_offset(bl_popcount_form form, size_t word) {
  return word / BL_POPCOUNT_BLOCK_WORDS * BL_POPCOUNT_BLOCK_WORDS * bl_popcount_planes(form) +
         word % BL_POPCOUNT_BLOCK_WORDS;
}

// The sums of all tokens, behind their planes.
BL_ALWAYS_INLINE int32_t *bl_popcount_token_sums(bl_popcount_form form, size_t m, size_t k, void *prepared) {
  return (int32_t *)((uint64_t *)prepared + m * bl_popcount_token_words(form, k));
}

BL_ALWAYS_INLINE size_t bl_popcount_prepared_bytes(bl_popcount_form form, size_t m, size_t k) {
  return m * bl_popcount_token_words(form, k) * sizeof(uint64_t) +
         (bl_popcount_sums_tokens(form) ? m * sizeof(int32_t) : 0);
}

// What one token adds to all of its results.
BL_ALWAYS_INLINE int32_t bl_popcount_token_base(bl_popcount_form form, const bl_multiply_task *task,
                                                size_t token) {
  if (form.weights == BL_WEIGHTS_TERNARY) return 0;
  if (form.activations == BL_ACTIVATIONS_SIGN) return -(int32_t)task->k;
  const uint64_t *planes = task->prepared;
  return -((const int32_t *)(planes + task->m * bl_popcount_token_words(form, task->k)))[token];
}

BL_ALWAYS_INLINE bl_cost bl_popcount_cost(bl_popcount_form form, size_t m, size_t n, size_t k) {
  const uint64_t words = bl_divide_up(k, 64), planes = bl_popcount_planes(form);
  const uint64_t counters = bl_popcount_counters(form), results = (uint64_t)m * n;
  bl_cost cost = {
      .weight_bytes = n * words * bl_popcount_weight_words(form) * sizeof(uint64_t),
      .activation_bytes = (uint64_t)m * k,
      .table_bytes = bl_popcount_prepared_bytes(form, m, k),
      .output_bytes = results * sizeof(int32_t),
  };
  // prepare(): 11 operations gather a bit of 8 activations and put the byte into its word.
  cost.logic_operations = m * words * 8 * planes * 11;
  if (bl_popcount_sums_tokens(form)) {
    const uint64_t summed = bl_popcount_is_bitserial(form) ? planes : 1;
    cost.popcounts += m * words * summed;
    cost.adds += m * (words * summed + summed - 1);
    cost.logic_operations += m * (summed - 1);
  }
  // multiply(): the row counts, the counted words, and their combination for each result.
  if (bl_popcount_counts_rows(form)) {
    cost.popcounts += n * words;
    cost.adds += n * words;
    if (!bl_popcount_is_bitserial(form)) cost.logic_operations += n * words;
  }
  cost.popcounts += results * words * counters;
  cost.adds += results * words * counters;
  uint64_t logic_per_word = planes;
  if (form.weights == BL_WEIGHTS_TERNARY)
    logic_per_word = form.activations == BL_ACTIVATIONS_TERNARY ? 4 : 1 + 2 * planes;
  const uint64_t steps = bl_popcount_is_bitserial(form) ? planes - 1 : 0;
  const bool doubles = !(bl_popcount_is_bitserial(form) && form.weights == BL_WEIGHTS_TERNARY);
  cost.adds += results * (steps + 1);
  cost.logic_operations += results * (words * logic_per_word + steps + doubles);
  return cost;
}

// The functions of one kernel that its packing and activations decide alone: its form and, for its
// descriptor, prepared_bytes and cost.
#define BL_POPCOUNT_FORM_FUNCTIONS(weight_kind, activation_kind)                                     \
  static const bl_popcount_form form = {.weights = (weight_kind), .activations = (activation_kind)}; \
  static size_t prepared_bytes(size_t m, size_t k) {                                                 \
    return bl_popcount_prepared_bytes(form, m, k);                                                   \
  }                                                                                                  \
  static bl_cost cost(size_t m, size_t n, size_t k, const void *packed) {                            \
    (void)packed;                                                                                    \
    return bl_popcount_cost(form, m, n, k);                                                          \
  }

#endif
