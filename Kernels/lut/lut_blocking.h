// The loops around every look-up kernel: which tables meet which weights, and when.
//
//   for 32 tokens:
//     for a run of columns, whole chunks:      its tables, expanded if need be, fit L1 (one token) or L2
//       for a few tiles of 64 rows:
//         for each chunk of the run:           its weights fit L1
//           for a few tokens:                  block(): int8 and int16 sums in registers, added to y
//
// So each table is read from L1 or L2 and used for many rows, and each weight is read from memory once for 32
// tokens. A run of several tokens is one chunk. With one token it is as long as L1 allows: then the weights
// are `tiles` streams, each one run long, that jump from row block to row block, and the longer the better
// for DRAM. The blocks prefetch one chunk ahead to L2, across those jumps, and from there to L1 just before
// use.
#ifndef BL_LUT_BLOCKING_H
#define BL_LUT_BLOCKING_H

#include "common/bl_weight_streams.h"
#include "lut/lut_layout.h"

enum {
  BL_LUT_TOKENS = 32,
  BL_LUT_RUN_TABLE_BYTES = 14 << 10,  // of one token; L1 also holds a chunk of weights and the next one
};

typedef struct bl_lut_block {
  size_t steps;            // at most one chunk
  const uint8_t *weights;  // step 0 of the first tile
  size_t tile_bytes;       // from one tile to the next
  const uint8_t *ahead;    // what to prefetch to L2, laid out as the weights are
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

// Bytes of a table as look-ups read it.
static inline size_t bl_lut_read_table_bytes(const bl_lut_layout *layout) {
  return layout->expanded_table_bytes != 0 ? layout->expanded_table_bytes : layout->table_bytes;
}
static inline size_t bl_lut_run_chunks(const bl_lut_layout *layout, size_t tokens) {
  const size_t chunk_bytes = layout->chunk_steps * layout->step_tables * bl_lut_read_table_bytes(layout);
  return tokens > 1 || chunk_bytes > BL_LUT_RUN_TABLE_BYTES ? 1 : BL_LUT_RUN_TABLE_BYTES / chunk_bytes;
}
// Expanded tables of one token for a run.
static inline size_t bl_lut_expanded_bytes(const bl_lut_layout *layout, size_t tokens) {
  return bl_lut_run_chunks(layout, tokens) * layout->chunk_steps * layout->step_tables *
         layout->expanded_table_bytes;
}
static inline size_t bl_lut_workspace_bytes(const bl_lut_layout *layout, size_t m) {
  const size_t several = bl_min(m, BL_LUT_TOKENS) * bl_lut_expanded_bytes(layout, 2);
  const size_t one = bl_lut_expanded_bytes(layout, 1);  // also for a remainder of one token
  return several > one ? several : one;
}

// A run of columns and what its tokens look up.
typedef struct bl_lut_run {
  size_t tokens;
  size_t steps;
  const uint8_t *weights;  // step 0 of the run in row 0 of the matrix
  size_t tile_bytes;
  const uint8_t *tables;  // step 0 of the run, first token
  size_t token_bytes;
  size_t step_bytes;  // of one token's tables
  int32_t *y;         // row 0 of the first token
  size_t y_stride;
  bool first;
} bl_lut_run;

// Points the run to its tables, in the workspace, made of those it points to.
static inline void bl_lut_expand_tables(const bl_lut_plan *plan, bl_lut_run *run, uint8_t *workspace) {
  const bl_lut_layout *layout = plan->layout;
  const size_t token_bytes = bl_lut_expanded_bytes(layout, run->tokens);
  for (size_t token = 0; token < run->tokens; token++)
    plan->expand(run->tables + token * run->token_bytes, run->steps * layout->step_tables,
                 workspace + token * token_bytes);
  run->tables = workspace;
  run->token_bytes = token_bytes;
  run->step_bytes = layout->step_tables * layout->expanded_table_bytes;
}

static inline void bl_lut_multiply_tokens(const bl_lut_plan *plan, bl_lut_block *block, size_t tokens) {
  const size_t tiles = bl_divide_up(block->rows, BL_LUT_ROWS);
  for (size_t token = 0; token < tokens;) {
    const size_t count = tokens - token >= plan->tokens ? plan->tokens : 1;
    plan->multiply_block(block, tiles, count);
    block->ahead = block->weights;  // prefetched once is enough
    block->tables += count * block->token_bytes;
    block->y += count * block->y_stride;
    token += count;
  }
}

static inline void bl_lut_multiply_run(const bl_lut_plan *plan, const bl_lut_run *run, size_t n_begin,
                                       size_t n_end) {
  const bl_lut_layout *layout = plan->layout;
  const size_t tiles = plan->tokens > 1 && run->tokens >= plan->tokens ? plan->tokens_tiles : plan->tiles;
  for (size_t row = n_begin; row < n_end; row += tiles * BL_LUT_ROWS) {
    const size_t rows = bl_min(tiles * BL_LUT_ROWS, n_end - row), next = row + tiles * BL_LUT_ROWS;
    const uint8_t *weights = run->weights + row / BL_LUT_ROWS * run->tile_bytes;
    const uint8_t *next_weights =
        next + rows <= n_end ? run->weights + next / BL_LUT_ROWS * run->tile_bytes : weights;
    for (size_t step = 0; step < run->steps; step += layout->chunk_steps) {
      const size_t left = run->steps - step;
      bl_lut_block block = {
          .steps = bl_min(layout->chunk_steps, left),
          .weights = weights + step * layout->step_weight_bytes,
          .tile_bytes = run->tile_bytes,
          .ahead = left > layout->chunk_steps
                       ? weights + (step + layout->chunk_steps) * layout->step_weight_bytes
                       : next_weights,
          .tables = run->tables + step * run->step_bytes,
          .token_bytes = run->token_bytes,
          .y = run->y + row,
          .y_stride = run->y_stride,
          .rows = rows,
          .first = run->first && step == 0,
      };
      bl_lut_multiply_tokens(plan, &block, run->tokens);
    }
  }
}

static inline void bl_lut_multiply(const bl_lut_plan *plan, const bl_multiply_task *task) {
  const bl_lut_layout *layout = plan->layout;
  const size_t steps = bl_lut_steps(layout, task->k), token_bytes = bl_lut_token_bytes(layout, task->k);
  for (size_t token = 0; token < task->m; token += BL_LUT_TOKENS) {
    const size_t tokens = bl_min(BL_LUT_TOKENS, task->m - token);
    const size_t run_steps = bl_lut_run_chunks(layout, tokens) * layout->chunk_steps;
    for (size_t step = 0; step < steps; step += run_steps) {
      bl_lut_run run = {
          .tokens = tokens,
          .steps = bl_min(run_steps, steps - step),
          .weights = (const uint8_t *)task->packed + step * layout->step_weight_bytes,
          .tile_bytes = steps * layout->step_weight_bytes,
          .tables =
              (const uint8_t *)task->prepared + token * token_bytes + step * bl_lut_step_table_bytes(layout),
          .token_bytes = token_bytes,
          .step_bytes = bl_lut_step_table_bytes(layout),
          .y = (int32_t *)task->y + token * task->n,
          .y_stride = task->n,
          .first = step == 0,
      };
      if (layout->expanded_table_bytes != 0) bl_lut_expand_tables(plan, &run, task->workspace);
      bl_lut_multiply_run(plan, &run, task->n_begin, task->n_end);
    }
  }
}

#endif
