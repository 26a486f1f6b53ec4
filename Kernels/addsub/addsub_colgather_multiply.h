// The loops around add_columns() of the vector kernels on the `colgather` packing, whose tiles they split
// into PARTS parts of 256 / PARTS rows, one vector of bytes each. Include inside the target region, after
//
//   add_columns(parts, tokens, tile, part, live, count, totals): adds up to 255 live columns to the totals of
//     `parts` parts from `part` on, for `tokens` tokens; parts and tokens are constants.
//   total_of_row(row): where the total of a row of the tile lies.
#ifndef BL_ADDSUB_COLGATHER_MULTIPLY_H
#define BL_ADDSUB_COLGATHER_MULTIPLY_H

BL_ALWAYS_INLINE void multiply_tile(size_t parts, size_t tokens, const bl_multiply_task *task, size_t row,
                                    size_t token) {
  int32_t totals[BL_LIVE_TOKENS][BL_COLGATHER_ROWS] __attribute__((aligned(64)));
  for (size_t t = 0; t < tokens; t++)
    for (size_t r = 0; r < BL_COLGATHER_ROWS; r++) totals[t][r] = 0;
  const uint64_t *tile =
      (const uint64_t *)task->packed + row / BL_COLGATHER_ROWS * bl_colgather_tile_words(task->k);
  const bl_live_column *live =
      (const bl_live_column *)task->prepared + token / BL_LIVE_TOKENS * bl_live_group_entries(task->k);
  const size_t columns = live[0].column;
  live++;
  for (size_t begin = 0; begin < columns; begin += BL_LIVE_COLUMNS_PER_SHORT_SUM) {
    const size_t count = bl_min(BL_LIVE_COLUMNS_PER_SHORT_SUM, columns - begin);
    for (size_t part = 0; part < PARTS; part += parts)
      add_columns(parts, tokens, tile, part, live + begin, count, totals);
  }
  const size_t rows = bl_min(BL_COLGATHER_ROWS, task->n_end - row);
  int32_t *y = (int32_t *)task->y + token * task->n + row;
  for (size_t t = 0; t < tokens; t++)
    for (size_t r = 0; r < rows; r++) y[t * task->n + r] = totals[t][total_of_row(r)];
}

// Four parts of one token to one part of four tokens: as many sums as registers hold.
static void multiply(const bl_multiply_task *task) {
  for (size_t row = task->n_begin; row < task->n_end; row += BL_COLGATHER_ROWS) {
    for (size_t token = 0; token < task->m; token += BL_LIVE_TOKENS) {
      switch (task->m - token) {
        case 1:
          multiply_tile(4, 1, task, row, token);
          break;
        case 2:
          multiply_tile(2, 2, task, row, token);
          break;
        case 3:
          multiply_tile(1, 3, task, row, token);
          break;
        default:
          multiply_tile(1, 4, task, row, token);
      }
    }
  }
}

#endif
