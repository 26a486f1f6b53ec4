// The engines of bl_gemm.h for NEON: signed weights, or codes below 128, times signed activations.
//
// bl_gemm_neondotprod, sdot by lane:
//
//   one step:  16 rows = 4 vectors of 4 rows x 4 columns    x    up to 6 tokens, 4 bytes each
//              24 accumulators, 4 vectors of weights, 2 of activations: 30 of 32 registers
//
// bl_gemm_neoni8mm, smmla, which multiplies 2 rows x 8 columns by 8 columns x 2 tokens, twice the products of
// an sdot. Two quads stay together, so that eight columns of a row or token are neighbours:
//
//   panels:    [pair of quads][rows or tokens][8 columns]
//   one step:  16 rows = 8 vectors of 2 rows x 8 columns    x    up to 6 tokens, 8 bytes each
//              24 accumulators of 2 rows x 2 tokens, 3 vectors of activations, and weights one after the
//              other
//
// The multipliers are the bound: 24 sdot need 7 loads, 24 smmla need 11.
#ifndef BL_GEMM_NEON_H
#define BL_GEMM_NEON_H

#include "common/bl_gemm.h"
#include "common/bl_int8_neon.h"

#if BL_ARM64

enum { BL_GEMM_NEON_ROWS = 16 };

// An engine, and how wide the pieces of its panels are.
typedef struct bl_gemm_neon_engine {
  const bl_gemm_engine *engine;
  size_t unit_quads;  // that lie together for one row or token: 1, or 2 for smmla
} bl_gemm_neon_engine;

extern const bl_gemm_engine bl_gemm_neondotprod, bl_gemm_neoni8mm;

// Quads of a row of `quads`, padded to whole units.
static inline size_t bl_gemm_neon_quads(size_t quads, size_t unit_quads) {
  return bl_round_up(quads, unit_quads);
}

// Where quad `quad` of row or token `index` lies in a panel of `width` of them: `unit_quads` quads of one are
// neighbours.
static inline size_t bl_gemm_neon_place(size_t quad, size_t index, size_t width, size_t unit_quads) {
  return ((quad / unit_quads * width + index) * unit_quads + quad % unit_quads) * 4;
}

// Stores four vectors of 4 rows each, one of each of four neighbouring quads, `row` rows into a panel whose
// first quad is theirs.
BL_ALWAYS_INLINE void bl_gemm_neon_store_4x4(const size_t unit_quads, uint8_t *panel, size_t row,
                                             const uint8x16_t v[4]) {
  if (unit_quads == 1) {
    for (size_t i = 0; i < 4; i++) vst1q_u8(panel + bl_gemm_neon_place(i, row, BL_GEMM_NEON_ROWS, 1), v[i]);
  } else {
    for (size_t i = 0; i < 4; i += 2) {
      uint8_t *out = panel + bl_gemm_neon_place(i, row, BL_GEMM_NEON_ROWS, 2);
      const uint32x4_t even = vreinterpretq_u32_u8(v[i]), odd = vreinterpretq_u32_u8(v[i + 1]);
      vst1q_u8(out, vreinterpretq_u8_u32(vzip1q_u32(even, odd)));
      vst1q_u8(out + 16, vreinterpretq_u8_u32(vzip2q_u32(even, odd)));
    }
  }
}

// prepare(): load(x, columns, out) writes the next `load_quads` quads of a token, at most 8, made from its
// next `load_columns` columns, with zeros where a column is past the `columns` that are left. Quads are moved
// one by one: it takes 4 / n of the time of the product.
BL_ALWAYS_INLINE void bl_gemm_neon_pack(const bl_prepare_task *task, const bl_gemm_neon_engine engine,
                                        size_t quads, const size_t load_columns, const size_t load_quads,
                                        int32_t zero_point,
                                        void (*load)(const int8_t *x, size_t columns, int8_t *out)) {
  const size_t m = task->m, k = task->k;
  for (size_t token = task->m_begin; token < task->m_end; token++) {
    const bl_token_tile tile = bl_token_tile_of(m, engine.engine->tokens, token);
    const size_t width = tile.end - tile.begin, index = token - tile.begin;
    const int8_t *x = (const int8_t *)task->x + token * k;
    int8_t *panel = bl_int8_activations(task->prepared, m) + tile.begin * quads * 4;
    for (size_t column = 0, quad = 0; quad < quads; column += load_columns, quad += load_quads) {
      int8_t buffer[32];
      load(x + bl_min(column, k), k - bl_min(column, k), buffer);
      for (size_t i = 0; i < bl_min(load_quads, quads - quad); i++)
        memcpy(panel + bl_gemm_neon_place(quad + i, index, width, engine.unit_quads), buffer + 4 * i, 4);
    }
    bl_int8_starts(task->prepared)[token] = -zero_point * bl_sum_bytes_neon(x, k);
  }
}

// Quads of four neighbouring columns, four of them.
BL_ALWAYS_INLINE void bl_gemm_neon_load_natural(const int8_t *x, size_t columns, int8_t *out) {
  vst1q_s8(out, bl_load_first_neon(x, columns));
}

#endif
#endif
