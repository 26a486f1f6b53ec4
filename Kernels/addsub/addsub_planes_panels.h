// Bit-planes against token panels: the planes of a row become two lists of columns, and each listed column is
// one vector add per panel. Include inside a target region, as addsub_token_panels.h.
#ifndef BL_ADDSUB_PLANES_PANELS_H
#define BL_ADDSUB_PLANES_PANELS_H

#include "addsub/addsub_bit_lists.h"
#include "addsub/addsub_token_panels.h"
#include "packing/planes.h"

enum { BL_PLANES_PANELS_ROWS = 128 };  // rows that share a block of panels while it is in cache

static inline size_t bl_planes_panels_workspace_bytes(void) {
  return BL_PLANES_PANELS_ROWS * BL_PANEL_TILE_TOKENS * sizeof(int32_t);
}

// Rows row to row + rows against the tile of `panels` panels that begins at `token`; `tokens` tokens are in
// panels, which begin the prepared buffer. `panels` is a constant in every caller.
BL_ALWAYS_INLINE void bl_planes_panels_tile(size_t panels, const bl_multiply_task *task, size_t tokens,
                                            size_t token, size_t row, size_t rows) {
  const size_t k = task->k, pairs = bl_planes_row_pairs(k);
  int32_t *totals = task->workspace;
  for (size_t block = 0; block < bl_panel_blocks(k); block++) {
    const int16_t *x = (const int16_t *)task->prepared + bl_panel_block_offset(tokens, k, token, block);
    const size_t begin = block * (BL_PANEL_COLUMNS / 64);
    const size_t end = bl_min(begin + BL_PANEL_COLUMNS / 64, pairs);
    for (size_t r = 0; r < rows; r++) {
      const uint64_t *w = (const uint64_t *)task->packed + (row + r) * pairs * 2;
      uint8_t positive[BL_PANEL_COLUMNS + 8], negative[BL_PANEL_COLUMNS + 8];
      size_t positives = 0, negatives = 0;
      for (size_t pair = begin; pair < end; pair++) {
        positives = bl_bit_list_append(positive, positives, w[pair * 2], (pair - begin) * 64);
        negatives = bl_bit_list_append(negative, negatives, w[pair * 2 + 1], (pair - begin) * 64);
      }
      positives = bl_panel_pad_list(positive, positives);
      negatives = bl_panel_pad_list(negative, negatives);
      bl_panel sums[BL_PANELS_PER_TILE] = {0};
      bl_panel_add_columns(sums, panels, x, positive, positives, negative, negatives);
      bl_panel_flush(sums, panels, block == 0, totals + r * panels * BL_PANEL_TOKENS);
    }
  }
  bl_panel_store(totals, rows, panels, tokens - token, (int32_t *)task->y + token * task->n + row, task->n);
}

// All rows of the task against the first `tokens` tokens, which are in panels.
static void bl_planes_panels_multiply(const bl_multiply_task *task, size_t tokens) {
  for (size_t token = 0; token < tokens; token += BL_PANEL_TILE_TOKENS) {
    for (size_t row = task->n_begin; row < task->n_end; row += BL_PLANES_PANELS_ROWS) {
      const size_t rows = bl_min(BL_PLANES_PANELS_ROWS, task->n_end - row);
      BL_PANEL_DISPATCH(bl_panels_of_tile(tokens, token), bl_planes_panels_tile, task, tokens, token, row,
                        rows)
    }
  }
}

#endif
