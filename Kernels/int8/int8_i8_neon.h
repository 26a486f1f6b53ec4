// The dense int8 baseline with NEON. sdot and smmla take two signed operands, so weights are used as they
// are.
//
//   few tokens:   common/bl_int8_gemv_neon.h, x in natural order, padded to 64 columns
//   more tokens:  common/bl_gemm_neon.h, 16 rows transposed once to a panel
#ifndef BL_INT8_I8_NEON_H
#define BL_INT8_I8_NEON_H

#include "common/bl_gemm_neon.h"
#include "common/bl_int8_gemv_neon.h"
#include "int8/int8_cost.h"

#if BL_ARM64
BL_TARGET_BEGIN_NEON_DOTPROD

enum { BL_INT8_NEON_CHUNK_BYTES = 64 };  // the padding of a row

static inline size_t bl_int8_neon_token_bytes(size_t m, size_t k, size_t unit_quads) {
  return m <= BL_INT8_GEMV_NEON_TOKENS ? bl_i8_row_bytes(k)
                                       : 4 * bl_gemm_neon_quads(bl_divide_up(k, 4), unit_quads);
}

static inline size_t bl_int8_neon_prepared_bytes(const bl_gemm_neon_engine engine, size_t m, size_t k) {
  return bl_int8_prepared_bytes(m, bl_int8_neon_token_bytes(m, k, engine.unit_quads));
}

BL_ALWAYS_INLINE void bl_int8_neon_prepare(const bl_gemm_neon_engine engine, const bl_prepare_task *task) {
  const size_t token_bytes = bl_int8_neon_token_bytes(task->m, task->k, engine.unit_quads);
  if (task->m <= BL_INT8_GEMV_NEON_TOKENS)
    bl_int8_gemv_neon_prepare(task, token_bytes, 0);
  else
    bl_gemm_neon_pack(task, engine, token_bytes / 4, 16, 4, 0, bl_gemm_neon_load_natural);
}

BL_ALWAYS_INLINE void bl_int8_neon_decode(const uint8_t *row, size_t chunk, int8x16_t *weights) {
  const uint8_t *bytes = row + chunk * BL_INT8_NEON_CHUNK_BYTES;
  bl_int8_prefetch_neon(bytes);
  for (size_t i = 0; i < 4; i++) weights[i] = vreinterpretq_s8_u8(vld1q_u8(bytes + 16 * i));
}

BL_ALWAYS_INLINE void bl_int8_neon_unpack(const size_t unit_quads, const bl_gemm_piece *piece) {
  for (size_t quad = piece->quad_begin; quad < piece->quad_end; quad += 4) {
    uint8_t *panel = piece->panel + (quad - piece->quad_begin) * 4 * BL_GEMM_NEON_ROWS;
    BL_UNROLL
    for (size_t row = 0; row < BL_GEMM_NEON_ROWS; row += 4) {
      uint8x16_t v[4];
      bl_load_4x4_neon(piece->row_begin + row, quad * 4, v);
      bl_gemm_neon_store_4x4(unit_quads, panel, row, v);
    }
  }
}

BL_ALWAYS_INLINE void bl_int8_neon_multiply(const bl_gemm_neon_engine engine,
                                            void (*unpack)(const bl_gemm_piece *piece),
                                            const bl_multiply_task *task) {
  const size_t k = task->k, row_bytes = bl_i8_row_bytes(k);
  if (task->m <= BL_INT8_GEMV_NEON_TOKENS) {
    const bl_int8_rows_neon shape = {.row_bytes = row_bytes, .chunks = row_bytes / BL_INT8_NEON_CHUNK_BYTES};
    bl_int8_gemv_neon((bl_int8_row_loops_neon){4, bl_int8_neon_decode, NULL}, shape, task);
  } else {
    const bl_gemm_weights weights = {
        .unpack = unpack,
        .quads = bl_gemm_neon_quads(bl_divide_up(k, 4), engine.unit_quads),
        .quad_step = 16,
        .panels = 1,
        .row_bytes = row_bytes,
        .step_bytes = BL_INT8_NEON_CHUNK_BYTES,
    };
    bl_gemm_multiply(engine.engine, &weights, task);
  }
}

static inline size_t bl_int8_neon_workspace_bytes(const bl_gemm_neon_engine engine, size_t m) {
  return m <= BL_INT8_GEMV_NEON_TOKENS ? 0 : bl_gemm_workspace_bytes(engine.engine, 1, m);
}

BL_TARGET_END
#endif
#endif
