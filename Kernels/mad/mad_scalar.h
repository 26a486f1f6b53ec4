// The portable mad kernels: every row is unpacked once to weights of one byte, in the workspace, and then
// multiplied with all tokens. The inner loops are plain C that any compiler turns into vectors.
#ifndef BL_MAD_SCALAR_H
#define BL_MAD_SCALAR_H

#include "common/bl_count.h"
#include "common/bl_int8_prepared.h"
#include "mad/mad_cost.h"

#include <string.h>

// Copies the tokens, `token_bytes` apart, and takes their sums.
static inline void bl_mad_scalar_prepare(const bl_prepare_task *task, size_t token_bytes,
                                         int32_t zero_point) {
  const size_t k = task->k;
  for (size_t token = task->m_begin; token < task->m_end; token++) {
    const int8_t *x = (const int8_t *)task->x + token * k;
    int32_t sum = 0;
    for (size_t i = 0; i < k; i++) sum += x[i];
    BL_COUNT(adds, k);
    bl_int8_starts(task->prepared)[token] = -zero_point * sum;
    memcpy(bl_int8_activations(task->prepared, task->m) + token * token_bytes, x, k);
  }
}

// Products of codes up to 2 are at most 256 in size, so 64 of them add up in 16 bits: portable C then keeps
// twice the lanes in a vector.
static inline int32_t bl_mad_scalar_dot(const uint8_t *codes, const int8_t *x, size_t k) {
  enum { BLOCK = 64 };
  int32_t sum = 0;
  size_t i = 0;
  for (; i + BLOCK <= k; i += BLOCK) {
    int16_t part = 0;
    for (size_t j = 0; j < BLOCK; j++) part = (int16_t)(part + (int16_t)(codes[i + j] * x[i + j]));
    sum += part;
  }
  for (; i < k; i++) sum += codes[i] * x[i];
  BL_COUNT(multiplies, k);
  BL_COUNT(adds, k);
  return sum;
}

// unpack(task, row, codes) writes the codes of a row into the workspace, which holds them with their padding.
static inline void bl_mad_scalar_multiply(const bl_multiply_task *task, size_t token_bytes,
                                          void (*unpack)(const bl_multiply_task *task, size_t row,
                                                         uint8_t *codes)) {
  const size_t k = task->k;
  uint8_t *codes = task->workspace;
  for (size_t row = task->n_begin; row < task->n_end; row++) {
    unpack(task, row, codes);
    for (size_t token = 0; token < task->m; token++) {
      const int8_t *x = bl_int8_activations(task->prepared, task->m) + token * token_bytes;
      ((int32_t *)task->y)[token * task->n + row] =
          bl_int8_starts(task->prepared)[token] + bl_mad_scalar_dot(codes, x, k);
      BL_COUNT(adds, 1);
    }
  }
}

#endif
