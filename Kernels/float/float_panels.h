// The activations of the float vector kernels: tokens are divided evenly into blocks of at most TOKENS, and a
// block of T tokens lies as [column][T], so that the register tile reads one stream. Blocks follow one
// another without gaps.
//
// Included by float/float_engine.h, which says what a column and load_activations() are.
#ifndef BL_FLOAT_PANELS_H
#define BL_FLOAT_PANELS_H

#include "common/bl_math.h"
#include "float/float_cost.h"

typedef float four __attribute__((vector_size(16)));

// Four rows of four become four columns of four.
BL_ALWAYS_INLINE void transpose_fours(four v[4]) {
  const four low01 = __builtin_shufflevector(v[0], v[1], 0, 4, 1, 5);
  const four low23 = __builtin_shufflevector(v[2], v[3], 0, 4, 1, 5);
  const four high01 = __builtin_shufflevector(v[0], v[1], 2, 6, 3, 7);
  const four high23 = __builtin_shufflevector(v[2], v[3], 2, 6, 3, 7);
  v[0] = __builtin_shufflevector(low01, low23, 0, 1, 4, 5);
  v[1] = __builtin_shufflevector(low01, low23, 2, 3, 6, 7);
  v[2] = __builtin_shufflevector(high01, high23, 0, 1, 4, 5);
  v[3] = __builtin_shufflevector(high01, high23, 2, 3, 6, 7);
}

static size_t column_count(size_t k) {
  return bl_float_padded_columns(k) / COLUMN_ACTIVATIONS;
}

// How the tokens are divided: the first `larger` blocks have one token more than the others.
typedef struct token_blocks {
  size_t count, tokens, larger;
} token_blocks;

static token_blocks divide_tokens(size_t m) {
  const size_t count = bl_divide_up(m, TOKENS);
  return (token_blocks){count, m / count, m % count};
}
static size_t block_begin(const token_blocks *blocks, size_t block) {
  return block * blocks->tokens + bl_min(block, blocks->larger);
}

static size_t prepared_bytes(size_t m, size_t k) {
  return bl_float_prepared_bytes(m, k);
}

// Four columns of a token, with zeros past k.
BL_ALWAYS_INLINE four load_columns(const float *x, size_t column, size_t k) {
  enum { ACTIVATIONS = 4 * COLUMN_ACTIVATIONS };
  const size_t begin = column * COLUMN_ACTIVATIONS;
  if (begin + ACTIVATIONS <= k) return load_activations(x + begin);
  float last[ACTIVATIONS] = {0};
  for (size_t i = begin; i < k; i++) last[i - begin] = x[i];
  return load_activations(last);
}

// Writes tokens `begin` to `end` of a block of `tokens` into its panel.
static void prepare_block(const float *x, size_t k, size_t begin, size_t end, size_t tokens, float *panel) {
  for (size_t column = 0; column < column_count(k); column += 4) {
    float *out = panel + column * tokens;
    size_t token = begin;
    for (; token + 4 <= end; token += 4) {
      four c[4];
      for (size_t i = 0; i < 4; i++) c[i] = load_columns(x + (token + i) * k, column, k);
      transpose_fours(c);
      for (size_t i = 0; i < 4; i++) __builtin_memcpy(out + i * tokens + token, &c[i], sizeof c[i]);
    }
    for (; token < end; token++) {
      const four c = load_columns(x + token * k, column, k);
      for (size_t i = 0; i < 4; i++) out[i * tokens + token] = c[i];
    }
  }
}

static void prepare(const bl_prepare_task *task) {
  const token_blocks blocks = divide_tokens(task->m);
  for (size_t block = 0; block < blocks.count; block++) {
    const size_t first = block_begin(&blocks, block), past = block_begin(&blocks, block + 1);
    if (past <= task->m_begin || task->m_end <= first) continue;
    const size_t begin = first > task->m_begin ? first : task->m_begin;
    prepare_block((const float *)task->x + first * task->k, task->k, begin - first,
                  bl_min(past, task->m_end) - first, past - first,
                  (float *)task->prepared + first * column_count(task->k));
  }
}

#endif
