// What a transformer computes besides its linear layers: norms, rotary embedding, attention over a 16-bit
// cache, activation functions, and products with rows as model files store them (embedding and LM head).
//
// All of it works on the part of the data that a call names, so that workers share the work by calling with
// disjoint parts. Nothing here allocates, starts threads or calls libc in a hot loop. `isa` bounds the
// instructions used, as a BL_ISA_... mask that must be in bl_cpu_isa(). Buffers of floats need no alignment.
#ifndef BITLAB_TRANSFORMER_H
#define BITLAB_TRANSFORMER_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Element types of stored rows. Values are the type numbers of GGUF files.
typedef enum bl_row_type {
  BL_ROWS_FLOAT32 = 0,
  BL_ROWS_FLOAT16 = 1,
  BL_ROWS_Q4_0 = 2,
  BL_ROWS_Q8_0 = 8,
  BL_ROWS_Q6_K = 14,
  BL_ROWS_BFLOAT16 = 30,
} bl_row_type;

// y[row] = sum over k of rows[row][k] * x[k], for row_begin <= row < row_end, in float. Rows are contiguous;
// k is a whole number of blocks of the type. Nothing is read past the last row. As fast as the rows can be
// read.
void bl_multiply_rows(uint32_t isa, bl_row_type type, size_t k, size_t row_begin, size_t row_end,
                      const void *rows, const float *x, float *y);

// y[k] = the values of one row, exactly for the floating-point types, else as the type's definition rounds in
// float.
void bl_widen_row(uint32_t isa, bl_row_type type, size_t k, const void *row, float *y);

// y[i] = x[i] * weight[i] / sqrt(mean of x[i]^2 + epsilon) (arXiv 1910.07467). x and y may be the same
// memory.
void bl_rms_norm(uint32_t isa, size_t count, const float *x, const float *weight, float epsilon, float *y);

// y[i] += x[i].
void bl_add(uint32_t isa, size_t count, const float *x, float *y);

// y[i] = max(gate[i], 0)^2 * up[i]. y may be gate or up.
void bl_gate_squared_relu(uint32_t isa, size_t count, const float *gate, const float *up, float *y);

// y[i] = gate[i] / (1 + exp(-gate[i])) * up[i], relative error of the factor below 2^-20; for gates up to
// -87, where it is below 2^-125, it is 0. y may be gate or up.
void bl_gate_silu(uint32_t isa, size_t count, const float *gate, const float *up, float *y);

// Which elements of a head are turned together.
typedef enum bl_rotary_pairs {
  BL_ROTARY_HALVES = 0,      // i and i + dimension / 2
  BL_ROTARY_NEIGHBOURS = 1,  // 2i and 2i + 1
} bl_rotary_pairs;

// Turns pair i of each of `heads` contiguous heads of `dimension` (even) elements by the angle whose cosine
// and sine are given: (a, b) becomes (a cos - b sin, b cos + a sin) (arXiv 2104.09864).
void bl_rotate(uint32_t isa, bl_rotary_pairs pairs, size_t heads, size_t dimension, const float *cosines,
               const float *sines, float *x);

// y[i] = x[i] as IEEE binary16, to nearest, ties to even.
void bl_narrow_float16(uint32_t isa, size_t count, const float *x, uint16_t *y);

// Causal attention of `queries` consecutive tokens, for `heads` query heads that share one head of keys and
// values.
typedef struct bl_attention_task {
  size_t queries;         // tokens
  size_t first_position;  // of the first of them: token t attends to positions 0 ... first_position + t
  size_t heads;           // query heads of this call, neighbours in q and y
  size_t dimension;       // of a head
  const float *q;         // q[t * q_stride + head * dimension + i]
  size_t q_stride;
  const uint16_t *keys;    // binary16, keys[position * cache_stride + i]
  const uint16_t *values;  // binary16, likewise
  size_t cache_stride;
  float scale;  // of the products before the softmax: 1 / sqrt(dimension)
  float *y;     // y[t * y_stride + head * dimension + i]; not the memory of q
  size_t y_stride;
  void *workspace;  // bl_attention_workspace_bytes(), at a multiple of 64, private to this call
} bl_attention_task;

// Enough for every task with at most so many queries and heads of this dimension.
size_t bl_attention_workspace_bytes(size_t queries, size_t heads, size_t dimension);

// y = softmax(scale * q . keys) . values for every token and head, in float. Nothing is read behind position
// first_position + queries - 1; up to there values must be finite even for tokens that do not attend to them.
void bl_attend(uint32_t isa, const bl_attention_task *task);

#ifdef __cplusplus
}
#endif
#endif
