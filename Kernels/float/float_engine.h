// The multiplication shared by all float vector kernels: one register tile for decode and prefill.
//
//            T tokens, broadcast one by one
//            x0  x1  x2  ...
//   w rows  +---+---+---+
//   0..L-1  | s | s | s | ...   V x T sums in registers, stored in y or added to it at the end
//   L..2L-1 | s | s | s | ...
//
// A kernel file includes, inside its target region, the vectors (float/float_avx2.h, float_avx512.h or
// float_neon.h), then says what it is made of (below), then includes this file, which leaves prepare(),
// prepared_bytes(), workspace_bytes() and multiply(). A *column* is what one element of the activation panel
// multiplies: one float, or a pair of bfloat16.
//   enum { COLUMN_BYTES };        bytes of one column in a packed tile of 16 rows
//   enum { COLUMN_ACTIVATIONS };  activations in one column: 1, or 2 for pairs
//   enum { WIDENS };              1 when weights must be converted before they can be multiplied
//   vector load_weights(const uint8_t *columns, size_t odd, size_t v)
//                                 vector v of a tile in the first (odd = 0) or second column of two
//   four load_activations(const float *x)   four columns of the panel
//   vector multiply_add(vector w, const float *x, vector sum)   sum + w * (the element at x, broadcast)
//
// Activations lie in panels, one for each block of at most TOKENS tokens (float/float_panels.h).
//
// With one block the weights are used as they stream by. With several, the work goes by chunks of columns and
// groups of blocks, so that the activations of a group's chunk stay in L2 for all rows. The first block
// leaves a widened copy of its weights in the workspace (its stores hide behind the multiplications) for the
// others: they stream it from L2, which costs them nothing, as a vector of weights is used for a whole block.
// Long chunks make sums travel to y and back seldom. Each weight is read from memory once per group of
// tokens, and asked for while the rows before it are multiplied, a part with every block.
#ifndef BL_FLOAT_ENGINE_H
#define BL_FLOAT_ENGINE_H

#include "common/bl_math.h"
#include "common/bl_weight_streams.h"
#include "float/float_panels.h"

enum {
  TILE_VECTORS = BL_FLOAT_ROWS / LANES,  // vectors in a tile
  MAXIMUM_TILES = STREAM_VECTORS / TILE_VECTORS,
  // As many tokens as make the widening of a weight, and its way from memory, small beside its uses.
  TOKEN_GROUP = 128,
  CHUNK_COLUMNS = ACTIVATION_CACHE_BYTES / (TOKEN_GROUP * sizeof(float)),
  LINE_BYTES = 64,
};

// ---- the register tile ----

typedef struct tile_task {
  const uint8_t *tile[MAXIMUM_TILES];  // weights, from the first column on
  const uint8_t *next[MAXIMUM_TILES];  // the packed weights that will be wanted after these
  float *panels;                       // their float copies, tile by tile
  size_t columns;
  size_t lead;        // one block: prefetch to L2 so many columns ahead, and in the end from `next`
  size_t next_lines;  // several: prefetch so many cache lines of each tile from `next` on
  const float *x;
  float *y;  // of the first token and row
  size_t y_stride;
  size_t rows;  // of the tiles that exist
  bool add;     // to y, because this is not the first chunk of columns
} tile_task;

BL_ALWAYS_INLINE void store_sum(vector sum, float *y, size_t rows, bool add) {
  if (rows >= LANES) {
    store_vector(y, add ? add_vectors(sum, load_vector(y)) : sum);
    return;
  }
  float part[LANES];
  store_vector(part, sum);
  for (size_t row = 0; row < rows; row++) y[row] = add ? y[row] + part[row] : part[row];
}

// The weights of a register tile are used by one block of tokens, or by a first one and again by others.
typedef enum use { USE_ONCE, USE_FIRST, USE_AGAIN } use;

// Vector v of the register tile in a column of the panels.
BL_ALWAYS_INLINE float *panel_vector(float *panels, size_t column, size_t v) {
  return panels + (column * VECTORS + v) * LANES;
}

// `use`, `vectors` and `tokens` are constants, and loops over them are unrolled: the sums must never become
// an array in memory. With few sums, odd and even columns get sums of their own, to keep the adders busy over
// their latency.
BL_ALWAYS_INLINE void multiply_tile(use use, size_t vectors, size_t tokens, const tile_task *task,
                                    const float *restrict activations, float *restrict panels) {
  const size_t tiles = vectors / TILE_VECTORS;
  const bool split = vectors * tokens < 8;
  vector sums[2][STREAM_VECTORS][TOKENS];
  BL_UNROLL
  for (size_t v = 0; v < vectors; v++) {
    BL_UNROLL
    for (size_t t = 0; t < tokens; t++) sums[0][v][t] = sums[1][v][t] = zero_vector();
  }
  const uint8_t *near_end[MAXIMUM_TILES], *past_end[MAXIMUM_TILES];
  const size_t turn = task->columns - task->lead;
  BL_UNROLL
  for (size_t i = 0; i < tiles; i++) {
    near_end[i] = task->tile[i] + task->lead * COLUMN_BYTES;
    past_end[i] = task->next[i] - turn * COLUMN_BYTES;
  }
  for (size_t column = 0; column < task->columns; column += 2) {
    BL_UNROLL
    for (size_t i = 0; i < tiles; i++) {
      if (use == USE_ONCE) {
        const uint8_t *ahead = (column < turn ? near_end[i] : past_end[i]) + column * COLUMN_BYTES;
        BL_UNROLL
        for (size_t line = 0; line < 2 * COLUMN_BYTES; line += LINE_BYTES) bl_prefetch_to_l2(ahead + line);
        BL_UNROLL
        for (size_t line = 0; line < 2 * COLUMN_BYTES; line += LINE_BYTES)
          bl_prefetch_to_l1(task->tile[i] + column * COLUMN_BYTES + BL_STREAMS_L1_AHEAD_BYTES + line);
      } else if (column / 2 < task->next_lines) {  // not to L1, where it would displace what is used at once
        bl_prefetch_to_l2(task->next[i] + column / 2 * LINE_BYTES);
      }
    }
    // y is far apart from token to token. It is asked for at the beginning: a branch that turns in the middle
    // of the loop costs AVX2, whose tiles are small, a tenth of its speed.
    if (use != USE_ONCE && column / 2 < tokens) {
      BL_UNROLL
      for (size_t v = 0; v < vectors; v++)
        bl_prefetch_to_l1(task->y + column / 2 * task->y_stride + v * LANES);
    }
    BL_UNROLL
    for (size_t odd = 0; odd < 2; odd++) {
      vector w[STREAM_VECTORS];
      BL_UNROLL
      for (size_t v = 0; v < vectors; v++) {
        float *copy = panel_vector(panels, column + odd, v);
        w[v] = WIDENS && use == USE_AGAIN ? load_vector(copy)
                                          : load_weights(task->tile[v / TILE_VECTORS] + column * COLUMN_BYTES,
                                                         odd, v % TILE_VECTORS);
        if (WIDENS && use == USE_FIRST) store_vector(copy, w[v]);
      }
      BL_UNROLL
      for (size_t t = 0; t < tokens; t++) {
        const float *x = activations + (column + odd) * tokens + t;
        BL_UNROLL
        for (size_t v = 0; v < vectors; v++) {
          vector *sum = &sums[split ? odd : 0][v][t];
          *sum = multiply_add(w[v], x, *sum);
        }
      }
    }
  }
  BL_UNROLL
  for (size_t v = 0; v < vectors; v++) {
    BL_UNROLL
    for (size_t t = 0; t < tokens; t++) {
      const vector sum = split ? add_vectors(sums[0][v][t], sums[1][v][t]) : sums[0][v][t];
      if (v * LANES < task->rows)
        store_sum(sum, task->y + t * task->y_stride + v * LANES, task->rows - v * LANES, task->add);
    }
  }
}

#define CASE(count)                                                  \
  case count:                                                        \
    multiply_tile(use, VECTORS, count, task, task->x, task->panels); \
    break
BL_ALWAYS_INLINE void multiply_block(use use, size_t tokens, const tile_task *task) {
  switch (tokens) {
    CASE(1);
    CASE(2);
    CASE(3);
    CASE(4);
    CASE(5);
    CASE(6);
#if TOKENS > 6
    CASE(7);
    CASE(8);
    CASE(9);
    CASE(10);
    CASE(11);
    CASE(12);
    CASE(13);
    CASE(14);
#endif
  }
}
#undef CASE
static void multiply_only_block(size_t tokens, const tile_task *task) {
  multiply_block(USE_ONCE, tokens, task);
}
static void multiply_first_block(size_t tokens, const tile_task *task) {
  multiply_block(USE_FIRST, tokens, task);
}
static void multiply_further_block(size_t tokens, const tile_task *task) {
  multiply_block(USE_AGAIN, tokens, task);
}
static void multiply_stream(const tile_task *task) {
  multiply_tile(USE_ONCE, STREAM_VECTORS, 1, task, task->x, task->panels);
}

// ---- the loops around it ----

static size_t workspace_bytes(size_t m, size_t n, size_t k) {
  (void)n, (void)k;
  return WIDENS && m > TOKENS ? CHUNK_COLUMNS * VECTORS * LANES * sizeof(float) : 0;
}

// The addresses of `column` in the tiles from `row` on; past the last row, of its tile once more.
static void locate_tiles(const bl_multiply_task *task, size_t row, size_t column, const uint8_t **tile) {
  const size_t tile_bytes = column_count(task->k) * COLUMN_BYTES;
  for (size_t i = 0; i < MAXIMUM_TILES; i++) {
    const size_t index = bl_min(row / BL_FLOAT_ROWS + i, (task->n_end - 1) / BL_FLOAT_ROWS);
    tile[i] = (const uint8_t *)task->packed + index * tile_bytes + column * COLUMN_BYTES;
  }
}

// Columns of a chunk: as many as keep the activations of one block, or of a group of blocks, in their cache;
// chunks of about equal length.
static size_t chunk_columns(size_t m, size_t columns) {
  if (m <= TOKENS) return bl_min(ACTIVATION_CACHE_BYTES / sizeof(float) / m / 4 * 4, columns);
  return bl_round_up(bl_divide_up(columns, bl_divide_up(columns, CHUNK_COLUMNS)), BL_FLOAT_COLUMNS);
}

// A rectangle of the product: blocks of tokens times columns, for all rows of the task.
typedef struct chunk {
  size_t first_block, past_block, column, columns;
} chunk;

// What a register tile of the rows from `row` on needs to know, whatever the block.
static tile_task tile_of_rows(const bl_multiply_task *task, const chunk *chunk, size_t row, size_t past_row) {
  const size_t all_columns = column_count(task->k), past_column = chunk->column + chunk->columns;
  const size_t ahead_bytes = BL_STREAMS_AHEAD_BYTES / ((past_row - row) / BL_FLOAT_ROWS);
  tile_task tile = {
      .panels = task->workspace,
      .columns = chunk->columns,
      .lead = bl_min(chunk->columns, ahead_bytes / COLUMN_BYTES),
      .y_stride = task->n,
      .rows = task->n_end - row,
      .add = chunk->column > 0,
  };
  locate_tiles(task, row, chunk->column, tile.tile);
  if (past_row < task->n_end)
    locate_tiles(task, past_row, chunk->column, tile.next);
  else
    locate_tiles(task, task->n_begin, past_column < all_columns ? past_column : 0, tile.next);
  return tile;
}

static void multiply_chunk(const bl_multiply_task *task, const token_blocks *blocks, const chunk *chunk) {
  const size_t all_columns = column_count(task->k), count = chunk->past_block - chunk->first_block;
  const bool shared = task->m > TOKENS;
  const size_t lines = bl_divide_up(chunk->columns * COLUMN_BYTES, LINE_BYTES * count);
  for (size_t row = task->n_begin, past_row; row < task->n_end; row = past_row) {
    const bool stream = task->m == 1 && task->n_end - row > VECTORS * LANES;
    past_row = row + (stream ? STREAM_VECTORS : VECTORS) * LANES;
    tile_task tile = tile_of_rows(task, chunk, row, past_row);
    tile.next_lines = lines;
    for (size_t block = chunk->first_block; block < chunk->past_block; block++) {
      const size_t token = block_begin(blocks, block), tokens = block_begin(blocks, block + 1) - token;
      tile.x = (const float *)task->prepared + token * all_columns + chunk->column * tokens;
      tile.y = (float *)task->y + token * task->n + row;
      if (stream) {
        multiply_stream(&tile);
      } else if (!shared) {
        multiply_only_block(tokens, &tile);
      } else if (block == chunk->first_block) {
        multiply_first_block(tokens, &tile);
      } else {
        multiply_further_block(tokens, &tile);
      }
      for (size_t i = 0; shared && i < MAXIMUM_TILES; i++) tile.next[i] += lines * LINE_BYTES;
    }
  }
}

static void multiply(const bl_multiply_task *task) {
  const token_blocks blocks = divide_tokens(task->m);
  const size_t columns = column_count(task->k), most_columns = chunk_columns(task->m, columns);
  const size_t groups = bl_divide_up(task->m, TOKEN_GROUP);
  for (size_t group = 0; group < groups; group++) {
    for (size_t column = 0; column < columns; column += most_columns)
      multiply_chunk(task, &blocks,
                     &(chunk){.first_block = group * blocks.count / groups,
                              .past_block = (group + 1) * blocks.count / groups,
                              .column = column,
                              .columns = bl_min(most_columns, columns - column)});
  }
}

#endif
