// Sorted columns against token panels (addsub/addsub_token_panels.h): each slot is one vector add per panel,
// and a segment's sum serves three rows. Include inside a target region, as addsub_token_panels.h.
//
// int16 is enough: within a block every activation is in one segment, so that any signed sum of segments has
// at most 128 terms of magnitude at most 128.
#ifndef BL_RSR_PANELS_H
#define BL_RSR_PANELS_H

#include "addsub/addsub_token_panels.h"
#include "packing/rsr.h"
#include "rsr/rsr_merge.h"

_Static_assert(BL_RSR_COLUMNS == BL_PANEL_COLUMNS, "a triple names columns of one block of panels");
_Static_assert(BL_RSR_UNUSED_SLOT == BL_PANEL_ZERO_COLUMN, "unused slots name the column of zeros");

BL_RSR_DEFINE_MERGE(bl_rsr_merge_panels, bl_panel)

static inline size_t bl_rsr_panels_workspace_bytes(void) {
  return BL_RSR_ROWS * BL_PANEL_TILE_TOKENS * sizeof(int32_t);
}

// Sums one triple over the block x, into int32 totals of three rows. `panels` is a constant in every caller.
BL_ALWAYS_INLINE void bl_rsr_panels_triple(size_t panels, const bl_rsr_triple *triple, const int16_t *x,
                                           bool first, int32_t *totals) {
  const size_t stride = bl_panel_column_stride(panels);
  bl_panel sums[BL_RSR_SEGMENTS * BL_PANELS_PER_TILE];
  for (size_t segment = 0; segment < BL_RSR_SEGMENTS; segment++) {
    const uint8_t *positive = triple->positive_slots + bl_rsr_first_slot(segment);
    const uint8_t *negative = triple->negative_slots + bl_rsr_first_slot(segment);
    bl_panel sum[BL_PANELS_PER_TILE] = {0};
    for (size_t slot = 0; slot < bl_rsr_segment_slots(segment); slot++) {
      const bl_panel *plus = (const bl_panel *)(x + positive[slot] * stride);
      const bl_panel *minus = (const bl_panel *)(x + negative[slot] * stride);
      for (size_t p = 0; p < panels; p++) sum[p] += plus[p];
      for (size_t p = 0; p < panels; p++) sum[p] -= minus[p];
    }
    for (size_t p = 0; p < panels; p++) sums[segment * panels + p] = sum[p];
  }
  for (size_t i = 0; i < triple->positive_overflow; i++) {
    const bl_panel *column = (const bl_panel *)(x + triple->columns[i] * stride);
    for (size_t p = 0; p < panels; p++) sums[triple->segments[i] * panels + p] += column[p];
  }
  for (size_t i = triple->positive_overflow; i < triple->overflow; i++) {
    const bl_panel *column = (const bl_panel *)(x + triple->columns[i] * stride);
    for (size_t p = 0; p < panels; p++)
      sums[(triple->segments[i] - BL_RSR_SEGMENTS) * panels + p] -= column[p];
  }
  for (size_t p = 0; p < panels; p++) {
    bl_panel rows[BL_RSR_ROWS_PER_TRIPLE];
    bl_rsr_merge_panels(sums + p, panels, rows);
    for (size_t r = 0; r < BL_RSR_ROWS_PER_TRIPLE; r++)
      bl_panel_flush(&rows[r], 1, first, totals + (r * panels + p) * BL_PANEL_TOKENS);
  }
}

// One tile of rows against the tile of `panels` panels that begins at `token`; `tokens` tokens are in panels,
// which begin the prepared buffer. `panels` is a constant in every caller.
BL_ALWAYS_INLINE void bl_rsr_panels_tile(size_t panels, const bl_multiply_task *task, size_t tokens,
                                         size_t token, size_t row) {
  const size_t k = task->k, rows = bl_min(BL_RSR_ROWS, task->n_end - row);
  int32_t *totals = task->workspace;
  const uint8_t *bytes = bl_rsr_tile(task->packed, row / BL_RSR_ROWS);
  for (size_t block = 0; block < bl_rsr_blocks(k); block++) {
    const int16_t *x = (const int16_t *)task->prepared + bl_panel_block_offset(tokens, k, token, block);
    const uint8_t *counts = bytes;
    bytes += BL_RSR_COUNT_BYTES;
    for (size_t i = 0; i < BL_RSR_TRIPLES; i++) {
      const bl_rsr_triple triple = bl_rsr_next_triple(counts + 2 * i, &bytes);
      if (i * BL_RSR_ROWS_PER_TRIPLE < rows)
        bl_rsr_panels_triple(panels, &triple, x, block == 0,
                             totals + i * BL_RSR_ROWS_PER_TRIPLE * panels * BL_PANEL_TOKENS);
    }
  }
  bl_panel_store(totals, rows, panels, tokens - token, (int32_t *)task->y + token * task->n + row, task->n);
}

// All rows of the task against the first `tokens` tokens, which are in panels.
static void bl_rsr_panels_multiply(const bl_multiply_task *task, size_t tokens) {
  for (size_t token = 0; token < tokens; token += BL_PANEL_TILE_TOKENS) {
    for (size_t row = task->n_begin; row < task->n_end; row += BL_RSR_ROWS) {
      BL_PANEL_DISPATCH(bl_panels_of_tile(tokens, token), bl_rsr_panels_tile, task, tokens, token, row)
    }
  }
}

#endif
