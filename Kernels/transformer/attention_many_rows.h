// Attention of many rows: two matrix products for each block of positions, both with one row in each lane, so
// that neither keys nor values need transposing and the softmax goes up and down vectors.
//
//   scores[position][row] = sum over i of keys[position][i] * queries[i][row]
//   outputs[i][row]       = factor[row] * outputs[i][row] + sum over position of values[position][i] *
//   p[position][row]
//
// A register tile is TILE_ELEMENTS positions or elements, broadcast one by one, times TILE_VECTORS vectors of
// rows. Queries and outputs lie in tiles of TILE_ROWS rows: [tile][element][row].
#ifndef BL_TRANSFORMER_ATTENTION_MANY_ROWS_H
#define BL_TRANSFORMER_ATTENTION_MANY_ROWS_H

enum { TILE_ROWS = TILE_VECTORS * LANES };

// c[e] = a's element e times b over all steps, plus c[e] * factors when there are any. `vectors` of
// TILE_VECTORS exist.
BL_ALWAYS_INLINE void multiply_register_tile(size_t vectors, size_t steps, const float *a, size_t a_element,
                                             size_t a_step, const float *b, const float *factors, float *c) {
  vector sums[TILE_ELEMENTS][TILE_VECTORS];
  BL_UNROLL
  for (size_t e = 0; e < TILE_ELEMENTS; e++) {
    BL_UNROLL
    for (size_t v = 0; v < vectors; v++) {
      const size_t at = e * TILE_ROWS + v * LANES;
      sums[e][v] =
          factors ? multiply_vectors(load_vector(c + at), load_vector(factors + v * LANES)) : zero_vector();
    }
  }
  for (size_t step = 0; step < steps; step++) {
    vector shared[TILE_VECTORS];
    BL_UNROLL
    for (size_t v = 0; v < vectors; v++) shared[v] = load_vector(b + step * TILE_ROWS + v * LANES);
    BL_UNROLL
    for (size_t e = 0; e < TILE_ELEMENTS; e++) {
      const vector element = splat(a[e * a_element + step * a_step]);
      BL_UNROLL
      for (size_t v = 0; v < vectors; v++) sums[e][v] = multiply_add(element, shared[v], sums[e][v]);
      BL_UNROLL
      for (size_t v = 0; v < vectors; v++) finish_before_next(&sums[e][v]);
    }
  }
  BL_UNROLL
  for (size_t e = 0; e < TILE_ELEMENTS; e++) {
    BL_UNROLL
    for (size_t v = 0; v < vectors; v++) store_vector(c + e * TILE_ROWS + v * LANES, sums[e][v]);
  }
}

// A tile of rows with `positions` positions from `begin` on, which the block in keys and values begins with.
typedef struct attention_tile {
  const attention_rows *rows;
  size_t first;  // row
  size_t begin, positions;
} attention_tile;

BL_ALWAYS_INLINE void score_tile(size_t vectors, const attention_tile *tile) {
  const attention_rows *rows = tile->rows;
  for (size_t position = 0; position < tile->positions; position += TILE_ELEMENTS)
    multiply_register_tile(vectors, rows->task->dimension, rows->keys + position * rows->dimension,
                           rows->dimension, 1, rows->queries + tile->first * rows->dimension, NULL,
                           rows->scores + position * TILE_ROWS);
}

// Positions behind a row's last one get the score -infinity.
static void hide_later_positions(const attention_tile *tile) {
  const attention_rows *rows = tile->rows;
  const float from_first = (float)((double)tile->begin - (double)last_position(rows, 0));
  for (size_t position = 0; position < tile->positions; position++) {
    for (size_t row = 0; row < TILE_ROWS; row += LANES) {
      float *scores = rows->scores + position * TILE_ROWS + row;
      const vector here = splat(from_first + (float)position);
      store_vector(scores, select_at_most(here, load_vector(rows->limits + tile->first + row),
                                          load_vector(scores), splat(-INFINITY)));
    }
  }
}

// Scores become weights exp(score - largest), and the factors say what to scale earlier sums with.
static void carry_softmax_on(const attention_tile *tile) {
  const attention_rows *rows = tile->rows;
  for (size_t row = 0; row < TILE_ROWS; row += LANES) {
    float *scores = rows->scores + row, *largest_score = rows->largest + tile->first + row;
    float *sums = rows->sums + tile->first + row;
    const vector before = load_vector(largest_score);
    vector largest = before;
    for (size_t position = 0; position < tile->positions; position++)
      largest = larger(largest, load_vector(scores + position * TILE_ROWS));
    const vector factor = exponential(subtract_vectors(before, largest));
    vector sum = multiply_vectors(load_vector(sums), factor);
    for (size_t position = 0; position < tile->positions; position++) {
      float *score = scores + position * TILE_ROWS;
      const vector weight = exponential(subtract_vectors(load_vector(score), largest));
      store_vector(score, weight);
      sum = add_vectors(sum, weight);
    }
    store_vector(largest_score, largest);
    store_vector(rows->factors + tile->first + row, factor);
    store_vector(sums, sum);
  }
}

BL_ALWAYS_INLINE void add_values_of_tile(size_t vectors, const attention_tile *tile) {
  const attention_rows *rows = tile->rows;
  float *outputs = rows->outputs + tile->first * rows->dimension;
  for (size_t i = 0; i < rows->task->dimension; i += TILE_ELEMENTS)
    multiply_register_tile(vectors, tile->positions, rows->values + i, 1, rows->dimension, rows->scores,
                           rows->factors + tile->first, outputs + i * TILE_ROWS);
}

BL_ALWAYS_INLINE void attend_vectors(size_t vectors, const attention_tile *tile) {
  score_tile(vectors, tile);
  if (tile->begin + tile->positions - 1 > last_position(tile->rows, tile->first)) hide_later_positions(tile);
  carry_softmax_on(tile);
  add_values_of_tile(vectors, tile);
}
static void attend_one_vector(const attention_tile *tile) {
  attend_vectors(1, tile);
}
static void attend_whole_tile(const attention_tile *tile) {
  attend_vectors(TILE_VECTORS, tile);
}

static void attend_tile(const attention_tile *tile) {
  if (tile->rows->count - tile->first <= LANES)
    attend_one_vector(tile);
  else
    attend_whole_tile(tile);
}

// Scaled and transposed; rows that do not exist are zeros, and see what the last row sees.
static void begin_rows(const attention_rows *rows, size_t padded_rows) {
  const vector scale = splat(rows->task->scale);
  for (size_t row = 0; row < padded_rows; row += LANES) {
    float *tile = rows->queries + row / TILE_ROWS * TILE_ROWS * rows->dimension + row % TILE_ROWS;
    for (size_t i = 0; i < rows->dimension; i += LANES) {
      vector block[LANES];
      for (size_t r = 0; r < LANES; r++)
        block[r] = row + r < rows->count ? load_of_head(query_of(rows, row + r), i, rows->task->dimension)
                                         : zero_vector();
      transpose_vectors(block);
      for (size_t e = 0; e < LANES; e++)
        store_vector(tile + (i + e) * TILE_ROWS, multiply_vectors(block[e], scale));
    }
  }
  for (size_t row = 0; row < padded_rows; row++) {
    const size_t existing = bl_min(row, rows->count - 1);
    rows->limits[row] = (float)(last_position(rows, existing) - last_position(rows, 0));
    rows->largest[row] = -INFINITY;
    rows->sums[row] = 0;
  }
  for (size_t i = 0; i < padded_rows * rows->dimension; i += LANES)
    store_vector(rows->outputs + i, zero_vector());
}

static void end_rows(const attention_rows *rows) {
  for (size_t row = 0; row < rows->count; row += LANES) {
    const float *tile = rows->outputs + row / TILE_ROWS * TILE_ROWS * rows->dimension + row % TILE_ROWS;
    const vector factor = divide_vectors(splat(1), load_vector(rows->sums + row));
    for (size_t i = 0; i < rows->task->dimension; i += LANES) {
      vector block[LANES];
      for (size_t e = 0; e < LANES; e++)
        block[e] = multiply_vectors(load_vector(tile + (i + e) * TILE_ROWS), factor);
      transpose_vectors(block);
      for (size_t r = 0; r < LANES && row + r < rows->count; r++)
        store_of_head(output_of(rows, row + r), i, rows->task->dimension, block[r]);
    }
  }
}

// A block of keys and values as float; positions up to whole register tiles are zeros.
static void widen_block(const attention_rows *rows, size_t begin, size_t positions) {
  const bl_attention_task *task = rows->task;
  for (size_t position = 0; position < positions; position++) {
    const uint16_t *key = task->keys + (begin + position) * task->cache_stride;
    const uint16_t *value = task->values + (begin + position) * task->cache_stride;
    for (size_t i = 0; i < rows->dimension; i += LANES) {
      store_vector(rows->keys + position * rows->dimension + i,
                   load_float16_of_head(key, i, task->dimension));
      store_vector(rows->values + position * rows->dimension + i,
                   load_float16_of_head(value, i, task->dimension));
    }
  }
  for (size_t i = positions * rows->dimension; i < bl_round_up(positions, TILE_ELEMENTS) * rows->dimension;
       i += LANES)
    store_vector(rows->keys + i, zero_vector());
}

static void attend_many_rows(const attention_rows *rows) {
  begin_rows(rows, bl_round_up(rows->count, TILE_ROWS));
  const size_t past_position = last_position(rows, rows->count - 1) + 1;
  for (size_t begin = 0; begin < past_position; begin += BL_ATTENTION_POSITIONS) {
    const size_t positions = bl_min(BL_ATTENTION_POSITIONS, past_position - begin);
    widen_block(rows, begin, positions);
    for (size_t first = 0; first < rows->count; first += TILE_ROWS) {
      const size_t last = last_position(rows, bl_min(first + TILE_ROWS, rows->count) - 1);
      if (begin > last) continue;
      attend_tile(&(attention_tile){rows, first, begin, bl_min(positions, last + 1 - begin)});
    }
  }
  end_rows(rows);
}

#endif
