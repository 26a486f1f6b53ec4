// The engines of bl_gemm.h for AVX2.
//
//   one step:  16 rows = 2 vectors of weights   x   up to 6 tokens, each quad broadcast to all lanes
//              12 accumulators, 2 vectors of weights, a broadcast and a product: all 16 registers
//
// bl_gemm_avx2: unsigned codes 0..2, vpmaddubsw into 16-bit sums, two instructions for 32 products. A pair of
// products is at most 2 * 2 * 128 in size, so 64 pairs lie in -32768 .. 32512 and fit; then they are widened.
// bl_gemm_avx2_wide: weights and activations of 16 bits, two columns a quad, vpmaddwd into 32-bit sums: exact
// for any int8 weights, at half the rate.
//
// The vector ports are the bound: 4 T instructions on three of them need only T + 2 loads.
#ifndef BL_GEMM_AVX2_H
#define BL_GEMM_AVX2_H

#include "common/bl_gemm.h"
#include "common/bl_int8_avx2.h"

#if BL_X86

enum { BL_GEMM_AVX2_ROWS = 16, BL_GEMM_AVX2_TOKENS = 6 };

extern const bl_gemm_engine bl_gemm_avx2, bl_gemm_avx2_wide;

BL_TARGET_BEGIN_AVX2

// prepare(): load(x, columns, out) writes the next `load_quads` quads of a token, made from its next
// `load_columns` columns, with zeros where a column is past the `columns` that are left. Quads are moved one
// by one: it takes 4 / n of the time of the product.
BL_ALWAYS_INLINE void bl_gemm_avx2_pack(const bl_prepare_task *task, size_t quads, const size_t load_columns,
                                        const size_t load_quads, int32_t zero_point,
                                        void (*load)(const int8_t *x, size_t columns, int8_t *out)) {
  const size_t m = task->m, k = task->k;
  for (size_t token = task->m_begin; token < task->m_end; token++) {
    const bl_token_tile tile = bl_token_tile_of(m, BL_GEMM_AVX2_TOKENS, token);
    const size_t width = tile.end - tile.begin;
    const int8_t *x = (const int8_t *)task->x + token * k;
    int8_t *panel = bl_int8_activations(task->prepared, m) + (tile.begin * quads + (token - tile.begin)) * 4;
    for (size_t column = 0, quad = 0; column < k; column += load_columns, quad += load_quads) {
      int8_t buffer[32], *out = panel + quad * width * 4;
      load(x + column, k - column, buffer);
      if (quads - quad >= load_quads) {
#pragma clang loop unroll(full)
        for (size_t i = 0; i < load_quads; i++) memcpy(out + i * width * 4, buffer + 4 * i, 4);
      } else {
        for (size_t i = 0; i < quads - quad; i++) memcpy(out + i * width * 4, buffer + 4 * i, 4);
      }
    }
    bl_int8_starts(task->prepared)[token] = -zero_point * bl_sum_bytes_avx2(x, k);
  }
}

BL_ALWAYS_INLINE void bl_gemm_avx2_load_natural(const int8_t *x, size_t columns, int8_t *out) {
  bl_copy_padded(x, columns, 32, out);
}

BL_TARGET_END
#endif
#endif
