// One to eight tokens times row-major packed weights with vpdpbusd: no panel, codes are made in registers and
// used at once.
//
//   row:      chunks of up to 64 bytes; decode() turns one into `vectors` vectors of 64 codes
//   x chunk:  [vector][64]: the activations that meet those codes, zeros where there is no weight
//   step:     4 rows x 1 to 4 tokens, or 2 rows x 5 to 8 tokens: at most 16 accumulators, so that a few rows
//             share the activations read from level 1 and all tokens share the decoding
//
// The rows of a step are far apart, each the next of a long stream of its own: prefetchers follow one stream
// a page, so neighbouring rows would share one and leave memory half idle.
//
// One token is most often decode, bound by memory; a packing may bring a better inner loop for it.
#ifndef BL_INT8_GEMV_VNNI_H
#define BL_INT8_GEMV_VNNI_H

#include "common/bl_int8_avx512.h"
#include "common/bl_int8_prepared.h"
#include "common/bl_weight_streams.h"

#if BL_X86
BL_TARGET_BEGIN_AVX512_VNNI

enum {
  BL_INT8_GEMV_ROWS = 4,
  BL_INT8_GEMV_TOKENS = 8,
  BL_INT8_GEMV_VECTORS = 8,  // most vectors of a chunk
};

// How the rows of a packing lie in memory.
typedef struct bl_int8_rows {
  size_t row_bytes;     // from one row to the next
  size_t stream_bytes;  // from one row of a step to the next: chosen by bl_int8_gemv_vnni
  size_t chunk_stride;  // from one chunk of a row to the next
  size_t chunk_bytes;   // to decode in every chunk but the last, at most 64
  size_t last_bytes;    // to decode in the last
  size_t chunks;        // of a row
} bl_int8_rows;

// The codes of a chunk as vectors of bytes.
typedef void (*bl_int8_decode)(__m512i chunk, __m512i *codes);

// total[r] = the codes of row r times one token, in sixteen parts.
typedef void (*bl_int8_one_token)(size_t rows, const bl_int8_rows *shape, const uint8_t *packed,
                                  const int8_t *x, __m512i *total);

// The inner loops of a packing; all inlined.
typedef struct bl_int8_row_loops {
  size_t most_tokens;  // worth it: more go to a panel. At most BL_INT8_GEMV_TOKENS
  size_t vectors;
  bl_int8_decode decode;
  bl_int8_one_token one_token;  // NULL: decode() does for one token too
} bl_int8_row_loops;

// total[t][r] = the codes of row r times token t, in sixteen parts.
BL_ALWAYS_INLINE void bl_int8_gemv_tokens(const bl_int8_row_loops loops, const size_t rows,
                                          const size_t tokens, const bl_int8_rows *shape,
                                          const uint8_t *packed, const int8_t *x,
                                          __m512i total[][BL_INT8_GEMV_ROWS]) {
  const size_t x_chunk = 64 * loops.vectors, token_bytes = shape->chunks * x_chunk;
  for (size_t chunk = 0; chunk < shape->chunks; chunk++, packed += shape->chunk_stride, x += x_chunk) {
    const __mmask64 bytes = bl_first_64(chunk + 1 < shape->chunks ? shape->chunk_bytes : shape->last_bytes);
    // Rows that share each load of x: two, as long as their codes fit the registers beside the sums.
    const size_t together = loops.vectors <= 5 && rows > 1 ? 2 : 1;
#pragma clang loop unroll(full)
    for (size_t first = 0; first < rows; first += together) {
      __m512i codes[2][BL_INT8_GEMV_VECTORS];
#pragma clang loop unroll(full)
      for (size_t r = 0; r < together; r++) {
        const uint8_t *row = packed + (first + r) * shape->stream_bytes;
        bl_prefetch_stream(row, rows);
        loops.decode(_mm512_maskz_loadu_epi8(bytes, row), codes[r]);
      }
#pragma clang loop unroll(full)
      for (size_t i = 0; i < loops.vectors; i++) {
#pragma clang loop unroll(full)
        for (size_t t = 0; t < tokens; t++) {
          const __m512i activations = _mm512_load_si512(x + t * token_bytes + 64 * i);
#pragma clang loop unroll(full)
          for (size_t r = 0; r < together; r++)
            total[t][first + r] = _mm512_dpbusd_epi32(total[t][first + r], codes[r][i], activations);
        }
      }
      // Read x again for the next rows: kept in registers it would push the sums out to memory.
      __asm__ volatile("" ::: "memory");
    }
  }
}

// y = start + (codes * x << scale_log2) for `rows` rows, `row_step` apart from `row` on.
BL_ALWAYS_INLINE void bl_int8_gemv_rows(const bl_int8_row_loops loops, const int scale_log2,
                                        const size_t rows, const size_t tokens, const bl_int8_rows *shape,
                                        const bl_multiply_task *task, size_t row, size_t row_step) {
  const uint8_t *packed = (const uint8_t *)task->packed + row * shape->row_bytes;
  const int8_t *x = bl_int8_activations(task->prepared, tokens);
  __m512i total[BL_INT8_GEMV_TOKENS][BL_INT8_GEMV_ROWS];
#pragma clang loop unroll(full)
  for (size_t t = 0; t < tokens; t++)
    for (size_t r = 0; r < BL_INT8_GEMV_ROWS; r++) total[t][r] = _mm512_setzero_si512();
  if (tokens == 1 && loops.one_token)
    loops.one_token(rows, shape, packed, x, total[0]);
  else
    bl_int8_gemv_tokens(loops, rows, tokens, shape, packed, x, total);
#pragma clang loop unroll(full)
  for (size_t t = 0; t < tokens; t++) {
    const __m128i sums =
        _mm_slli_epi32(bl_sum_4x16(total[t][0], total[t][1], total[t][2], total[t][3]), scale_log2);
    int32_t y[BL_INT8_GEMV_ROWS];
    _mm_storeu_si128((__m128i *)y, _mm_add_epi32(sums, _mm_set1_epi32(bl_int8_starts(task->prepared)[t])));
    for (size_t r = 0; r < rows; r++) ((int32_t *)task->y)[t * task->n + row + r * row_step] = y[r];
  }
}

BL_ALWAYS_INLINE void bl_int8_gemv_all_rows(const bl_int8_row_loops loops, const int scale_log2,
                                            const size_t tokens, bl_int8_rows shape,
                                            const bl_multiply_task *task) {
  const size_t rows = tokens <= 4 ? BL_INT8_GEMV_ROWS : 2;
  size_t row = task->n_begin;
  while (task->n_end - row >= rows) {
    const size_t stream_rows = bl_stream_rows((task->n_end - row) / rows, shape.row_bytes);
    shape.stream_bytes = stream_rows * shape.row_bytes;
    for (size_t i = 0; i < stream_rows; i++)
      bl_int8_gemv_rows(loops, scale_log2, rows, tokens, &shape, task, row + i, stream_rows);
    row += rows * stream_rows;
  }
  for (; row < task->n_end; row++) bl_int8_gemv_rows(loops, scale_log2, 1, tokens, &shape, task, row, 0);
}

// multiply() for task->m <= loops.most_tokens. Tokens lie in `prepared` one after the other, each of
// shape.chunks x chunks.
BL_ALWAYS_INLINE void bl_int8_gemv_vnni(const bl_int8_row_loops loops, const int scale_log2,
                                        const bl_int8_rows shape, const bl_multiply_task *task) {
  switch (task->m) {
#define BL_INT8_GEMV_CASE(tokens)                                                                   \
  case tokens:                                                                                      \
    if (tokens <= loops.most_tokens) bl_int8_gemv_all_rows(loops, scale_log2, tokens, shape, task); \
    break;
    BL_INT8_GEMV_CASE(1)
    BL_INT8_GEMV_CASE(2)
    BL_INT8_GEMV_CASE(3)
    BL_INT8_GEMV_CASE(4)
    BL_INT8_GEMV_CASE(5)
    BL_INT8_GEMV_CASE(6)
    BL_INT8_GEMV_CASE(7)
    BL_INT8_GEMV_CASE(8)
#undef BL_INT8_GEMV_CASE
  }
}

BL_TARGET_END
#endif
#endif
