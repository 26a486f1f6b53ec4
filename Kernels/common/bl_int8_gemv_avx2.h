// One to four tokens times row-major packed weights of codes 0..2 with AVX2: no panel, codes are made in
// registers and used at once.
//
//   row:      chunks of 32 bytes; decode() turns one into `vectors` vectors of 32 codes
//   x chunk:  [vector][32]: the activations that meet those codes, zeros where there is no weight
//   step:     4 rows x 1 token, or 2 rows x 2 to 4 tokens: at most 8 accumulators of 16 bits
//
// The rows of a step are far apart, each the next of a long stream of its own: prefetchers follow one stream
// a page, so neighbouring rows would share one and leave memory half idle.
//
// A pair of products is at most 2 * 2 * 128 in size, so 64 of them lie in -32768 .. 32512 before a sum is
// widened.
#ifndef BL_INT8_GEMV_AVX2_H
#define BL_INT8_GEMV_AVX2_H

#include "common/bl_int8_avx2.h"
#include "common/bl_int8_prepared.h"
#include "common/bl_weight_streams.h"

#if BL_X86
BL_TARGET_BEGIN_AVX2

enum {
  BL_INT8_GEMV_AVX2_ROWS = 4,
  BL_INT8_GEMV_AVX2_TOKENS = 4,  // more are worth a panel: bl_gemm_avx2.h
  BL_INT8_GEMV_AVX2_VECTORS = 8,
  BL_INT8_GEMV_AVX2_NARROW = 64,  // products of a 16-bit sum before it is widened
};

typedef struct bl_int8_rows_avx2 {
  size_t row_bytes;     // from one row to the next
  size_t stream_bytes;  // from one row of a step to the next: chosen by bl_int8_gemv_avx2
  size_t chunks;        // of a row
} bl_int8_rows_avx2;

// Chunk `chunk` of a row, zeros where it has no bytes.
typedef __m256i (*bl_int8_load_avx2)(const uint8_t *row, size_t chunk, const bl_int8_rows_avx2 *shape);

// The inner loops of a packing; all inlined.
typedef struct bl_int8_row_loops_avx2 {
  size_t vectors;
  bl_int8_load_avx2 load;
  void (*decode)(__m256i chunk, __m256i *codes);
  // NULL: decode() does for one token too. Else total[r] += the codes of row r times one token, in eight
  // parts.
  void (*one_token)(size_t rows, const bl_int8_rows_avx2 *shape, const uint8_t *packed, const int8_t *x,
                    __m256i *total);
  size_t one_token_rows;  // at a time, up to 4
} bl_int8_row_loops_avx2;

// total[t][r] += the codes of row r times token t, in eight parts.
BL_ALWAYS_INLINE void bl_int8_gemv_tokens_avx2(const bl_int8_row_loops_avx2 loops, const size_t rows,
                                               const size_t tokens, const bl_int8_rows_avx2 *shape,
                                               const uint8_t *packed, const int8_t *x,
                                               __m256i total[][BL_INT8_GEMV_AVX2_ROWS]) {
  const size_t x_chunk = 32 * loops.vectors, token_bytes = shape->chunks * x_chunk;
  for (size_t chunk = 0; chunk < shape->chunks;) {
    __m256i sum[BL_INT8_GEMV_AVX2_TOKENS][BL_INT8_GEMV_AVX2_ROWS];
#pragma clang loop unroll(full)
    for (size_t t = 0; t < tokens; t++)
      for (size_t r = 0; r < rows; r++) sum[t][r] = _mm256_setzero_si256();
    const size_t end = bl_min(chunk + BL_INT8_GEMV_AVX2_NARROW / loops.vectors, shape->chunks);
    for (; chunk < end; chunk++, x += x_chunk) {
#pragma clang loop unroll(full)
      for (size_t r = 0; r < rows; r++) {
        const uint8_t *row = packed + r * shape->stream_bytes;
        if (chunk % 2) bl_prefetch_stream(row + chunk * 32, rows);
        __m256i codes[BL_INT8_GEMV_AVX2_VECTORS];
        loops.decode(loops.load(row, chunk, shape), codes);
#pragma clang loop unroll(full)
        for (size_t i = 0; i < loops.vectors; i++) {
#pragma clang loop unroll(full)
          for (size_t t = 0; t < tokens; t++) {
            const __m256i activations = _mm256_loadu_si256((const __m256i *)(x + t * token_bytes + 32 * i));
            sum[t][r] = _mm256_add_epi16(sum[t][r], _mm256_maddubs_epi16(codes[i], activations));
          }
        }
        // Read x again for the next row: kept in registers it would push the sums out to memory.
        __asm__ volatile("" ::: "memory");
      }
    }
#pragma clang loop unroll(full)
    for (size_t t = 0; t < tokens; t++)
      for (size_t r = 0; r < rows; r++) total[t][r] = _mm256_add_epi32(total[t][r], bl_widen_avx2(sum[t][r]));
  }
}

// y = start + (codes * x << scale_log2) for `rows` rows, `row_step` apart from `row` on.
BL_ALWAYS_INLINE void bl_int8_gemv_rows_avx2(const bl_int8_row_loops_avx2 loops, const int scale_log2,
                                             const size_t rows, const size_t tokens,
                                             const bl_int8_rows_avx2 *shape, const bl_multiply_task *task,
                                             size_t row, size_t row_step) {
  const uint8_t *packed = (const uint8_t *)task->packed + row * shape->row_bytes;
  const int8_t *x = bl_int8_activations(task->prepared, tokens);
  __m256i total[BL_INT8_GEMV_AVX2_TOKENS][BL_INT8_GEMV_AVX2_ROWS];
#pragma clang loop unroll(full)
  for (size_t t = 0; t < tokens; t++)
    for (size_t r = 0; r < BL_INT8_GEMV_AVX2_ROWS; r++) total[t][r] = _mm256_setzero_si256();
  if (tokens == 1 && loops.one_token)
    loops.one_token(rows, shape, packed, x, total[0]);
  else
    bl_int8_gemv_tokens_avx2(loops, rows, tokens, shape, packed, x, total);
#pragma clang loop unroll(full)
  for (size_t t = 0; t < tokens; t++) {
    const __m128i sums =
        _mm_slli_epi32(bl_sum_4x8(total[t][0], total[t][1], total[t][2], total[t][3]), scale_log2);
    int32_t y[BL_INT8_GEMV_AVX2_ROWS];
    _mm_storeu_si128((__m128i *)y, _mm_add_epi32(sums, _mm_set1_epi32(bl_int8_starts(task->prepared)[t])));
    for (size_t r = 0; r < rows; r++) ((int32_t *)task->y)[t * task->n + row + r * row_step] = y[r];
  }
}

BL_ALWAYS_INLINE void bl_int8_gemv_all_rows_avx2(const bl_int8_row_loops_avx2 loops, const int scale_log2,
                                                 const size_t tokens, bl_int8_rows_avx2 shape,
                                                 const bl_multiply_task *task) {
  const size_t rows = tokens > 1 ? 2 : loops.one_token ? loops.one_token_rows : BL_INT8_GEMV_AVX2_ROWS;
  size_t row = task->n_begin;
  while (task->n_end - row >= rows) {
    const size_t stream_rows = bl_stream_rows((task->n_end - row) / rows, shape.row_bytes);
    shape.stream_bytes = stream_rows * shape.row_bytes;
    for (size_t i = 0; i < stream_rows; i++)
      bl_int8_gemv_rows_avx2(loops, scale_log2, rows, tokens, &shape, task, row + i, stream_rows);
    row += rows * stream_rows;
  }
  for (; row < task->n_end; row++) bl_int8_gemv_rows_avx2(loops, scale_log2, 1, tokens, &shape, task, row, 0);
}

// multiply() for task->m <= BL_INT8_GEMV_AVX2_TOKENS. Tokens lie in `prepared` one after the other, each of
// shape.chunks x chunks.
BL_ALWAYS_INLINE void bl_int8_gemv_avx2(const bl_int8_row_loops_avx2 loops, const int scale_log2,
                                        const bl_int8_rows_avx2 shape, const bl_multiply_task *task) {
  switch (task->m) {
    case 1:
      bl_int8_gemv_all_rows_avx2(loops, scale_log2, 1, shape, task);
      break;
    case 2:
      bl_int8_gemv_all_rows_avx2(loops, scale_log2, 2, shape, task);
      break;
    case 3:
      bl_int8_gemv_all_rows_avx2(loops, scale_log2, 3, shape, task);
      break;
    default:
      bl_int8_gemv_all_rows_avx2(loops, scale_log2, 4, shape, task);
  }
}

BL_TARGET_END
#endif
#endif
