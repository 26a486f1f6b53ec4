// The prefill (M > 1) matrix product of every packing that unpacks to bytes, whatever the instruction set:
// unpack a panel of weights once, use it for all tokens.
//
// A *quad* is the columns in one 32-bit lane: four of 8 bits, or, where an instruction set needs it, two of
// 16. A packing chooses which columns make a quad as long as weights and activations agree.
//
//   weight panel        [quad][rows of the tile][columns of the quad]   in the workspace, small enough for L1
//   activation panels   [token tile][quad][tokens of the tile][columns of the quad]    written by prepare()
//
// This file has the loops over rows, columns and tokens; an engine brings the register tile: bl_gemm_vnni.h,
// bl_gemm_avx2.h.
#ifndef BL_GEMM_H
#define BL_GEMM_H

#include "common/bl_gemm_token_tiles.h"
#include "common/bl_int8_prepared.h"

enum {
  BL_GEMM_MOST_ROWS = 32,
  BL_GEMM_MOST_TOKENS = 12,
  // Of a weight panel: half of a 32 KiB level-1 cache, the other half for the activations that stream past.
  BL_GEMM_PANEL_BYTES = 16384,
  BL_GEMM_LINE_BYTES = 64,
};

// A rectangle of the weight matrix to unpack.
typedef struct bl_gemm_piece {
  const bl_multiply_task *task;
  size_t row;                   // the first; the matrix may end before the last row of a panel
  size_t quad_begin, quad_end;  // quad_begin is a multiple of quad_step
  uint8_t *panel;  // panels of BL_GEMM_PANEL_BYTES, each beginning with quad_begin; may be filled up to a
                   // multiple of quad_step; rows past the matrix may hold anything
  const uint8_t *row_begin[BL_GEMM_MOST_ROWS];  // of contiguous rows; past the matrix: its last row again
} bl_gemm_piece;

// How a packing is unpacked.
typedef struct bl_gemm_weights {
  void (*unpack)(const bl_gemm_piece *piece);
  size_t quads;       // of a row
  size_t quad_step;   // quads that are unpacked together, at most 64
  size_t panels;      // panels that are unpacked together, 1 to BL_GEMM_MOST_PANELS
  size_t row_bytes;   // from one contiguous row to the next, or 0 for a packing that interleaves rows
  size_t step_bytes;  // from one quad_step to the next in a contiguous row
} bl_gemm_weights;

enum { BL_GEMM_MOST_PANELS = 4 };

// Cache lines of packed weights that come next, to be asked for one by one between the multiplications: line
// i is in row i % rows of the engine, i / rows lines after `offset`.
typedef struct bl_gemm_lines {
  const uint8_t *const *rows;
  size_t offset, begin, end;
} bl_gemm_lines;

// One panel times one tile of tokens, over the columns of the panel.
typedef struct bl_gemm_step {
  const uint8_t *panel;
  const int8_t *x;
  size_t quads;
  const int32_t *start;  // one per token on the first step over the columns, else NULL: go on from sums
  int32_t *sums;         // [tokens][rows]: carries the sums from one step to the next
  int32_t *y;            // on the last step, else NULL
  size_t y_stride, y_rows;
  bl_gemm_lines next;  // to prefetch, at most one a quad, besides the lines of y
} bl_gemm_step;

// A register tile for each number of tokens.
typedef struct bl_gemm_engine {
  size_t rows, tokens;  // of the largest tile
  void (*tile[BL_GEMM_MOST_TOKENS + 1])(const bl_gemm_step *step);
} bl_gemm_engine;

// Workspace of bl_gemm_multiply for weights with so many panels.
size_t bl_gemm_workspace_bytes(const bl_gemm_engine *engine, size_t panels, size_t m);

// y = start + codes * activations for the task's rows. Activations and starts lie in `prepared` as the
// engine's pack function leaves them.
void bl_gemm_multiply(const bl_gemm_engine *engine, const bl_gemm_weights *weights,
                      const bl_multiply_task *task);

#endif
