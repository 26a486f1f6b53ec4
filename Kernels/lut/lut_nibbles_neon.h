// Nibble look-ups with NEON: a quarter of a tile, 16 rows, is one register, and tbl looks its indices up in a
// 16-entry table of digits, which is a register too:
//
//   byte i of 16 rows:   index = byte & 15 or byte >> 4
//                        low += tbl(low digits, index),   high += tbl(high digits, index)        in int8
//   after each step:     wide += low + 25 * high                                                 in int16
//   after each chunk:    y += wide                                                               in int32
//
// The int16 sums are touched once a step and may lie in level 1, which leaves registers for the digits of
// eight quarters.
#ifndef BL_LUT_NIBBLES_NEON_H
#define BL_LUT_NIBBLES_NEON_H

#include "common/bl_target.h"

#if BL_ARM64
#include "lut/lut_blocking.h"
#include "lut/lut_digits.h"
#include "lut/lut_nibbles.h"

// One token meets two tiles, which share the tables. Two tokens meet one tile and share the extraction of
// indices. Either way there are eight quarters of sums.
enum {
  BL_LUT_TILES_NEON = 2,
  BL_LUT_TOKENS_NEON = 2,
  BL_LUT_TOKENS_TILES_NEON = 1,
  BL_LUT_MAX_SUMS_NEON = 8,
  BL_LUT_QUARTER_ROWS = 16,
};

// int8 sums of the digits of one step, or digits of one table.
typedef struct bl_lut_digits_neon {
  int8x16_t low, high;
} bl_lut_digits_neon;

// The sums of a quarter over a chunk: rows 0..7, rows 8..15.
typedef struct bl_lut_wide_neon {
  int16x8_t part[2];
} bl_lut_wide_neon;

BL_ALWAYS_INLINE bl_lut_digits_neon bl_lut_load_table_neon(const uint8_t *table) {
  return (bl_lut_digits_neon){vld1q_s8((const int8_t *)table), vld1q_s8((const int8_t *)table + 16)};
}

// From the block's first weight to quarter `quarter` of byte `byte` (counted from the block's first step).
BL_ALWAYS_INLINE size_t bl_lut_quarter_offset(const bl_lut_block *block, size_t quarter, size_t byte) {
  return quarter / 4 * block->tile_bytes + byte * BL_LUT_ROWS + quarter % 4 * BL_LUT_QUARTER_ROWS;
}

// Adds the look-ups of one step to sums[token * quarters + quarter].
BL_ALWAYS_INLINE void bl_lut_add_nibbles_neon(const bl_lut_nibbles *nibbles, const bl_lut_block *block,
                                              size_t step, const size_t quarters, const size_t tokens,
                                              bl_lut_digits_neon *sums) {
  for (size_t i = 0; i < nibbles->step_bytes; i++) {
    const size_t byte = step * nibbles->step_bytes + i;
    const uint8_t *tables = block->tables + byte * nibbles->byte_tables * BL_LUT_TABLE16_BYTES;
    BL_UNROLL
    for (int upper = 0; upper < 2; upper++) {
      const bool subtract = upper && nibbles->high_is_subtracted;
      bl_lut_digits_neon table[BL_LUT_TOKENS_NEON];
      BL_UNROLL
      for (size_t token = 0; token < tokens; token++)
        table[token] =
            bl_lut_load_table_neon(tables + token * block->token_bytes +
                                   (upper ? nibbles->high_table : nibbles->low_table) * BL_LUT_TABLE16_BYTES);
      BL_UNROLL
      for (size_t quarter = 0; quarter < quarters; quarter++) {
        const size_t offset = bl_lut_quarter_offset(block, quarter, byte);
        const uint8x16_t bytes = vld1q_u8(block->weights + offset);
        const uint8x16_t index = upper ? vshrq_n_u8(bytes, 4) : vandq_u8(bytes, vdupq_n_u8(15));
        if (!upper && quarter % 4 == 0) __builtin_prefetch(block->ahead + offset, 0, 3);
        BL_UNROLL
        for (size_t token = 0; token < tokens; token++) {
          bl_lut_digits_neon *sum = &sums[token * quarters + quarter];
          const int8x16_t low = vqtbl1q_s8(table[token].low, index);
          const int8x16_t high = vqtbl1q_s8(table[token].high, index);
          sum->low = subtract ? vsubq_s8(sum->low, low) : vaddq_s8(sum->low, low);
          sum->high = subtract ? vsubq_s8(sum->high, high) : vaddq_s8(sum->high, high);
        }
      }
    }
  }
}

// Adds low + 25 * high.
BL_ALWAYS_INLINE void bl_lut_join_neon(bl_lut_wide_neon *wide, bl_lut_digits_neon digits) {
  const int8x16_t radix = vdupq_n_s8(BL_LUT_RADIX);
  wide->part[0] = vaddw_s8(wide->part[0], vget_low_s8(digits.low));
  wide->part[1] = vaddw_high_s8(wide->part[1], digits.low);
  wide->part[0] = vmlal_s8(wide->part[0], vget_low_s8(digits.high), vget_low_s8(radix));
  wide->part[1] = vmlal_high_s8(wide->part[1], digits.high, radix);
}

// Adds the sums of quarter `quarter` to the block's y of token `token`, or sets y in the first chunk, as far
// as the rows exist.
BL_ALWAYS_INLINE void bl_lut_add_quarter_neon(const bl_lut_block *block, size_t quarter, size_t token,
                                              const bl_lut_wide_neon *wide) {
  const size_t row = quarter * BL_LUT_QUARTER_ROWS, left = block->rows > row ? block->rows - row : 0;
  int32_t *y = block->y + token * block->y_stride + row;
  const int32x4_t sums[4] = {vmovl_s16(vget_low_s16(wide->part[0])), vmovl_high_s16(wide->part[0]),
                             vmovl_s16(vget_low_s16(wide->part[1])), vmovl_high_s16(wide->part[1])};
  if (left >= BL_LUT_QUARTER_ROWS) {
    for (size_t i = 0; i < 4; i++)
      vst1q_s32(y + 4 * i, block->first ? sums[i] : vaddq_s32(sums[i], vld1q_s32(y + 4 * i)));
  } else {
    int32_t rows[BL_LUT_QUARTER_ROWS];
    for (size_t i = 0; i < 4; i++) vst1q_s32(rows + 4 * i, sums[i]);
    for (size_t i = 0; i < left; i++) y[i] = block->first ? rows[i] : y[i] + rows[i];
  }
}

BL_ALWAYS_INLINE void bl_lut_multiply_quarters_neon(const bl_lut_nibbles *nibbles, const bl_lut_block *block,
                                                    const size_t quarters, const size_t tokens) {
  bl_lut_wide_neon wide[BL_LUT_MAX_SUMS_NEON];
  for (size_t i = 0; i < tokens * quarters; i++) wide[i].part[0] = wide[i].part[1] = vdupq_n_s16(0);
  for (size_t step = 0; step < block->steps; step++) {
    bl_lut_digits_neon sums[BL_LUT_MAX_SUMS_NEON];
    BL_UNROLL
    for (size_t i = 0; i < tokens * quarters; i++) sums[i].low = sums[i].high = vdupq_n_s8(0);
    bl_lut_add_nibbles_neon(nibbles, block, step, quarters, tokens, sums);
    BL_UNROLL
    for (size_t i = 0; i < tokens * quarters; i++) bl_lut_join_neon(&wide[i], sums[i]);
  }
  for (size_t token = 0; token < tokens; token++)
    for (size_t quarter = 0; quarter < quarters; quarter++)
      bl_lut_add_quarter_neon(block, quarter, token, &wide[token * quarters + quarter]);
}

// Every combination of tiles and tokens that the plan below lets happen, with its loops unrolled.
BL_ALWAYS_INLINE void bl_lut_multiply_block_neon(const bl_lut_nibbles *nibbles, const bl_lut_block *block,
                                                 size_t tiles, size_t tokens) {
  if (tokens > 1)
    bl_lut_multiply_quarters_neon(nibbles, block, 4 * BL_LUT_TOKENS_TILES_NEON, BL_LUT_TOKENS_NEON);
  else if (tiles == 1)
    bl_lut_multiply_quarters_neon(nibbles, block, 4, 1);
  else
    bl_lut_multiply_quarters_neon(nibbles, block, 4 * BL_LUT_TILES_NEON, 1);
}

static inline void bl_lut_multiply_neon(const bl_lut_layout *layout, bl_lut_multiply_block multiply_block,
                                        const bl_multiply_task *task) {
  const bl_lut_plan plan = {layout, multiply_block, .tiles = BL_LUT_TILES_NEON, .tokens = BL_LUT_TOKENS_NEON,
                            .tokens_tiles = BL_LUT_TOKENS_TILES_NEON};
  bl_lut_multiply(&plan, task);
}

#endif
#endif
