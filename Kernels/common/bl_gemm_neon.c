#include "common/bl_gemm_neon.h"

#if BL_ARM64

enum { ROWS = BL_GEMM_NEON_ROWS, TOKENS = 6 };

// Asks for the next line of packed weights, if there is one left for this tile.
BL_ALWAYS_INLINE void prefetch_line(const bl_gemm_lines *next, size_t line) {
  if (line < next->end)
    __builtin_prefetch(next->rows[line % ROWS] + next->offset + line / ROWS * BL_GEMM_LINE_BYTES, 0, 3);
}

// What the sums [tokens][rows] are before a step.
BL_ALWAYS_INLINE void begin_sums(const size_t tokens, const bl_gemm_step *step) {
  if (step->start)
    for (size_t t = 0; t < tokens; t++)
      for (size_t r = 0; r < ROWS; r++) step->sums[t * ROWS + r] = step->start[t];
}

// Copies them to y after the last step.
BL_ALWAYS_INLINE void end_sums(const size_t tokens, const bl_gemm_step *step) {
  if (step->y)
    for (size_t t = 0; t < tokens; t++)
      memcpy(step->y + t * step->y_stride, step->sums + t * ROWS, step->y_rows * sizeof(int32_t));
}

// ---- sdot ----

BL_TARGET_BEGIN_NEON_DOTPROD

BL_ALWAYS_INLINE void dot_tile(const size_t tokens, const bl_gemm_step step) {
  begin_sums(tokens, &step);
  int32x4_t sum[TOKENS][4];
  BL_UNROLL
  for (size_t t = 0; t < tokens; t++) {
    BL_UNROLL
    for (size_t i = 0; i < 4; i++) sum[t][i] = vld1q_s32(step.sums + t * ROWS + 4 * i);
  }
  const int8_t *w = (const int8_t *)step.panel, *x = step.x;
  for (size_t quad = 0; quad < step.quads; quad++, w += 4 * ROWS, x += 4 * tokens) {
    prefetch_line(&step.next, step.next.begin + quad);
    int8x16_t weights[4];
    BL_UNROLL
    for (size_t i = 0; i < 4; i++) weights[i] = vld1q_s8(w + 16 * i);
    BL_UNROLL
    for (size_t t = 0; t + 2 <= tokens; t += 2) {
      const int8x8_t pair = vld1_s8(x + 4 * t);
      BL_UNROLL
      for (size_t i = 0; i < 4; i++) {
        sum[t][i] = vdotq_lane_s32(sum[t][i], weights[i], pair, 0);
        sum[t + 1][i] = vdotq_lane_s32(sum[t + 1][i], weights[i], pair, 1);
      }
    }
    if (tokens % 2) {
      int32_t columns;
      memcpy(&columns, x + 4 * (tokens - 1), sizeof columns);
      const int8x8_t last = vreinterpret_s8_s32(vdup_n_s32(columns));
      BL_UNROLL
      for (size_t i = 0; i < 4; i++)
        sum[tokens - 1][i] = vdotq_lane_s32(sum[tokens - 1][i], weights[i], last, 0);
    }
  }
  BL_UNROLL
  for (size_t t = 0; t < tokens; t++) {
    BL_UNROLL
    for (size_t i = 0; i < 4; i++) vst1q_s32(step.sums + t * ROWS + 4 * i, sum[t][i]);
  }
  end_sums(tokens, &step);
}

#define TILE(tokens)                                        \
  static void dot_tile_##tokens(const bl_gemm_step *step) { \
    dot_tile(tokens, *step);                                \
  }
TILE(1)
TILE(2)
TILE(3)
TILE(4)
TILE(5)
TILE(6)
#undef TILE

BL_TARGET_END

const bl_gemm_engine bl_gemm_neondotprod = {
    .rows = ROWS,
    .tokens = TOKENS,
    .tile = {NULL, dot_tile_1, dot_tile_2, dot_tile_3, dot_tile_4, dot_tile_5, dot_tile_6},
};

// ---- smmla ----

BL_TARGET_BEGIN_NEON_I8MM

// Tokens 2 p and 2 p + 1 as one operand; past the last token, that token again.
BL_ALWAYS_INLINE int8x16_t load_token_pair(const size_t tokens, const int8_t *x, size_t p) {
  if (2 * p + 2 <= tokens) return vld1q_s8(x + 16 * p);
  const int8x8_t last = vld1_s8(x + 16 * p);
  return vcombine_s8(last, last);
}

// A sum vector of rows 2 i, 2 i + 1 and tokens 2 p, 2 p + 1 lies as row 2 i: both tokens, row 2 i + 1: both.
BL_ALWAYS_INLINE void matrix_tile(const size_t tokens, const bl_gemm_step step) {
  begin_sums(tokens, &step);
  const size_t pairs = (tokens + 1) / 2;
  int32x4_t sum[TOKENS / 2][ROWS / 2];
  BL_UNROLL
  for (size_t p = 0; p < pairs; p++) {
    const int32_t *even = step.sums + 2 * p * ROWS, *odd = 2 * p + 1 < tokens ? even + ROWS : even;
    BL_UNROLL
    for (size_t i = 0; i < ROWS / 2; i += 2) {
      const int32x4_t a = vld1q_s32(even + 2 * i), b = vld1q_s32(odd + 2 * i);
      sum[p][i] = vzip1q_s32(a, b);
      sum[p][i + 1] = vzip2q_s32(a, b);
    }
  }
  const int8_t *w = (const int8_t *)step.panel, *x = step.x;
  for (size_t quad = 0; quad < step.quads; quad += 2, w += 8 * ROWS, x += 8 * tokens) {
    prefetch_line(&step.next, step.next.begin + quad);
    prefetch_line(&step.next, step.next.begin + quad + 1);
    int8x16_t activations[TOKENS / 2];
    BL_UNROLL
    for (size_t p = 0; p < pairs; p++) activations[p] = load_token_pair(tokens, x, p);
    BL_UNROLL
    for (size_t i = 0; i < ROWS / 2; i++) {
      const int8x16_t weights = vld1q_s8(w + 16 * i);
      BL_UNROLL
      for (size_t p = 0; p < pairs; p++) sum[p][i] = vmmlaq_s32(sum[p][i], weights, activations[p]);
    }
  }
  BL_UNROLL
  for (size_t p = 0; p < pairs; p++) {
    int32_t *even = step.sums + 2 * p * ROWS;
    BL_UNROLL
    for (size_t i = 0; i < ROWS / 2; i += 2) {
      vst1q_s32(even + 2 * i, vuzp1q_s32(sum[p][i], sum[p][i + 1]));
      if (2 * p + 1 < tokens) vst1q_s32(even + ROWS + 2 * i, vuzp2q_s32(sum[p][i], sum[p][i + 1]));
    }
  }
  end_sums(tokens, &step);
}

#define TILE(tokens)                                           \
  static void matrix_tile_##tokens(const bl_gemm_step *step) { \
    matrix_tile(tokens, *step);                                \
  }
TILE(1)
TILE(2)
TILE(3)
TILE(4)
TILE(5)
TILE(6)
#undef TILE

BL_TARGET_END

const bl_gemm_engine bl_gemm_neoni8mm = {
    .rows = ROWS,
    .tokens = TOKENS,
    .tile = {NULL, matrix_tile_1, matrix_tile_2, matrix_tile_3, matrix_tile_4, matrix_tile_5, matrix_tile_6},
};
#endif
