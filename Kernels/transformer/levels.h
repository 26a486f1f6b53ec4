// One table of functions for each instruction set level. Every level is compiled from the same templates
// (norm.h, gates.h, elementwise.h, rotary.h, rows.h, attention.h) over its own vectors (vectors_scalar.h,
// vectors_avx2.h, vectors_avx512.h). The functions' contracts are in include/bitlab_transformer.h.
#ifndef BL_TRANSFORMER_LEVELS_H
#define BL_TRANSFORMER_LEVELS_H

#include "include/bitlab_transformer.h"

typedef struct bl_transformer_level {
  void (*multiply_rows)(bl_row_type type, size_t k, size_t row_begin, size_t row_end, const void *rows,
                        const float *x, float *y);
  void (*widen_row)(bl_row_type type, size_t k, const void *row, float *y);
  void (*rms_norm)(size_t count, const float *x, const float *weight, float epsilon, float *y);
  void (*add)(size_t count, const float *x, float *y);
  void (*gate_squared_relu)(size_t count, const float *gate, const float *up, float *y);
  void (*gate_silu)(size_t count, const float *gate, const float *up, float *y);
  void (*rotate)(bl_rotary_pairs pairs, size_t heads, size_t dimension, const float *cosines,
                 const float *sines, float *x);
  void (*narrow_float16)(size_t count, const float *x, uint16_t *y);
  void (*attend)(const bl_attention_task *task);
} bl_transformer_level;

extern const bl_transformer_level bl_transformer_scalar, bl_transformer_avx2, bl_transformer_avx512;

#endif
