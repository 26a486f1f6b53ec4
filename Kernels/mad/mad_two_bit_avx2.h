// i2s and tq2 with AVX2: both hold 128 columns in 32 bytes, byte p holding the four columns 32 apart, and
// differ in the order of the bits and in what lies between chunks.
//
//   one to four tokens:  mad_fields_avx2.h; x chunk = [field][32 columns], natural order for tq2, whose first
//                        columns are the lowest field, groups of 32 reversed in every 128 for i2s
//   more tokens:         common/bl_gemm_avx2.h; a 32-bit element of packed bytes is four neighbouring
//                        columns in each of its fields: transpose, shift and mask make panel vectors in
//                        natural order
#ifndef BL_MAD_TWO_BIT_AVX2_H
#define BL_MAD_TWO_BIT_AVX2_H

#include "common/bl_gemm_avx2.h"
#include "mad/mad_fields_avx2.h"
#include "mad/mad_two_bit.h"

#if BL_X86

static inline size_t bl_mad_two_bit_prepared_bytes_avx2(size_t m, size_t k) {
  return bl_int8_prepared_bytes(m, bl_round_up(k, 128));
}

BL_TARGET_BEGIN_AVX2

BL_ALWAYS_INLINE void bl_mad_two_bit_prepare_avx2(const bl_mad_two_bit_layout layout,
                                                  const bl_prepare_task *task) {
  const size_t k = task->k, token_bytes = bl_round_up(k, 128);
  if (task->m > BL_INT8_GEMV_AVX2_TOKENS) {
    bl_gemm_avx2_pack(task, bl_divide_up(k, 4), 32, 8, 1, bl_gemm_avx2_load_natural);
    return;
  }
  for (size_t token = task->m_begin; token < task->m_end; token++) {
    const int8_t *x = (const int8_t *)task->x + token * k;
    int8_t *out = bl_int8_activations(task->prepared, task->m) + token * token_bytes;
    for (size_t column = 0; column < token_bytes; column += 32) {
      const size_t group = column % 128 / 32, field = layout.high_first ? 3 - group : group;
      bl_copy_padded(x + bl_min(column, k), k - bl_min(column, k), 32, out + column / 128 * 128 + field * 32);
    }
    bl_int8_starts(task->prepared)[token] = -bl_sum_bytes_avx2(x, k);
  }
}

BL_ALWAYS_INLINE void bl_mad_two_bit_unpack_avx2(const bl_mad_two_bit_layout layout,
                                                 const bl_gemm_piece *piece) {
  const __m256i mask = _mm256_set1_epi8(3);
  for (size_t quad = piece->quad_begin; quad < piece->quad_end; quad += 32) {
    for (size_t i = 0; i < 8; i += 4) {
      uint8_t *panel = piece->panel + (quad - piece->quad_begin + i) * 64;
#pragma clang loop unroll(full)
      for (size_t half = 0; half < 2; half++) {
        __m256i v[4];
        bl_load_4x8(piece->row_begin + 8 * half, bl_mad_two_bit_run_bytes(layout, quad / 32) + i * 4, 4, v);
#pragma clang loop unroll(full)
        for (size_t group = 0; group < 4; group++) {
          const int shift = 2 * (int)(layout.high_first ? 3 - group : group);
#pragma clang loop unroll(full)
          for (size_t j = 0; j < 4; j++)
            _mm256_store_si256((__m256i *)(panel + (group * 8 + j) * 64 + half * 32),
                               _mm256_and_si256(_mm256_srli_epi32(v[j], shift), mask));
        }
      }
    }
  }
}

BL_ALWAYS_INLINE void bl_mad_two_bit_decode_avx2(__m256i chunk, __m256i *codes) {
  bl_mad_fields_decode_avx2(2, chunk, codes);
}

// multiply(); load() and one_token() are those of the packing, unpack() its bl_mad_two_bit_unpack_avx2.
BL_ALWAYS_INLINE void bl_mad_two_bit_multiply_avx2(const bl_mad_two_bit_layout layout,
                                                   const bl_int8_row_loops_avx2 loops,
                                                   void (*unpack)(const bl_gemm_piece *piece),
                                                   const bl_multiply_task *task) {
  const size_t k = task->k;
  if (task->m <= BL_INT8_GEMV_AVX2_TOKENS) {
    const bl_int8_rows_avx2 shape = {.row_bytes = layout.row_bytes(k), .chunks = bl_divide_up(k, 128)};
    bl_int8_gemv_avx2(loops, 0, shape, task);
  } else {
    const bl_gemm_weights weights = {
        .unpack = unpack,
        .quads = bl_divide_up(k, 4),
        .quad_step = 64,
        .panels = 1,
        .row_bytes = layout.row_bytes(k),
        .step_bytes = layout.chunk_stride,
    };
    bl_gemm_multiply(&bl_gemm_avx2, &weights, task);
  }
}

BL_TARGET_END
#endif
#endif
