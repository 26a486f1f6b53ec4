// i2s and tq2 with NEON: both hold runs of 128 columns in 32 bytes, byte p of a run holding the four columns
// 32 apart, and differ in the order of the bits and in where runs lie.
//
//   one token:           the fields of a byte are multiplied where they are, masked but not shifted, but for
//                        the highest, which one shift brings down; those in place count 1, 4 and 16 times in
//                        a sum of their own, and the scales come off at the end of a row: per 64 weights four
//                        logic instructions and four sdot
//   two to four tokens:  shifted down to codes, shared by the tokens: common/bl_int8_gemv_neon.h
//   more tokens:         common/bl_gemm_neon.h; a 32-bit element of packed bytes is four neighbouring columns
//                        in each of its four fields, so a 4 x 4 transpose followed by shift and mask makes
//                        panel vectors in natural order
//
// x is in natural order on every path.
#ifndef BL_MAD_TWO_BIT_NEON_H
#define BL_MAD_TWO_BIT_NEON_H

#include "common/bl_gemm_neon.h"
#include "common/bl_int8_gemv_neon.h"
#include "mad/mad_two_bit.h"

#if BL_ARM64

enum {
  BL_MAD_TWO_BIT_RUN_COLUMNS = 128,
  // Runs after which in-place sums are folded: a lane of the field times 16 takes eight products of at most
  // 32 * 128 from each, so 2^13 runs leave it at 2^28.
  BL_MAD_TWO_BIT_FOLD_RUNS = 1 << 13,
};

// Bytes of one prepared token, in natural order or as quads in panels.
static inline size_t bl_mad_two_bit_neon_token_bytes(const bl_mad_two_bit_layout layout, size_t m, size_t k,
                                                     size_t unit_quads) {
  return m <= BL_INT8_GEMV_NEON_TOKENS ? bl_round_up(k, layout.block_columns)
                                       : 4 * bl_gemm_neon_quads(bl_divide_up(k, 4), unit_quads);
}

BL_TARGET_BEGIN_NEON_DOTPROD

// The shift that brings a group of 32 columns down.
BL_ALWAYS_INLINE int bl_mad_two_bit_shift(const bl_mad_two_bit_layout layout, const int group) {
  return 2 * (layout.high_first ? 3 - group : group);
}

// The codes at the constant `shift` of each byte.
BL_ALWAYS_INLINE uint8x16_t bl_mad_two_bit_codes(uint8x16_t bytes, const int shift) {
  const uint8x16_t down = shift == 0   ? bytes
                          : shift == 2 ? vshrq_n_u8(bytes, 2)
                          : shift == 4 ? vshrq_n_u8(bytes, 4)
                                       : vshrq_n_u8(bytes, 6);
  return shift == 6 ? down : vandq_u8(down, vdupq_n_u8(3));
}

// 128 codes of a run, in natural order.
BL_ALWAYS_INLINE void bl_mad_two_bit_decode_neon(const bl_mad_two_bit_layout layout, const uint8_t *row,
                                                 size_t run, int8x16_t *codes) {
  const uint8_t *bytes = row + bl_mad_two_bit_run_bytes(layout, run);
  if (run % 2 == 0) bl_int8_prefetch_neon(bytes);
  const uint8x16_t halves[2] = {vld1q_u8(bytes), vld1q_u8(bytes + 16)};
  BL_UNROLL
  for (int i = 0; i < 8; i++)
    codes[i] = vreinterpretq_s8_u8(bl_mad_two_bit_codes(halves[i % 2], bl_mad_two_bit_shift(layout, i / 2)));
}

// Sixteen bytes of each row: sum[r][s] += the fields that count 4^s times, times x.
BL_ALWAYS_INLINE void bl_mad_two_bit_in_place(const bl_mad_two_bit_layout layout, const size_t rows,
                                              const uint8x16_t *v, const int8_t *x, int32x4_t sum[][3]) {
  BL_UNROLL
  for (int group = 0; group < 4; group++) {
    const int shift = bl_mad_two_bit_shift(layout, group), scale = shift == 6 ? 0 : shift / 2;
    const int8x16_t activations = vld1q_s8(x + 32 * group);
    BL_UNROLL
    for (size_t r = 0; r < rows; r++) {
      const uint8x16_t fields =
          shift == 6 ? vshrq_n_u8(v[r], 6) : vandq_u8(v[r], vdupq_n_u8((uint8_t)(3 << shift)));
      sum[r][scale] = vdotq_s32(sum[r][scale], vreinterpretq_s8_u8(fields), activations);
    }
  }
}

BL_ALWAYS_INLINE void bl_mad_two_bit_one_token_neon(const bl_mad_two_bit_layout layout, const size_t rows,
                                                    const bl_int8_rows_neon *shape, const uint8_t *packed,
                                                    const int8_t *x, int32x4_t *total) {
  for (size_t run = 0; run < shape->chunks;) {
    int32x4_t sum[BL_INT8_GEMV_NEON_ROWS][3];
    BL_UNROLL
    for (size_t r = 0; r < rows; r++)
      for (size_t scale = 0; scale < 3; scale++) sum[r][scale] = vdupq_n_s32(0);
    const size_t fold = bl_min(run + BL_MAD_TWO_BIT_FOLD_RUNS, shape->chunks);
    for (; run < fold; run++, x += BL_MAD_TWO_BIT_RUN_COLUMNS) {
      const uint8_t *bytes = packed + bl_mad_two_bit_run_bytes(layout, run);
      BL_UNROLL
      for (size_t half = 0; half < 2; half++) {
        uint8x16_t v[BL_INT8_GEMV_NEON_ROWS];
        BL_UNROLL
        for (size_t r = 0; r < rows; r++) {
          v[r] = vld1q_u8(bytes + r * shape->stream_bytes + 16 * half);
          if (half == 0) bl_int8_prefetch_neon(bytes + r * shape->stream_bytes);
        }
        bl_mad_two_bit_in_place(layout, rows, v, x + 16 * half, sum);
      }
    }
    BL_UNROLL
    for (size_t r = 0; r < rows; r++) {  // multiples of the scales, so that shifts are exact
      total[r] = vaddq_s32(total[r], sum[r][0]);
      total[r] = vsraq_n_s32(total[r], sum[r][1], 2);
      total[r] = vsraq_n_s32(total[r], sum[r][2], 4);
    }
  }
}

// prepare() for any number of tokens.
BL_ALWAYS_INLINE void bl_mad_two_bit_prepare_neon(const bl_mad_two_bit_layout layout,
                                                  const bl_gemm_neon_engine engine,
                                                  const bl_prepare_task *task) {
  const size_t token_bytes = bl_mad_two_bit_neon_token_bytes(layout, task->m, task->k, engine.unit_quads);
  if (task->m <= BL_INT8_GEMV_NEON_TOKENS)
    bl_int8_gemv_neon_prepare(task, token_bytes, 1);
  else
    bl_gemm_neon_pack(task, engine, token_bytes / 4, 16, 4, 1, bl_gemm_neon_load_natural);
}

BL_ALWAYS_INLINE void bl_mad_two_bit_unpack_neon(const bl_mad_two_bit_layout layout, const size_t unit_quads,
                                                 const bl_gemm_piece *piece) {
  enum { RUN_QUADS = BL_MAD_TWO_BIT_RUN_COLUMNS / 4 };
  for (size_t quad = piece->quad_begin; quad < piece->quad_end; quad += RUN_QUADS) {
    const size_t bytes = bl_mad_two_bit_run_bytes(layout, quad / RUN_QUADS);
    uint8_t *panel = piece->panel + (quad - piece->quad_begin) * 4 * BL_GEMM_NEON_ROWS;
    for (size_t row = 0; row < BL_GEMM_NEON_ROWS; row += 4) {
      BL_UNROLL
      for (size_t half = 0; half < 2; half++) {
        uint8x16_t v[4];
        bl_load_4x4_neon(piece->row_begin + row, bytes + 16 * half, v);
        BL_UNROLL
        for (int group = 0; group < 4; group++) {
          uint8x16_t codes[4];
          BL_UNROLL
          for (size_t i = 0; i < 4; i++)
            codes[i] = bl_mad_two_bit_codes(v[i], bl_mad_two_bit_shift(layout, group));
          bl_gemm_neon_store_4x4(unit_quads, panel + ((size_t)group * 8 + half * 4) * 4 * BL_GEMM_NEON_ROWS,
                                 row, codes);
        }
      }
    }
  }
}

BL_ALWAYS_INLINE void bl_mad_two_bit_multiply_neon(const bl_mad_two_bit_layout layout,
                                                   const bl_int8_row_loops_neon loops,
                                                   const bl_gemm_neon_engine engine,
                                                   void (*unpack)(const bl_gemm_piece *piece),
                                                   const bl_multiply_task *task) {
  const size_t k = task->k;
  if (task->m <= BL_INT8_GEMV_NEON_TOKENS) {
    const bl_int8_rows_neon shape = {
        .row_bytes = layout.row_bytes(k),
        .chunks = bl_round_up(k, layout.block_columns) / BL_MAD_TWO_BIT_RUN_COLUMNS,
    };
    bl_int8_gemv_neon(loops, shape, task);
  } else {
    const bl_gemm_weights weights = {
        .unpack = unpack,
        .quads = bl_gemm_neon_quads(bl_divide_up(k, 4), engine.unit_quads),
        .quad_step = 64,  // two runs, which lie together in either packing
        .panels = 1,
        .row_bytes = layout.row_bytes(k),
        .step_bytes = layout.chunk_stride,
    };
    bl_gemm_multiply(engine.engine, &weights, task);
  }
}

static inline size_t bl_mad_two_bit_workspace_bytes_neon(const bl_gemm_neon_engine engine, size_t m) {
  return m <= BL_INT8_GEMV_NEON_TOKENS ? 0 : bl_gemm_workspace_bytes(engine.engine, 1, m);
}

BL_TARGET_END
#endif
#endif
