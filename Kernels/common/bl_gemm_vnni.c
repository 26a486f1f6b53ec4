#include "common/bl_gemm_vnni.h"

#include <stdbool.h>
#include <string.h>

#if BL_X86
BL_TARGET_BEGIN_AVX512_VNNI

enum { ENDING_QUADS = 2 };

BL_ALWAYS_INLINE __m512i broadcast_quad(const int8_t *x) {
  int32_t four;
  memcpy(&four, x, sizeof four);
  return _mm512_set1_epi32(four);
}

BL_ALWAYS_INLINE void multiply_quad(const size_t tokens, const uint8_t *codes, const int8_t *x,
                                    __m512i sum[][2]) {
  const __m512i low = _mm512_load_si512(codes), high = _mm512_load_si512(codes + 64);
#pragma clang loop unroll(full)
  for (size_t t = 0; t < tokens; t++) {
    const __m512i broadcast = broadcast_quad(x + 4 * t);
    sum[t][0] = _mm512_dpbusd_epi32(sum[t][0], low, broadcast);
    sum[t][1] = _mm512_dpbusd_epi32(sum[t][1], high, broadcast);
  }
}

// Where the sums of a tile go: y on the last step, else the sums that the next step goes on from.
typedef struct destination {
  int32_t *sums;
  size_t stride;  // from one token to the next
  uint32_t rows;  // a bit for each that exists
} destination;

static inline destination destination_of(const bl_gemm_step *step) {
  if (!step->y) return (destination){step->sums, BL_GEMM_VNNI_ROWS, UINT32_MAX};
  return (destination){step->y, step->y_stride, (uint32_t)(((uint64_t)1 << step->y_rows) - 1)};
}

// The last quads of a tile, token by token, so that a token's stores fall between the multiplications of the
// next: 24 stores in a row fill the queues before the vector units, which then idle until all are through.
BL_ALWAYS_INLINE void end_tile(const size_t tokens, const size_t quads, const bool all_rows,
                               const uint8_t *codes, const int8_t *x, destination to, __m512i sum[][2]) {
  __m512i low[ENDING_QUADS], high[ENDING_QUADS];
#pragma clang loop unroll(full)
  for (size_t quad = 0; quad < quads; quad++) {
    low[quad] = _mm512_load_si512(codes + quad * 128);
    high[quad] = _mm512_load_si512(codes + quad * 128 + 64);
  }
#pragma clang loop unroll(full)
  for (size_t t = 0; t < tokens; t++, to.sums += to.stride) {
#pragma clang loop unroll(full)
    for (size_t quad = 0; quad < quads; quad++) {
      const __m512i broadcast = broadcast_quad(x + 4 * (quad * tokens + t));
      sum[t][0] = _mm512_dpbusd_epi32(sum[t][0], low[quad], broadcast);
      sum[t][1] = _mm512_dpbusd_epi32(sum[t][1], high[quad], broadcast);
    }
    if (all_rows) {
      _mm512_storeu_si512(to.sums, sum[t][0]);
      _mm512_storeu_si512(to.sums + 16, sum[t][1]);
    } else {
      _mm512_mask_storeu_epi32(to.sums, (__mmask16)to.rows, sum[t][0]);
      _mm512_mask_storeu_epi32(to.sums + 16, (__mmask16)(to.rows >> 16), sum[t][1]);
    }
    __asm__ volatile("" ::: "memory");  // keeps the order
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
  const destination to = destination_of(&step);
  const size_t quads = step.quads - bl_min(step.quads, ENDING_QUADS);  // before the ending
  // Results go to as many pages as there are tokens, where no prefetcher of the core expects them: each line
  // is asked for while the first columns are multiplied, a token's lines with one quad.
  const size_t results = step.y ? bl_min(tokens, quads) : 0;
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
  for (size_t line = next.begin; line < next.end && quad < quads;
       line++, quad++, codes += 128, x += 4 * tokens) {
    _mm_prefetch((const char *)next.rows[line % BL_GEMM_VNNI_ROWS] + next.offset +
                     line / BL_GEMM_VNNI_ROWS * BL_GEMM_LINE_BYTES,
                 _MM_HINT_T0);
    multiply_quad(tokens, codes, x, sum);
  }
  for (; quad < quads; quad++, codes += 128, x += 4 * tokens) multiply_quad(tokens, codes, x, sum);
  if (step.quads < ENDING_QUADS)
    end_tile(tokens, 1, false, codes, x, to, sum);
  else if (to.rows == UINT32_MAX)
    end_tile(tokens, ENDING_QUADS, true, codes, x, to, sum);
  else
    end_tile(tokens, ENDING_QUADS, false, codes, x, to, sum);
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
