// One to four tokens times row-major packed weights with sdot: no panel, weights are made in registers and
// used at once.
//
//   row:      chunks; decode() turns one into `vectors` vectors of 16 signed weights, or codes below 128
//   x:        in the order of those weights, zeros where there is none
//   step:     4 rows x 1 token, or 2 rows x 2 to 4 tokens: at most 8 accumulators beside 16 vectors of
//   weights
//
// The rows of a step are far apart, each the next of a long stream of its own: prefetchers follow one stream
// a page, so neighbouring rows would share one and leave memory half idle.
#ifndef BL_INT8_GEMV_NEON_H
#define BL_INT8_GEMV_NEON_H

#include "common/bl_int8_neon.h"
#include "common/bl_int8_prepared.h"

#if BL_ARM64
BL_TARGET_BEGIN_NEON_DOTPROD

enum {
  BL_INT8_GEMV_NEON_ROWS = 4,
  BL_INT8_GEMV_NEON_TOKENS = 4,  // more are worth a panel: bl_gemm_neon.h
  BL_INT8_GEMV_NEON_VECTORS = 8,
  BL_INT8_GEMV_NEON_PREFETCH_BYTES = 2048,
};

typedef struct bl_int8_rows_neon {
  size_t row_bytes;     // from one row to the next
  size_t stream_bytes;  // from one row of a step to the next: chosen by bl_int8_gemv_neon
  size_t chunks;        // of a row
} bl_int8_rows_neon;

// The inner loops of a packing; all inlined.
typedef struct bl_int8_row_loops_neon {
  size_t vectors;
  void (*decode)(const uint8_t *row, size_t chunk, int8x16_t *weights);
  // NULL: decode() does for one token too. Else total[r] += the weights of row r times one token, in four
  // parts.
  void (*one_token)(size_t rows, const bl_int8_rows_neon *shape, const uint8_t *packed, const int8_t *x,
                    int32x4_t *total);
} bl_int8_row_loops_neon;

BL_ALWAYS_INLINE void bl_int8_prefetch_neon(const uint8_t *row) {
  __builtin_prefetch(row + BL_INT8_GEMV_NEON_PREFETCH_BYTES, 0, 3);
}

// total[t][r] += the weights of row r times token t, in four parts.
BL_ALWAYS_INLINE void bl_int8_gemv_tokens_neon(const bl_int8_row_loops_neon loops, const size_t rows,
                                               const size_t tokens, const bl_int8_rows_neon *shape,
                                               const uint8_t *packed, const int8_t *x,
                                               int32x4_t total[][BL_INT8_GEMV_NEON_ROWS]) {
  const size_t x_chunk = 16 * loops.vectors, token_bytes = shape->chunks * x_chunk;
  // Rows that share each load of x: two, so that their weights fit the registers beside the sums.
  const size_t together = rows > 1 ? 2 : 1;
  for (size_t chunk = 0; chunk < shape->chunks; chunk++, x += x_chunk) {
    BL_UNROLL
    for (size_t first = 0; first < rows; first += together) {
      int8x16_t weights[2][BL_INT8_GEMV_NEON_VECTORS];
      BL_UNROLL
      for (size_t r = 0; r < together; r++)
        loops.decode(packed + (first + r) * shape->stream_bytes, chunk, weights[r]);
      BL_UNROLL
      for (size_t i = 0; i < loops.vectors; i++) {
        BL_UNROLL
        for (size_t t = 0; t < tokens; t++) {
          const int8x16_t activations = vld1q_s8(x + t * token_bytes + 16 * i);
          BL_UNROLL
          for (size_t r = 0; r < together; r++)
            total[t][first + r] = vdotq_s32(total[t][first + r], weights[r][i], activations);
        }
      }
    }
  }
}

// y = start + weights * x for `rows` rows, `row_step` apart from `row` on.
BL_ALWAYS_INLINE void bl_int8_gemv_rows_neon(const bl_int8_row_loops_neon loops, const size_t rows,
                                             const size_t tokens, const bl_int8_rows_neon *shape,
                                             const bl_multiply_task *task, size_t row, size_t row_step) {
  const uint8_t *packed = (const uint8_t *)task->packed + row * shape->row_bytes;
  const int8_t *x = bl_int8_activations(task->prepared, tokens);
  int32x4_t total[BL_INT8_GEMV_NEON_TOKENS][BL_INT8_GEMV_NEON_ROWS];
  BL_UNROLL
  for (size_t t = 0; t < tokens; t++)
    for (size_t r = 0; r < BL_INT8_GEMV_NEON_ROWS; r++) total[t][r] = vdupq_n_s32(0);
  if (tokens == 1 && loops.one_token)
    loops.one_token(rows, shape, packed, x, total[0]);
  else
    bl_int8_gemv_tokens_neon(loops, rows, tokens, shape, packed, x, total);
  BL_UNROLL
  for (size_t t = 0; t < tokens; t++) {
    const int32x4_t sums = bl_sum_4x4_neon(total[t][0], total[t][1], total[t][2], total[t][3]);
    int32_t y[BL_INT8_GEMV_NEON_ROWS];
    vst1q_s32(y, vaddq_s32(sums, vdupq_n_s32(bl_int8_starts(task->prepared)[t])));
    for (size_t r = 0; r < rows; r++) ((int32_t *)task->y)[t * task->n + row + r * row_step] = y[r];
  }
}

BL_ALWAYS_INLINE void bl_int8_gemv_all_rows_neon(const bl_int8_row_loops_neon loops, const size_t tokens,
                                                 bl_int8_rows_neon shape, const bl_multiply_task *task) {
  const size_t rows = tokens == 1 ? BL_INT8_GEMV_NEON_ROWS : 2;
  const size_t row_step = (task->n_end - task->n_begin) / rows;
  shape.stream_bytes = row_step * shape.row_bytes;
  for (size_t i = 0; i < row_step; i++)
    bl_int8_gemv_rows_neon(loops, rows, tokens, &shape, task, task->n_begin + i, row_step);
  for (size_t row = task->n_begin + rows * row_step; row < task->n_end; row++)
    bl_int8_gemv_rows_neon(loops, 1, tokens, &shape, task, row, 0);
}

// multiply() for task->m <= BL_INT8_GEMV_NEON_TOKENS. Tokens lie in `prepared` one after the other, each of
// shape.chunks times 16 * loops.vectors bytes.
BL_ALWAYS_INLINE void bl_int8_gemv_neon(const bl_int8_row_loops_neon loops, const bl_int8_rows_neon shape,
                                        const bl_multiply_task *task) {
  switch (task->m) {
    case 1:
      bl_int8_gemv_all_rows_neon(loops, 1, shape, task);
      break;
    case 2:
      bl_int8_gemv_all_rows_neon(loops, 2, shape, task);
      break;
    case 3:
      bl_int8_gemv_all_rows_neon(loops, 3, shape, task);
      break;
    default:
      bl_int8_gemv_all_rows_neon(loops, 4, shape, task);
  }
}

// prepare() for so few tokens: each in natural order, padded with zeros to `token_bytes`, a multiple of 16.
BL_ALWAYS_INLINE void bl_int8_gemv_neon_prepare(const bl_prepare_task *task, size_t token_bytes,
                                                int32_t zero_point) {
  const size_t k = task->k;
  for (size_t token = task->m_begin; token < task->m_end; token++) {
    const int8_t *x = (const int8_t *)task->x + token * k;
    int8_t *out = bl_int8_activations(task->prepared, task->m) + token * token_bytes;
    memcpy(out, x, k);
    memset(out + k, 0, token_bytes - k);
    bl_int8_starts(task->prepared)[token] = -zero_point * bl_sum_bytes_neon(x, k);
  }
}

BL_TARGET_END
#endif
#endif
