// Token panels: activations of many tokens, transposed and widened to int16, so that one column for a panel
// of tokens is one vector. A kernel that knows *which* columns a row adds and subtracts then does one vector
// add per nonzero weight and panel; zero weights cost nothing.
//
//   tile: up to 128 tokens, in panels of BL_PANEL_TOKENS (16 or 32) tokens: one vector register of int16
//     block: 128 columns and a column of zeros
//       column 0:    token 0 .. token 127, panel after panel
//       ...
//       column 127:  ...                             (beyond k: not written, and no list names them)
//       column 128:  0 ...
//
// A block is 33 KB, which stays in the level 1 cache while many rows use it.
// Padding tokens are zero. Lists of columns are padded with the column of zeros to a multiple of
// BL_PANEL_UNROLL, so that the number of loop trips seldom changes from row to row and is well predicted.
//
// int16 is enough within a block: a row's sum has at most 128 terms of magnitude at most 128, and
// 128 * 128 = 16384. bl_panel_flush() then widens it to int32.
//
// Include inside a target region, with BL_PANEL_TOKENS defined as the number of int16 in its vectors. Shared
// by the addsub and rsr families.
#ifndef BL_ADDSUB_TOKEN_PANELS_H
#define BL_ADDSUB_TOKEN_PANELS_H

#include "common/bl_math.h"
#include "common/bl_target.h"
#include "include/bitlab_kernels.h"

#include <string.h>

enum {
  BL_PANEL_COLUMNS = 128,
  BL_PANEL_ZERO_COLUMN = BL_PANEL_COLUMNS,
  BL_PANEL_UNROLL = 8,
  BL_PANEL_TILE_TOKENS = 128,
  BL_PANELS_PER_TILE = BL_PANEL_TILE_TOKENS / BL_PANEL_TOKENS,
};

typedef int16_t bl_panel __attribute__((vector_size(BL_PANEL_TOKENS * 2)));
typedef int32_t bl_wide_panel __attribute__((vector_size(BL_PANEL_TOKENS * 4), aligned(64)));

static inline size_t bl_panel_blocks(size_t k) {
  return bl_divide_up(k, BL_PANEL_COLUMNS);
}

// Of m tokens, the first so many are kept in panels: all full tiles, and the rest when it has at least
// `minimum` tokens, fewer being faster one by one.
static inline size_t bl_tokens_in_panels(size_t m, size_t minimum) {
  const size_t rest = m % BL_PANEL_TILE_TOKENS;
  return rest >= minimum ? m : m - rest;
}

// Panels of the tile that begins at `token`, when `tokens` tokens are kept in panels.
static inline size_t bl_panels_of_tile(size_t tokens, size_t token) {
  return bl_divide_up(bl_min(tokens - token, BL_PANEL_TILE_TOKENS), BL_PANEL_TOKENS);
}

// Elements from one column of a tile of `panels` panels to the next: a power of two, so that a listed column
// is found by a shift.
static inline size_t bl_panel_column_stride(size_t panels) {
  const size_t wide = panels <= 1 ? 1 : panels <= 2 ? 2 : panels <= 4 ? 4 : 8;
  return wide * BL_PANEL_TOKENS;
}

// Where the block of columns `block` of the tile that begins at `token` begins.
static inline size_t bl_panel_block_offset(size_t tokens, size_t k, size_t token, size_t block) {
  const size_t stride = bl_panel_column_stride(bl_panels_of_tile(tokens, token));
  return (token * bl_panel_blocks(k) + block * stride) * (BL_PANEL_COLUMNS + 1);
}

// Elements of the panels of `tokens` tokens.
static inline size_t bl_panels_elements(size_t tokens, size_t k) {
  const size_t rest = tokens % BL_PANEL_TILE_TOKENS;
  return bl_panel_block_offset(tokens, k, tokens - rest, rest > 0 ? bl_panel_blocks(k) : 0);
}

// Transposes 16 rows of 16 bytes.
BL_ALWAYS_INLINE void bl_panel_transpose_bytes(__m128i v[16]) {
  // Each round interleaves rows i and i + 8, which rotates the eight bits of (row, column) by one place.
  for (int round = 0; round < 4; round++) {
    __m128i t[16];
    for (int i = 0; i < 8; i++) {
      t[2 * i] = _mm_unpacklo_epi8(v[i], v[i + 8]);
      t[2 * i + 1] = _mm_unpackhi_epi8(v[i], v[i + 8]);
    }
    for (int i = 0; i < 16; i++) v[i] = t[i];
  }
}

// Writes the panel that begins at `token` from x[m][k], of which the first `tokens` tokens are in panels.
static void bl_panel_write(const int8_t *x, size_t tokens, size_t k, size_t token, int16_t *panels) {
  const size_t tile = token - token % BL_PANEL_TILE_TOKENS;
  const size_t stride = bl_panel_column_stride(bl_panels_of_tile(tokens, tile));
  for (size_t column = 0; column < k; column += 16) {
    int16_t *block =
        panels + bl_panel_block_offset(tokens, k, tile, column / BL_PANEL_COLUMNS) + (token - tile);
    int16_t *out = block + column % BL_PANEL_COLUMNS * stride;
    const size_t columns = bl_min(16, k - column);
    for (size_t half = 0; half < BL_PANEL_TOKENS; half += 16) {
      __m128i v[16];
      for (size_t i = 0; i < 16; i++) {
        v[i] = _mm_setzero_si128();
        if (token + half + i >= tokens) continue;
        const int8_t *in = x + (token + half + i) * k + column;
        if (columns == 16) {
          v[i] = _mm_loadu_si128((const __m128i *)in);
        } else {
          int8_t padded[16] = {0};
          for (size_t c = 0; c < columns; c++) padded[c] = in[c];
          v[i] = _mm_loadu_si128((const __m128i *)padded);
        }
      }
      bl_panel_transpose_bytes(v);
      for (size_t c = 0; c < 16; c++)
        _mm256_store_si256((__m256i *)(out + c * stride + half), _mm256_cvtepi8_epi16(v[c]));
      if (column % BL_PANEL_COLUMNS == 0)
        _mm256_store_si256((__m256i *)(block + BL_PANEL_ZERO_COLUMN * stride + half), _mm256_setzero_si256());
    }
  }
}

// Pads a list of `count` columns, which has room for it, to a multiple of BL_PANEL_UNROLL.
static inline size_t bl_panel_pad_list(uint8_t *list, size_t count) {
  const uint64_t zeros = 0x0101010101010101u * BL_PANEL_ZERO_COLUMN;
  memcpy(list + count, &zeros, BL_PANEL_UNROLL);
  return bl_round_up(count, BL_PANEL_UNROLL);
}

// Adds to `sums` the listed columns of a block: `positive` ones are added, `negative` ones subtracted. The
// lists are padded. `panels` is a constant in every caller.
BL_ALWAYS_INLINE void bl_panel_add_columns(bl_panel sums[BL_PANELS_PER_TILE], size_t panels,
                                           const int16_t *block, const uint8_t *positive,
                                           size_t positive_count, const uint8_t *negative,
                                           size_t negative_count) {
  const size_t stride = bl_panel_column_stride(panels);
  for (size_t begin = 0; begin < positive_count; begin += BL_PANEL_UNROLL) {
    for (size_t i = begin; i < begin + BL_PANEL_UNROLL; i++) {
      const bl_panel *column = (const bl_panel *)(block + positive[i] * stride);
      for (size_t p = 0; p < panels; p++) sums[p] += column[p];
    }
  }
  for (size_t begin = 0; begin < negative_count; begin += BL_PANEL_UNROLL) {
    for (size_t i = begin; i < begin + BL_PANEL_UNROLL; i++) {
      const bl_panel *column = (const bl_panel *)(block + negative[i] * stride);
      for (size_t p = 0; p < panels; p++) sums[p] -= column[p];
    }
  }
}

// Adds the int16 sums of one block to a row's int32 sums, one panel after the other; `first` overwrites.
BL_ALWAYS_INLINE void bl_panel_flush(const bl_panel sums[BL_PANELS_PER_TILE], size_t panels, bool first,
                                     int32_t *row_sums) {
  for (size_t p = 0; p < panels; p++) {
    bl_wide_panel *total = (bl_wide_panel *)(row_sums + p * BL_PANEL_TOKENS);
    const bl_wide_panel wide = __builtin_convertvector(sums[p], bl_wide_panel);
    *total = first ? wide : *total + wide;
  }
}

// Writes the int32 sums of `rows` rows, `panels` panels each, to y[token][row] for the tokens that exist.
static inline void bl_panel_store(const int32_t *sums, size_t rows, size_t panels, size_t tokens, int32_t *y,
                                  size_t n) {
  const size_t stride = panels * BL_PANEL_TOKENS;
  for (size_t token = 0; token < bl_min(tokens, stride); token++)
    for (size_t row = 0; row < rows; row++) y[token * n + row] = sums[row * stride + token];
}

// Calls tile(panels, ...) with the number of panels as a constant, so that their sums stay in registers.
#define BL_PANEL_CASE(number, tile, ...) \
  case number:                           \
    tile(number, __VA_ARGS__);           \
    break;
#if BL_PANEL_TOKENS == 16
#define BL_PANEL_CASES_ABOVE_4(tile, ...) \
  BL_PANEL_CASE(5, tile, __VA_ARGS__)     \
  BL_PANEL_CASE(6, tile, __VA_ARGS__)     \
  BL_PANEL_CASE(7, tile, __VA_ARGS__)     \
  BL_PANEL_CASE(8, tile, __VA_ARGS__)
#else
#define BL_PANEL_CASES_ABOVE_4(tile, ...)
#endif
#define BL_PANEL_DISPATCH(panels, tile, ...)  \
  switch (panels) {                           \
    BL_PANEL_CASE(1, tile, __VA_ARGS__)       \
    BL_PANEL_CASE(2, tile, __VA_ARGS__)       \
    BL_PANEL_CASE(3, tile, __VA_ARGS__)       \
    BL_PANEL_CASE(4, tile, __VA_ARGS__)       \
    BL_PANEL_CASES_ABOVE_4(tile, __VA_ARGS__) \
  }

#endif
