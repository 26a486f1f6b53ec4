#include "common/bl_gemm.h"

size_t bl_gemm_workspace_bytes(const bl_gemm_engine *engine, size_t panels, size_t m) {
  return panels * (BL_GEMM_PANEL_BYTES + m * engine->rows * sizeof(int32_t));
}

// The lines of the piece after this one, of about the same size.
static bl_gemm_lines lines_after(const bl_gemm_engine *engine, const bl_gemm_weights *weights,
                                 const bl_gemm_piece *piece) {
  const bool last = piece->quad_end == weights->quads;
  const size_t steps = bl_divide_up(piece->quad_end - piece->quad_begin, weights->quad_step);
  const size_t next_step = last ? 0 : piece->quad_end / weights->quad_step;
  // Bytes of a row that do not begin with a line reach into one line more.
  const bool at_lines =
      weights->row_bytes % BL_GEMM_LINE_BYTES == 0 && weights->step_bytes % BL_GEMM_LINE_BYTES == 0;
  const size_t lines =
      bl_divide_up(steps * weights->step_bytes + (at_lines ? 0 : BL_GEMM_LINE_BYTES - 1), BL_GEMM_LINE_BYTES);
  return (bl_gemm_lines){
      .rows = piece->row_begin,
      .offset = (last ? engine->rows * weights->row_bytes : 0) + next_step * weights->step_bytes,
      .end = weights->row_bytes ? lines * engine->rows : 0,
  };
}

// All tokens with one panel, and meanwhile a prefetch of the lines that the next piece will read, spread over
// the tiles: a core waits for its own activations when all its requests to memory are out.
static void multiply_panel(const bl_gemm_engine *engine, const bl_gemm_weights *weights,
                           const bl_gemm_piece *piece, size_t panel) {
  const bl_multiply_task *task = piece->task;
  const size_t m = task->m, row = piece->row + panel * engine->rows,
               quads = piece->quad_end - piece->quad_begin;
  const bool first = piece->quad_begin == 0, last = piece->quad_end == weights->quads;
  int32_t *sums = (int32_t *)((uint8_t *)task->workspace + weights->panels * BL_GEMM_PANEL_BYTES) +
                  panel * m * engine->rows;
  const bl_gemm_lines lines = lines_after(engine, weights, piece);
  bl_gemm_lines next = lines;
  next.end = 0;
  const size_t tiles = bl_token_tiles(m, engine->tokens);
  for (size_t i = 0; i < tiles; i++) {
    const bl_token_tile tile = bl_token_tile_at(m, engine->tokens, i);
    const size_t tokens = tile.end - tile.begin;
    next.begin = next.end;
    // On the last block of columns, the first quads prefetch the tile's place in y.
    const size_t room = quads - (last ? bl_min(tokens, quads) : 0);
    next.end = next.begin + bl_min(bl_divide_up(lines.end - next.begin, tiles - i), room);
    engine->tile[tokens](&(bl_gemm_step){
        .panel = piece->panel + panel * BL_GEMM_PANEL_BYTES,
        .x = bl_int8_activations(task->prepared, m) +
             (tile.begin * weights->quads + piece->quad_begin * tokens) * 4,
        .quads = quads,
        .start = first ? bl_int8_starts(task->prepared) + tile.begin : NULL,
        .sums = sums + tile.begin * engine->rows,
        .y = last ? (int32_t *)task->y + tile.begin * task->n + row : NULL,
        .y_stride = task->n,
        .y_rows = bl_min(engine->rows, task->n_end - row),
        .next = next,
    });
  }
}

void bl_gemm_multiply(const bl_gemm_engine *engine, const bl_gemm_weights *weights,
                      const bl_multiply_task *task) {
  // Blocks of columns of about equal length, each no longer than a panel.
  const size_t quads = weights->quads, step = weights->quad_step;
  const size_t panel_quads = BL_GEMM_PANEL_BYTES / (4 * engine->rows);
  const size_t blocks = bl_divide_up(quads, panel_quads / step * step);
  const size_t block_quads = bl_round_up(bl_divide_up(quads, blocks), step);
  bl_gemm_piece piece = {.task = task, .panel = task->workspace};
  for (piece.row = task->n_begin; piece.row < task->n_end; piece.row += weights->panels * engine->rows) {
    for (size_t r = 0; r < engine->rows; r++)
      piece.row_begin[r] =
          (const uint8_t *)task->packed + bl_min(piece.row + r, task->n_end - 1) * weights->row_bytes;
    for (size_t quad = 0; quad < quads; quad = piece.quad_end) {
      piece.quad_begin = quad;
      piece.quad_end = bl_min(quad + block_quads, quads);
      weights->unpack(&piece);
      for (size_t panel = 0; panel < weights->panels && piece.row + panel * engine->rows < task->n_end;
           panel++)
        multiply_panel(engine, weights, &piece, panel);
    }
  }
}
