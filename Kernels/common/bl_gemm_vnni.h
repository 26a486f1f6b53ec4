// The engine of bl_gemm.h for vpdpbusd: unsigned codes of weights times signed activations.
//
//   one step:  32 rows = 2 vectors of codes    x    up to 12 tokens, each quad broadcast to all lanes
//              24 accumulators of 16 int32: each vector loaded is used 12 times, each broadcast twice
//
// The multipliers are the bound: 2 T multiply instructions need only T + 2 loads.
#ifndef BL_GEMM_VNNI_H
#define BL_GEMM_VNNI_H

#include "common/bl_gemm.h"
#include "common/bl_int8_avx512.h"

#if BL_X86

enum { BL_GEMM_VNNI_ROWS = 32, BL_GEMM_VNNI_TOKENS = 12 };

extern const bl_gemm_engine bl_gemm_vnni;

// prepare() for quads of four neighbouring columns: quads = ceil(k / 4), start = -zero_point * sum(x).
void bl_gemm_vnni_prepare(const bl_prepare_task *task, int32_t zero_point);

BL_TARGET_BEGIN_AVX512_VNNI

// prepare() for any order of columns. load(x, columns) gives the next quads of a token, zeros where a column
// is past the `columns` that are left, from the next `load_columns` columns, load_columns / 4 <= 16 quads.
BL_ALWAYS_INLINE void bl_gemm_vnni_pack(const bl_prepare_task *task, size_t quads, size_t load_columns,
                                        int32_t zero_point,
                                        __m512i (*load)(const int8_t *x, size_t columns)) {
  const size_t m = task->m, k = task->k, load_quads = load_columns / 4;
  const __m512i ones = _mm512_set1_epi8(1);
  for (size_t token = task->m_begin; token < task->m_end;) {
    // The part of one tile that belongs to this call.
    const bl_token_tile tile = bl_token_tile_of(m, BL_GEMM_VNNI_TOKENS, token);
    const size_t width = tile.end - tile.begin, count = bl_min(tile.end, task->m_end) - token;
    const __mmask16 tokens = (__mmask16)((1u << count) - 1);
    const int8_t *x = (const int8_t *)task->x + token * k;
    int8_t *panel = bl_int8_activations(task->prepared, m) + (tile.begin * quads + (token - tile.begin)) * 4;
    __m512i sums[BL_GEMM_VNNI_TOKENS];
    for (size_t t = 0; t < BL_GEMM_VNNI_TOKENS; t++) sums[t] = _mm512_setzero_si512();
    for (size_t column = 0, quad = 0; column < k; column += load_columns, quad += load_quads) {
      __m512i v[16];
#pragma clang loop unroll(full)
      for (size_t t = 0; t < 16; t++) {
        v[t] = _mm512_setzero_si512();
        if (t < BL_GEMM_VNNI_TOKENS && t < count) {
          v[t] = load(x + t * k + column, k - column);
          sums[t] = _mm512_dpbusd_epi32(sums[t], ones, v[t]);
        }
      }
      bl_transpose_16x16(v);
      const size_t written = bl_min(load_quads, quads - quad);
#pragma clang loop unroll(full)
      for (size_t i = 0; i < 16; i++)
        if (i < written) _mm512_mask_storeu_epi32(panel + (quad + i) * width * 4, tokens, v[i]);
    }
    for (size_t t = 0; t < count; t++)
      bl_int8_starts(task->prepared)[token + t] = -zero_point * _mm512_reduce_add_epi32(sums[t]);
    token += count;
  }
}

BL_TARGET_END
#endif
#endif
