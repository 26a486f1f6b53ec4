#include "common/bl_gemm_vnni.h"

#include <string.h>

#if BL_X86
BL_TARGET_BEGIN_AVX512_VNNI

BL_ALWAYS_INLINE void multiply_quad(const size_t tokens, const uint8_t *codes, const int8_t *x,
                                    __m512i sum[][2]) {
  const __m512i low = _mm512_load_si512(codes), high = _mm512_load_si512(codes + 64);
#pragma clang loop unroll(full)
  for (size_t t = 0; t < tokens; t++) {
    int32_t four;
    memcpy(&four, x + 4 * t, sizeof four);
    const __m512i broadcast = _mm512_set1_epi32(four);
    sum[t][0] = _mm512_dpbusd_epi32(sum[t][0], low, broadcast);
    sum[t][1] = _mm512_dpbusd_epi32(sum[t][1], high, broadcast);
  }
}

BL_ALWAYS_INLINE void multiply_tile(const size_t tokens, const bl_gemm_step step) {
  __m512i sum[BL_GEMM_VNNI_TOKENS][2];
#pragma clang loop unroll(full)
  for (size_t t = 0; t < tokens; t++) {
#pragma clang loop unroll(full)
    for (size_t half = 0; half < 2; half++)
      sum[t][half] = step.start ? _mm512_set1_epi32(step.start[t])
                                : _mm512_load_si512(step.sums + t * BL_GEMM_VNNI_ROWS + 16 * half);
  }
  const uint32_t rows = (uint32_t)(((uint64_t)1 << step.y_rows) - 1);
  // Results go to as many pages as there are tokens, where no prefetcher of the core expects them: each line
  // is asked for while the first columns are multiplied, a token's lines with one quad.
  const size_t results = step.y ? bl_min(tokens, step.quads) : 0;
  const uint8_t *codes = step.panel;
  const int8_t *x = step.x;
  const bl_gemm_lines next = step.next;
  size_t quad = 0;
  for (; quad < results; quad++, codes += 128, x += 4 * tokens) {
    const char *y = (const char *)(step.y + quad * step.y_stride);
    _mm_prefetch(y, _MM_HINT_T0);
    _mm_prefetch(y + BL_GEMM_LINE_BYTES, _MM_HINT_T0);
    multiply_quad(tokens, codes, x, sum);
  }
  for (size_t line = next.begin; line < next.end; line++, quad++, codes += 128, x += 4 * tokens) {
    _mm_prefetch((const char *)next.rows[line % BL_GEMM_VNNI_ROWS] + next.offset +
                     line / BL_GEMM_VNNI_ROWS * BL_GEMM_LINE_BYTES,
                 _MM_HINT_T0);
    multiply_quad(tokens, codes, x, sum);
  }
  for (; quad < step.quads; quad++, codes += 128, x += 4 * tokens) multiply_quad(tokens, codes, x, sum);
#pragma clang loop unroll(full)
  for (size_t t = 0; t < tokens; t++) {
#pragma clang loop unroll(full)
    for (size_t half = 0; half < 2; half++) {
      if (step.y)
        _mm512_mask_storeu_epi32(step.y + t * step.y_stride + 16 * half, (__mmask16)(rows >> (16 * half)),
                                 sum[t][half]);
      else
        _mm512_store_si512(step.sums + t * BL_GEMM_VNNI_ROWS + 16 * half, sum[t][half]);
    }
  }
}

#define TILE(tokens)                                             \
  static void multiply_tile_##tokens(const bl_gemm_step *step) { \
    multiply_tile(tokens, *step);                                \
  }
TILE(1)
TILE(2)
TILE(3)
TILE(4)
TILE(5)
TILE(6)
TILE(7)
TILE(8)
TILE(9)
TILE(10)
TILE(11)
TILE(12)

#undef TILE

const bl_gemm_engine bl_gemm_vnni = {
    .rows = BL_GEMM_VNNI_ROWS,
    .tokens = BL_GEMM_VNNI_TOKENS,
    .tile = {NULL, multiply_tile_1, multiply_tile_2, multiply_tile_3, multiply_tile_4, multiply_tile_5,
             multiply_tile_6, multiply_tile_7, multiply_tile_8, multiply_tile_9, multiply_tile_10,
             multiply_tile_11, multiply_tile_12},
};

BL_ALWAYS_INLINE __m512i load_natural(const int8_t *x, size_t columns) {
  return bl_load_first(x, columns);
}

void bl_gemm_vnni_prepare(const bl_prepare_task *task, int32_t zero_point) {
  bl_gemm_vnni_pack(task, bl_divide_up(task->k, 4), 64, zero_point, load_natural);
}

BL_TARGET_END
#endif
