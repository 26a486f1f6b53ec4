// Which level a call of bitlab_transformer.h goes to.
#include "common/bl_target.h"
#include "include/bitlab_kernels.h"
#include "transformer/attention_workspace.h"
#include "transformer/levels.h"

static const bl_transformer_level *level_for(uint32_t isa) {
#if BL_X86
  if (isa & BL_ISA_AVX512) return &bl_transformer_avx512;
  if (isa & BL_ISA_AVX2) return &bl_transformer_avx2;
#else
  (void)isa;
#endif
  return &bl_transformer_scalar;
}

void bl_multiply_rows(uint32_t isa, bl_row_type type, size_t k, size_t row_begin, size_t row_end,
                      const void *rows, const float *x, float *y) {
  level_for(isa)->multiply_rows(type, k, row_begin, row_end, rows, x, y);
}

void bl_widen_row(uint32_t isa, bl_row_type type, size_t k, const void *row, float *y) {
  level_for(isa)->widen_row(type, k, row, y);
}

void bl_rms_norm(uint32_t isa, size_t count, const float *x, const float *weight, float epsilon, float *y) {
  level_for(isa)->rms_norm(count, x, weight, epsilon, y);
}

void bl_add(uint32_t isa, size_t count, const float *x, float *y) {
  level_for(isa)->add(count, x, y);
}

void bl_gate_squared_relu(uint32_t isa, size_t count, const float *gate, const float *up, float *y) {
  level_for(isa)->gate_squared_relu(count, gate, up, y);
}

void bl_gate_silu(uint32_t isa, size_t count, const float *gate, const float *up, float *y) {
  level_for(isa)->gate_silu(count, gate, up, y);
}

void bl_rotate(uint32_t isa, bl_rotary_pairs pairs, size_t heads, size_t dimension, const float *cosines,
               const float *sines, float *x) {
  level_for(isa)->rotate(pairs, heads, dimension, cosines, sines, x);
}

void bl_narrow_float16(uint32_t isa, size_t count, const float *x, uint16_t *y) {
  level_for(isa)->narrow_float16(count, x, y);
}

size_t bl_attention_workspace_bytes(size_t queries, size_t heads, size_t dimension) {
  return bl_attention_layout_of(queries * heads, dimension).bytes;
}

void bl_attend(uint32_t isa, const bl_attention_task *task) {
  level_for(isa)->attend(task);
}
