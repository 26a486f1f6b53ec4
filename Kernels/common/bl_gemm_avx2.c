#include "common/bl_gemm_avx2.h"

#if BL_X86
BL_TARGET_BEGIN_AVX2

enum {
  ROWS = BL_GEMM_AVX2_ROWS,
  QUAD_BYTES = 4 * ROWS,
  NARROW_QUADS = 64,  // after which 16-bit sums are widened
};

BL_ALWAYS_INLINE void multiply_quad(const size_t tokens, const bool wide, const uint8_t *weights,
                                    const int8_t *x, __m256i sum[][2]) {
  const __m256i low = _mm256_load_si256((const __m256i *)weights);
  const __m256i high = _mm256_load_si256((const __m256i *)(weights + 32));
#pragma clang loop unroll(full)
  for (size_t t = 0; t < tokens; t++) {
    int32_t columns;
    memcpy(&columns, x + 4 * t, sizeof columns);
    const __m256i broadcast = _mm256_set1_epi32(columns);
    if (wide) {
      sum[t][0] = _mm256_add_epi32(sum[t][0], _mm256_madd_epi16(low, broadcast));
      sum[t][1] = _mm256_add_epi32(sum[t][1], _mm256_madd_epi16(high, broadcast));
    } else {
      sum[t][0] = _mm256_add_epi16(sum[t][0], _mm256_maddubs_epi16(low, broadcast));
      sum[t][1] = _mm256_add_epi16(sum[t][1], _mm256_maddubs_epi16(high, broadcast));
    }
  }
}

static void store_rows(int32_t *y, const int32_t *sums, size_t rows) {
  if (rows == ROWS)
    memcpy(y, sums, ROWS * sizeof(int32_t));
  else
    memcpy(y, sums, rows * sizeof(int32_t));
}

BL_ALWAYS_INLINE void multiply_tile(const size_t tokens, const bool wide, const bl_gemm_step step) {
  if (step.start)
    for (size_t t = 0; t < tokens; t++)
      for (size_t r = 0; r < ROWS; r++) step.sums[t * ROWS + r] = step.start[t];
  const uint8_t *weights = step.panel;
  const int8_t *x = step.x;
  const bl_gemm_lines next = step.next;
  size_t line = next.begin;
  for (size_t quad = 0; quad < step.quads;) {
    __m256i sum[BL_GEMM_AVX2_TOKENS][2];
#pragma clang loop unroll(full)
    for (size_t t = 0; t < tokens; t++) sum[t][0] = sum[t][1] = _mm256_setzero_si256();
    const size_t end = bl_min(quad + NARROW_QUADS, step.quads);
    for (; line < next.end && quad < end; line++, quad++, weights += QUAD_BYTES, x += 4 * tokens) {
      _mm_prefetch((const char *)next.rows[line % ROWS] + next.offset + line / ROWS * BL_GEMM_LINE_BYTES,
                   _MM_HINT_T0);
      multiply_quad(tokens, wide, weights, x, sum);
    }
    for (; quad < end; quad++, weights += QUAD_BYTES, x += 4 * tokens)
      multiply_quad(tokens, wide, weights, x, sum);
#pragma clang loop unroll(full)
    for (size_t t = 0; t < tokens; t++) {
#pragma clang loop unroll(full)
      for (size_t half = 0; half < 2; half++) {
        __m256i *total = (__m256i *)(step.sums + t * ROWS + 8 * half);
        const __m256i part = wide ? sum[t][half] : bl_widen_avx2(sum[t][half]);
        _mm256_store_si256(total, _mm256_add_epi32(_mm256_load_si256(total), part));
      }
    }
  }
  if (step.y)
    for (size_t t = 0; t < tokens; t++)
      store_rows(step.y + t * step.y_stride, step.sums + t * ROWS, step.y_rows);
}

#define TILES(name, wide)                          \
  static void name##_1(const bl_gemm_step *step) { \
    multiply_tile(1, wide, *step);                 \
  }                                                \
  static void name##_2(const bl_gemm_step *step) { \
    multiply_tile(2, wide, *step);                 \
  }                                                \
  static void name##_3(const bl_gemm_step *step) { \
    multiply_tile(3, wide, *step);                 \
  }                                                \
  static void name##_4(const bl_gemm_step *step) { \
    multiply_tile(4, wide, *step);                 \
  }                                                \
  static void name##_5(const bl_gemm_step *step) { \
    multiply_tile(5, wide, *step);                 \
  }                                                \
  static void name##_6(const bl_gemm_step *step) { \
    multiply_tile(6, wide, *step);                 \
  }
TILES(multiply_codes, false)
TILES(multiply_wide, true)
#undef TILES

const bl_gemm_engine bl_gemm_avx2 = {
    .rows = BL_GEMM_AVX2_ROWS,
    .tokens = BL_GEMM_AVX2_TOKENS,
    .tile = {NULL, multiply_codes_1, multiply_codes_2, multiply_codes_3, multiply_codes_4, multiply_codes_5,
             multiply_codes_6},
};

const bl_gemm_engine bl_gemm_avx2_wide = {
    .rows = BL_GEMM_AVX2_ROWS,
    .tokens = BL_GEMM_AVX2_TOKENS,
    .tile = {NULL, multiply_wide_1, multiply_wide_2, multiply_wide_3, multiply_wide_4, multiply_wide_5,
             multiply_wide_6},
};

BL_TARGET_END
#endif
