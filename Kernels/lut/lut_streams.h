// The loops of a look-up kernel over one token: decode, bound by the stream of weights.
//
// DRAM is read fastest in a few long streams, so the weights are read tile by tile from the first column to
// the last, and the tables, of which there are then too many for L1, are read from L2 side by side with them:
//
//   for a run of columns whose expanded tables take a quarter of L2:
//     expand the tables; meanwhile prefetch the first weights
//     for a few tiles of 64 rows, as evenly as they divide: so many streams
//       for each chunk of the run: block(): sums of int8 and int16 in registers, added to y
//
// The blocks prefetch within their streams, and the last chunk of a stream the first of the next.
#ifndef BL_LUT_STREAMS_H
#define BL_LUT_STREAMS_H

#include "common/bl_math.h"
#include "lut/lut_blocking.h"

enum {
  BL_LUT_STREAM_TABLE_BYTES = 256 << 10,  // a quarter of the 1 MiB of L2 that most CPUs with VBMI have
  // Far enough for the latency of DRAM, near enough for six streams to stay in L1.
  BL_LUT_STREAM_PREFETCH_BYTES = 2048,
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

// Expands the tables of steps `begin` to `end`; for each a cache line is prefetched from each of the streams.
static inline void bl_lut_expand_and_prefetch(const bl_lut_streams *streams, const bl_multiply_task *task,
                                              size_t begin, size_t end, const uint8_t *weights,
                                              size_t tile_bytes) {
  const bl_lut_layout *layout = streams->layout;
  const size_t step_bytes = bl_lut_step_table_bytes(layout), tables = layout->step_tables;
  enum { AT_ONCE = 8 };
  for (size_t step = begin; step < end; step += AT_ONCE) {
    const size_t steps = bl_min(AT_ONCE, end - step);
    const size_t line = (step - begin) / AT_ONCE * 64;
    if (line < BL_LUT_STREAM_PREFETCH_BYTES)
      for (size_t tile = 0; tile < streams->most_tiles; tile++)
        __builtin_prefetch(weights + tile * tile_bytes + line);
    streams->expand((const uint8_t *)task->prepared + step * step_bytes, steps * tables,
                    (uint8_t *)task->workspace + (step - begin) * tables * layout->expanded_table_bytes);
  }
}

static inline void bl_lut_multiply_streams(const bl_lut_streams *streams, const bl_multiply_task *task) {
  const bl_lut_layout *layout = streams->layout;
  const size_t steps = bl_lut_steps(layout, task->k), tile_bytes = steps * layout->step_weight_bytes;
  const size_t run_steps = bl_lut_stream_chunks(layout, task->k) * layout->chunk_steps;
  const size_t tiles = bl_divide_up(task->n_end - task->n_begin, BL_LUT_ROWS);
  const size_t blocks = bl_divide_up(tiles, streams->most_tiles);
  const uint8_t *first_tile = (const uint8_t *)task->packed + task->n_begin / BL_LUT_ROWS * tile_bytes;
  for (size_t run = 0; run < steps; run += run_steps) {
    const size_t run_end = bl_min(run + run_steps, steps);
    const uint8_t *weights = first_tile + run * layout->step_weight_bytes;
    bl_lut_expand_and_prefetch(streams, task, run, run_end, weights, tile_bytes);
    for (size_t block_index = 0; block_index < blocks; block_index++) {
      const size_t tile = block_index * tiles / blocks, next = (block_index + 1) * tiles / blocks;
      const uint8_t *next_weights = weights + (next < tiles ? next : tile) * tile_bytes;
      for (size_t step = run; step < run_end; step += layout->chunk_steps) {
        const size_t offset = (step - run) * layout->step_weight_bytes;
        const uint8_t *here = weights + tile * tile_bytes + offset;
        const bl_lut_block block = {
            .steps = bl_min(layout->chunk_steps, run_end - step),
            .weights = here,
            .tile_bytes = tile_bytes,
            .ahead =
                step + layout->chunk_steps < run_end ? here + BL_LUT_STREAM_PREFETCH_BYTES : next_weights,
            .tables = (const uint8_t *)task->workspace +
                      (step - run) * layout->step_tables * layout->expanded_table_bytes,
            .y = (int32_t *)task->y + task->n_begin + tile * BL_LUT_ROWS,
            .y_stride = task->n,
            .rows = bl_min((next - tile) * BL_LUT_ROWS, task->n_end - task->n_begin - tile * BL_LUT_ROWS),
            .first = step == 0,
        };
        streams->multiply_block(&block, next - tile, 1);
      }
    }
  }
}

#endif
