// i2s and tq2 with vpdpbusd: both hold 256 columns in 64 bytes, byte p of the two runs of 32 holding the four
// columns 32 apart, and differ in the order of the bits and in what lies between chunks.
//
//   one to eight tokens: mad_fields_vnni.h; x in the order of the fields
//                        x chunk = [field][columns 32 g .. 32 g + 31 of run 0 | the same of run 1], g = group
//                        of the field
//   more tokens:         common/bl_gemm_vnni.h; a 32-bit element of packed bytes is four neighbouring columns
//                        in each of its four fields, so a 16 x 16 transpose followed by shift and mask makes
//                        panel vectors in natural order
#ifndef BL_MAD_TWO_BIT_VNNI_H
#define BL_MAD_TWO_BIT_VNNI_H

#include "common/bl_gemm_vnni.h"
#include "mad/mad_fields_vnni.h"
#include "mad/mad_two_bit.h"

#if BL_X86

enum { BL_MAD_TWO_BIT_TOKENS = 8 };  // most that are multiplied without a panel

// Bytes of one prepared token of few: whole runs of 256 columns, zeros past k.
static inline size_t bl_mad_two_bit_activation_bytes(size_t k) {
  return bl_round_up(k, 256);
}

BL_TARGET_BEGIN_AVX512_VNNI

// Tokens begin..end in field order, with their starts.
BL_ALWAYS_INLINE void bl_mad_two_bit_prepare_fields(const bl_mad_two_bit_layout layout,
                                                    const bl_prepare_task *task) {
  const size_t k = task->k, token_bytes = bl_mad_two_bit_activation_bytes(k);
  for (size_t token = task->m_begin; token < task->m_end; token++) {
    const int8_t *x = (const int8_t *)task->x + token * k;
    int8_t *out = bl_int8_activations(task->prepared, task->m) + token * token_bytes;
    __m512i sum = _mm512_setzero_si512();
    for (size_t column = 0; column < k; column += 256, out += 256) {
      // Natural order in, two runs of 128: groups 0 1 | 2 3 of run 0, groups 0 1 | 2 3 of run 1.
      __m512i natural[4];
      for (size_t i = 0; i < 4; i++) {
        const size_t first = column + 64 * i;
        natural[i] = first < k ? bl_load_first(x + first, k - first) : _mm512_setzero_si512();
        sum = _mm512_dpbusd_epi32(sum, _mm512_set1_epi8(1), natural[i]);
      }
      for (size_t group = 0; group < 4; group++) {
        const __m512i a = natural[group / 2], b = natural[2 + group / 2];
        const __m512i both = group % 2 ? _mm512_shuffle_i64x2(a, b, 0xee) : _mm512_shuffle_i64x2(a, b, 0x44);
        _mm512_store_si512(out + 64 * (layout.high_first ? 3 - group : group), both);
      }
    }
    bl_int8_starts(task->prepared)[token] = -_mm512_reduce_add_epi32(sum);
  }
}

BL_ALWAYS_INLINE void bl_mad_two_bit_prepare(const bl_mad_two_bit_layout layout,
                                             const bl_prepare_task *task) {
  if (task->m <= BL_MAD_TWO_BIT_TOKENS)
    bl_mad_two_bit_prepare_fields(layout, task);
  else
    bl_gemm_vnni_prepare(task, 1);
}

BL_ALWAYS_INLINE void bl_mad_two_bit_unpack(const bl_mad_two_bit_layout layout, const bl_gemm_piece *piece) {
  const size_t k = piece->task->k, chunks = bl_divide_up(k, 256);
  const __m512i mask = _mm512_set1_epi8(3);
  for (size_t quad = piece->quad_begin; quad < piece->quad_end; quad += 64) {
    const size_t chunk = quad / 64;
    const size_t bytes = chunk + 1 < chunks ? 64 : bl_mad_two_bit_last_bytes(layout, k);
    for (size_t run = 0; run < bytes / 32; run++) {
      uint8_t *panel = piece->panel + (quad - piece->quad_begin + 32 * run) * 128;
#pragma clang loop unroll(full)
      for (size_t half = 0; half < 2; half++) {
        __m512i v[8];
        bl_load_8x16(piece->row_begin + 16 * half, chunk * layout.chunk_stride + 32 * run, v);
#pragma clang loop unroll(full)
        for (size_t group = 0; group < 4; group++) {
          const unsigned shift = 2 * (unsigned)(layout.high_first ? 3 - group : group);
#pragma clang loop unroll(full)
          for (size_t j = 0; j < 8; j++)
            _mm512_store_si512(panel + (group * 8 + j) * 128 + half * 64,
                               _mm512_and_si512(_mm512_srli_epi32(v[j], shift), mask));
        }
      }
    }
  }
}

BL_ALWAYS_INLINE void bl_mad_two_bit_decode(__m512i chunk, __m512i *codes) {
  bl_mad_fields_decode(2, chunk, codes);
}

BL_ALWAYS_INLINE void bl_mad_two_bit_one_token(size_t rows, const bl_int8_rows *shape, const uint8_t *packed,
                                               const int8_t *x, __m512i *total) {
  bl_mad_fields_one_token(2, rows, shape, packed, x, total);
}

BL_ALWAYS_INLINE void bl_mad_two_bit_multiply(const bl_mad_two_bit_layout layout,
                                              const bl_multiply_task *task,
                                              void (*unpack)(const bl_gemm_piece *piece)) {
  const size_t k = task->k;
  if (task->m <= BL_MAD_TWO_BIT_TOKENS) {
    const bl_int8_rows shape = {
        .row_bytes = layout.row_bytes(k),
        .chunk_stride = layout.chunk_stride,
        .chunk_bytes = 64,
        .last_bytes = bl_mad_two_bit_last_bytes(layout, k),
        .chunks = bl_divide_up(k, 256),
    };
    const bl_int8_row_loops loops = {BL_MAD_TWO_BIT_TOKENS, 4, bl_mad_two_bit_decode,
                                     bl_mad_two_bit_one_token};
    bl_int8_gemv_vnni(loops, 0, shape, task);
  } else {
    const bl_gemm_weights weights = {
        .unpack = unpack,
        .quads = bl_divide_up(k, 4),
        .quad_step = 64,
        .panels = 1,
        .row_bytes = layout.row_bytes(k),
        .step_bytes = layout.chunk_stride,
    };
    bl_gemm_multiply(&bl_gemm_vnni, &weights, task);
  }
}

BL_TARGET_END
#endif
#endif
