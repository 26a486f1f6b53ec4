// The loops of a look-up kernel over one token: decode, bound by the stream of weights.
//
// DRAM is read fastest in a few long streams, so the weights are read tile by tile from the first column to
// the last, and the tables, of which there are then too many for L1, are read from L2 side by side with them:
//
//   for a run of columns whose expanded tables take a quarter of L2:
//     for a few tiles of 64 rows, as evenly as they divide: so many streams
//       for each chunk of the run: block(): sums of int8 and int16 in registers, added to y
//
// The first tiles of a run expand the tables piece by piece as they go, so that memory never waits for
// tables. The blocks prefetch within their streams, and at the end of a stream the next ones.
#ifndef BL_LUT_STREAMS_H
#define BL_LUT_STREAMS_H

#include "common/bl_math.h"
#include "common/bl_weight_streams.h"
#include "lut/lut_blocking.h"

enum {
  BL_LUT_STREAM_TABLE_BYTES = 256 << 10,  // a quarter of the 1 MiB of L2 that most CPUs with VBMI have
  // To L2; from there to L1 by common/bl_weight_streams.h. Farther than its other streams, because blocks of
  // several lines of each stream and tables in between are an order that no prefetcher of the core helps
  // with: on Zen 4 1 KiB makes 68% of what the read probe gets, 1.5 KiB 80%, 2 and 4 KiB 85%.
  BL_LUT_STREAM_PREFETCH_BYTES = 2048,
  BL_LUT_STREAM_PIECE_STEPS = 10,  // of a chunk, where tables are expanded or a stream ends
};

typedef struct bl_lut_streams {
  const bl_lut_layout *layout;
  bl_lut_multiply_block multiply_block;
  bl_lut_expand expand;
  size_t most_tiles;
} bl_lut_streams;

// Chunks of each run: all runs but the last have so many.
static inline size_t bl_lut_stream_chunks(const bl_lut_layout *layout, size_t k) {
  const size_t chunks = bl_divide_up(bl_lut_steps(layout, k), layout->chunk_steps);
  const size_t chunk_bytes = layout->chunk_steps * layout->step_tables * layout->expanded_table_bytes;
  return bl_divide_up(chunks, bl_divide_up(chunks * chunk_bytes, BL_LUT_STREAM_TABLE_BYTES));
}
static inline size_t bl_lut_stream_workspace_bytes(const bl_lut_layout *layout, size_t k) {
  return bl_lut_stream_chunks(layout, k) * layout->chunk_steps * layout->step_tables *
         layout->expanded_table_bytes;
}

// One run of columns.
typedef struct bl_lut_stream_run {
  size_t begin, end;       // steps
  const uint8_t *weights;  // step `begin` of the task's first tile
  size_t tile_bytes;       // from one tile to the next
  uint8_t *tables;         // expanded, of step `begin`
} bl_lut_stream_run;

// Some tiles of the run, from `tile` on. `next_weights`: where the tiles after them begin.
static inline void bl_lut_multiply_stream_tiles(const bl_lut_streams *streams, const bl_multiply_task *task,
                                                const bl_lut_stream_run *run, size_t tile, size_t tiles,
                                                const uint8_t *next_weights) {
  const bl_lut_layout *layout = streams->layout;
  const size_t run_bytes = (run->end - run->begin) * layout->step_weight_bytes;
  const size_t prepared_bytes = bl_lut_step_table_bytes(layout);
  const size_t table_bytes = layout->step_tables * layout->expanded_table_bytes;
  const size_t first_row = task->n_begin + tile * BL_LUT_ROWS;
  const uint8_t *weights = run->weights + tile * run->tile_bytes;
  for (size_t step = run->begin; step < run->end;) {
    const size_t offset = (step - run->begin) * layout->step_weight_bytes;
    const size_t ahead = offset + BL_LUT_STREAM_PREFETCH_BYTES;
    const bool expanding = tile == 0;
    const bool ending = ahead + layout->chunk_steps * layout->step_weight_bytes > run_bytes;
    const size_t steps =
        bl_min(expanding || ending ? BL_LUT_STREAM_PIECE_STEPS : layout->chunk_steps, run->end - step);
    uint8_t *tables = run->tables + (step - run->begin) * table_bytes;
    if (expanding)
      streams->expand((const uint8_t *)task->prepared + step * prepared_bytes, steps * layout->step_tables,
                      tables);
    const bl_lut_block block = {
        .steps = steps,
        .weights = weights + offset,
        .tile_bytes = run->tile_bytes,
        .ahead = ahead < run_bytes ? weights + ahead : next_weights + (ahead - run_bytes),
        .tables = tables,
        .y = (int32_t *)task->y + first_row,
        .y_stride = task->n,
        .rows = bl_min(tiles * BL_LUT_ROWS, task->n_end - first_row),
        .first = step == 0,
    };
    streams->multiply_block(&block, tiles, 1);
    step += steps;
  }
}

static inline void bl_lut_multiply_streams(const bl_lut_streams *streams, const bl_multiply_task *task) {
  const bl_lut_layout *layout = streams->layout;
  const size_t steps = bl_lut_steps(layout, task->k), tile_bytes = steps * layout->step_weight_bytes;
  const size_t run_steps = bl_lut_stream_chunks(layout, task->k) * layout->chunk_steps;
  const size_t tiles = bl_divide_up(task->n_end - task->n_begin, BL_LUT_ROWS);
  const size_t blocks = bl_divide_up(tiles, streams->most_tiles);
  const uint8_t *first_tile = (const uint8_t *)task->packed + task->n_begin / BL_LUT_ROWS * tile_bytes;
  for (size_t line = 0; line < BL_LUT_STREAM_PREFETCH_BYTES; line += 64)
    for (size_t tile = 0; tile < tiles / blocks; tile++)
      bl_prefetch_to_l2(first_tile + tile * tile_bytes + line);
  for (size_t step = 0; step < steps; step += run_steps) {
    const bl_lut_stream_run run = {
        .begin = step,
        .end = bl_min(step + run_steps, steps),
        .weights = first_tile + step * layout->step_weight_bytes,
        .tile_bytes = tile_bytes,
        .tables = task->workspace,
    };
    const uint8_t *next_run = first_tile + run.end * layout->step_weight_bytes;
    for (size_t block = 0; block < blocks; block++) {
      const size_t tile = block * tiles / blocks, next = (block + 1) * tiles / blocks;
      bl_lut_multiply_stream_tiles(streams, task, &run, tile, next - tile,
                                   next < tiles ? run.weights + next * tile_bytes : next_run);
    }
  }
}

#endif
