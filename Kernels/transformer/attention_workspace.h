// Where attention keeps what it computes with, the same at every instruction set level. A *row* is one query
// head of one token; rows are numbered token by token.
#ifndef BL_ATTENTION_WORKSPACE_H
#define BL_ATTENTION_WORKSPACE_H

#include "common/bl_math.h"

enum {
  BL_ATTENTION_ROWS = 96,           // most rows that are computed together
  BL_ATTENTION_TILE_ROWS = 48,      // a multiple of every level's register tile
  BL_ATTENTION_POSITIONS = 64,      // of keys and values
  BL_ATTENTION_DIMENSION_STEP = 16  // a multiple of every level's vectors
};

// Offsets in floats, each a multiple of 16.
typedef struct bl_attention_layout {
  size_t rows, dimension;  // rounded up
  size_t queries, outputs;
  size_t keys, values;  // a block of positions
  size_t scores;        // of a register tile's rows for a block of positions
  size_t largest, sums, factors, limits;
  size_t bytes;
} bl_attention_layout;

static inline bl_attention_layout bl_attention_layout_of(size_t rows, size_t dimension) {
  bl_attention_layout layout = {
      .rows = bl_round_up(bl_min(rows, BL_ATTENTION_ROWS), BL_ATTENTION_TILE_ROWS),
      .dimension = bl_round_up(dimension, BL_ATTENTION_DIMENSION_STEP),
  };
  layout.queries = 0;
  layout.outputs = layout.queries + layout.rows * layout.dimension;
  layout.keys = layout.outputs + layout.rows * layout.dimension;
  layout.values = layout.keys + BL_ATTENTION_POSITIONS * layout.dimension;
  layout.scores = layout.values + BL_ATTENTION_POSITIONS * layout.dimension;
  layout.largest = layout.scores + BL_ATTENTION_POSITIONS * BL_ATTENTION_TILE_ROWS;
  layout.sums = layout.largest + layout.rows;
  layout.factors = layout.sums + layout.rows;
  layout.limits = layout.factors + layout.rows;
  layout.bytes = (layout.limits + layout.rows) * sizeof(float);
  return layout;
}

#endif
