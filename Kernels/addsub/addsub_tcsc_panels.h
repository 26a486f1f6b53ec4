// Sparse lists against token panels: each listed column is one vector add per panel. Include inside a target
// region, as addsub_token_panels.h.
#ifndef BL_ADDSUB_TCSC_PANELS_H
#define BL_ADDSUB_TCSC_PANELS_H

#include "addsub/addsub_token_panels.h"
#include "packing/tcsc.h"

_Static_assert(BL_TCSC_COLUMNS == BL_PANEL_COLUMNS, "a list names columns of one block of panels");

static inline size_t bl_tcsc_panels_workspace_bytes(void) {
  return BL_TCSC_ROWS * BL_PANEL_TILE_TOKENS * sizeof(int32_t);
}

// Copies a list to where it can be padded; returns its padded length. Copies whole vectors: the packing ends
// with as many bytes as may be read too much.
BL_ALWAYS_INLINE size_t bl_tcsc_padded_list(const uint8_t *list, size_t count,
                                            uint8_t padded[BL_TCSC_COLUMNS + 32]) {
  for (size_t i = 0; i < count; i += 32)
    _mm256_storeu_si256((__m256i *)(padded + i), _mm256_loadu_si256((const __m256i *)(list + i)));
  return bl_panel_pad_list(padded, count);
}

// One tile of rows against the tile of `panels` panels that begins at `token`; `tokens` tokens are in panels,
// which begin the prepared buffer. `panels` is a constant in every caller.
BL_ALWAYS_INLINE void bl_tcsc_panels_tile(size_t panels, const bl_multiply_task *task, size_t tokens,
                                          size_t token, size_t row) {
  const size_t k = task->k, rows = bl_min(BL_TCSC_ROWS, task->n_end - row);
  int32_t *totals = task->workspace;
  const uint8_t *counts = bl_tcsc_tile(task->packed, row / BL_TCSC_ROWS);
  for (size_t block = 0; block < bl_tcsc_blocks(k); block++) {
    const int16_t *x = (const int16_t *)task->prepared + bl_panel_block_offset(tokens, k, token, block);
    const uint8_t *list = counts + BL_TCSC_COUNT_BYTES;
    for (size_t r = 0; r < rows; r++) {
      const size_t positives = counts[2 * r], negatives = counts[2 * r + 1];
      uint8_t positive[BL_TCSC_COLUMNS + 32], negative[BL_TCSC_COLUMNS + 32];
      const size_t padded_positives = bl_tcsc_padded_list(list, positives, positive);
      const size_t padded_negatives = bl_tcsc_padded_list(list + positives, negatives, negative);
      list += positives + negatives;
      bl_panel sums[BL_PANELS_PER_TILE] = {0};
      bl_panel_add_columns(sums, panels, x, positive, padded_positives, negative, padded_negatives);
      bl_panel_flush(sums, panels, block == 0, totals + r * panels * BL_PANEL_TOKENS);
    }
    counts = list;
  }
  bl_panel_store(totals, rows, panels, tokens - token, (int32_t *)task->y + token * task->n + row, task->n);
}

// All rows of the task against the first `tokens` tokens, which are in panels.
static void bl_tcsc_panels_multiply(const bl_multiply_task *task, size_t tokens) {
  for (size_t token = 0; token < tokens; token += BL_PANEL_TILE_TOKENS) {
    for (size_t row = task->n_begin; row < task->n_end; row += BL_TCSC_ROWS) {
      BL_PANEL_DISPATCH(bl_panels_of_tile(tokens, token), bl_tcsc_panels_tile, task, tokens, token, row)
    }
  }
}

#endif
