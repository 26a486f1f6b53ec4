// The loops around every look-up kernel: which tables meet which weights, and when.
//
//   for 32 tokens:                             their tables of one chunk of columns fit L2
//     for a chunk of columns (at most 255):    one token's tables of it fit L1; expanded if need be
//       for a few tiles of 64 rows:            their weights of the chunk fit L1
//         for a few tokens:                    block(): int8 and int16 sums in registers, added to y
//
// So each table is read from L1 or L2 and used for many rows, and each weight is read from memory once for 32
// tokens. With one token the weights are `tiles` short streams, each one chunk long, that jump from row block
// to row block; the blocks prefetch the next one, which hides the jumps.
#ifndef BL_LUT_BLOCKING_H
#define BL_LUT_BLOCKING_H

#include "lut/lut_layout.h"

enum { BL_LUT_TOKENS = 32 };

typedef struct bl_lut_block {
  size_t steps;            // at most one chunk
  const uint8_t *weights;  // step 0 of the first tile
  size_t tile_bytes;       // from one tile to the next
  const uint8_t *ahead;    // what to prefetch, laid out as the weights are
  const uint8_t *tables;   // step 0 of the first token
  size_t token_bytes;      // from one token's tables to the next
  int32_t *y;              // first row of the first token
  size_t y_stride;         // elements from one token to the next
  size_t rows;             // rows that exist: the last tile may be short
  bool first;              // y holds nothing yet
} bl_lut_block;

// Multiplies `tiles` tiles by `tokens` tokens: tokens is 1, or the plan's.
typedef void (*bl_lut_multiply_block)(const bl_lut_block *block, size_t tiles, size_t tokens);

// Expands `count` tables as prepare() left them.
typedef void (*bl_lut_expand)(const uint8_t *tables, size_t count, uint8_t *expanded);

typedef struct bl_lut_plan {
  const bl_lut_layout *layout;
  bl_lut_multiply_block multiply_block;
  bl_lut_expand expand;  // when the layout has expanded tables
  size_t tiles;          // for one token, at most
  size_t tokens;         // that share the decoding of weights
  size_t tokens_tiles;   // for so many tokens, at most
} bl_lut_plan;

static inline size_t bl_lut_expanded_chunk_bytes(const bl_lut_layout *layout) {
  return layout->chunk_steps * layout->step_tables * layout->expanded_table_bytes;
}
static inline size_t bl_lut_workspace_bytes(const bl_lut_layout *layout, size_t m) {
  return bl_min(m, BL_LUT_TOKENS) * bl_lut_expanded_chunk_bytes(layout);
}

// Points the block to its tables, in the workspace, made of those it points to.
static inline void bl_lut_expand_tables(const bl_lut_plan *plan, bl_lut_block *block, size_t tokens,
                                        uint8_t *workspace) {
  const size_t chunk_bytes = bl_lut_expanded_chunk_bytes(plan->layout);
  for (size_t token = 0; token < tokens; token++)
    plan->expand(block->tables + token * block->token_bytes, block->steps * plan->layout->step_tables,
                 workspace + token * chunk_bytes);
  block->tables = workspace;
  block->token_bytes = chunk_bytes;
}

static inline void bl_lut_multiply_rows(const bl_lut_plan *plan, bl_lut_block *block, size_t tokens) {
  const uint8_t *tables = block->tables;
  int32_t *y = block->y;
  const size_t tiles = bl_divide_up(block->rows, BL_LUT_ROWS);
  for (size_t token = 0; token < tokens;) {
    const size_t count = tokens - token >= plan->tokens ? plan->tokens : 1;
    block->tables = tables + token * block->token_bytes;
    block->y = y + token * block->y_stride;
    plan->multiply_block(block, tiles, count);
    block->ahead = block->weights;  // prefetched once is enough
    token += count;
  }
  block->tables = tables;
}

static inline void bl_lut_multiply(const bl_lut_plan *plan, const bl_multiply_task *task) {
  const bl_lut_layout *layout = plan->layout;
  const size_t steps = bl_lut_steps(layout, task->k), token_bytes = bl_lut_token_bytes(layout, task->k);
  const size_t tile_bytes = steps * layout->step_weight_bytes;
  for (size_t token = 0; token < task->m; token += BL_LUT_TOKENS) {
    const size_t tokens = bl_min(BL_LUT_TOKENS, task->m - token);
    const size_t tiles = tokens >= plan->tokens && plan->tokens > 1 ? plan->tokens_tiles : plan->tiles;
    for (size_t step = 0; step < steps; step += layout->chunk_steps) {
      bl_lut_block block = {
          .steps = bl_min(layout->chunk_steps, steps - step),
          .tile_bytes = tile_bytes,
          .tables =
              (const uint8_t *)task->prepared + token * token_bytes + step * bl_lut_step_table_bytes(layout),
          .token_bytes = token_bytes,
          .y_stride = task->n,
          .first = step == 0,
      };
      if (layout->expanded_table_bytes != 0) bl_lut_expand_tables(plan, &block, tokens, task->workspace);
      const uint8_t *weights = (const uint8_t *)task->packed + step * layout->step_weight_bytes;
      for (size_t row = task->n_begin; row < task->n_end; row += tiles * BL_LUT_ROWS) {
        const size_t rows = bl_min(tiles * BL_LUT_ROWS, task->n_end - row);
        const size_t next = row + tiles * BL_LUT_ROWS;
        block.rows = rows;
        block.weights = weights + row / BL_LUT_ROWS * tile_bytes;
        block.ahead = next + rows <= task->n_end ? weights + next / BL_LUT_ROWS * tile_bytes : block.weights;
        block.y = (int32_t *)task->y + token * task->n + row;
        bl_lut_multiply_rows(plan, &block, tokens);
      }
    }
  }
}

#endif
