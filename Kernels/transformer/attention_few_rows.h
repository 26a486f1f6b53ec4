// Attention of few rows: keys and values stream by once, widened in registers, for groups of 1, 2 or 4 rows.
//
// Scores of a group come LANES at a time, from as many sums side by side: those of LANES / group positions,
// row by row in each, scores[position * group + row].
#ifndef BL_TRANSFORMER_ATTENTION_FEW_ROWS_H
#define BL_TRANSFORMER_ATTENTION_FEW_ROWS_H

enum { GROUP_ROWS = 4, MOST_CHUNK_VECTORS = 8 };

// Rows of the cache are short and may lie far apart: cores do not see them come. So much of them is asked for
// before it is read, to L2 and to L1. On one core of Zen 4, with rows of 256 bytes in huge pages, 2 KiB to L2
// and 512 bytes to L1 are 20 to 30% slower, twice as much makes no difference.
enum { CACHE_AHEAD_BYTES = 8192, CACHE_L1_AHEAD_BYTES = 1024 };

// A block of positions for a group of rows. The first group asks for the rows of the cache, which all groups
// read.
typedef struct attention_group {
  const attention_rows *rows;
  size_t first, existing;  // rows
  size_t begin, positions;
  const uint16_t *keys, *values;                // from position `begin` on
  const uint16_t *next_keys;                    // of the next block
  size_t rows_ahead, rows_l1_ahead;             // of the one read, to be prefetched
  float largest[GROUP_ROWS], sums[GROUP_ROWS];  // carried on from block to block
  float factors[GROUP_ROWS];
} attention_group;

BL_ALWAYS_INLINE void prefetch_cache_rows(const attention_group *group, const uint16_t *here,
                                          const uint16_t *next, size_t position) {
  enum { LINE = 64 / sizeof(uint16_t) };
  const bl_attention_task *task = group->rows->task;
  const size_t ahead = position + group->rows_ahead, l1_ahead = position + group->rows_l1_ahead;
  const uint16_t *far = ahead < group->positions ? here + ahead * task->cache_stride
                                                 : next + (ahead - group->positions) * task->cache_stride;
  const uint16_t *near = l1_ahead < group->positions
                             ? here + l1_ahead * task->cache_stride
                             : next + (l1_ahead - group->positions) * task->cache_stride;
  for (size_t i = 0; i < task->dimension; i += LINE) {
    bl_prefetch_to_l2(far + i);
    bl_prefetch_to_l1(near + i);
  }
}

// Elements i ... of LANES / group_rows keys, times those of the queries, added to the sums; `part` when the
// vector is not whole.
BL_ALWAYS_INLINE void add_products(size_t group_rows, bool part, const attention_rows *rows,
                                   const float *queries, const uint16_t *const keys[LANES], size_t i,
                                   vector sums[LANES]) {
  vector query[GROUP_ROWS];
  BL_UNROLL
  for (size_t r = 0; r < group_rows; r++) query[r] = load_vector(queries + r * rows->dimension + i);
  BL_UNROLL
  for (size_t p = 0; p < LANES / group_rows; p++) {
    const vector key =
        part ? load_float16_part(keys[p] + i, rows->task->dimension - i) : load_float16(keys[p] + i);
    BL_UNROLL
    for (size_t r = 0; r < group_rows; r++)
      sums[p * group_rows + r] = multiply_add(key, query[r], sums[p * group_rows + r]);
  }
}

BL_ALWAYS_INLINE void score_few(size_t group_rows, const attention_group *group) {
  const attention_rows *rows = group->rows;
  const size_t stride = rows->task->cache_stride, dimension = rows->task->dimension;
  const size_t together = LANES / group_rows;
  const float *queries = rows->queries + group->first * rows->dimension;
  for (size_t position = 0; position < group->positions; position += together) {
    const uint16_t *keys[LANES];  // behind the last position: of the last
    vector sums[LANES];
    BL_UNROLL
    for (size_t p = 0; p < together; p++)
      keys[p] = group->keys + bl_min(position + p, group->positions - 1) * stride;
    BL_UNROLL
    for (size_t s = 0; s < LANES; s++) sums[s] = zero_vector();
    if (group->first == 0) {
      for (size_t p = position; p < position + together; p++)
        prefetch_cache_rows(group, group->keys, group->values, p);
    }
    size_t i = 0;
    for (; i + LANES <= dimension; i += LANES) add_products(group_rows, false, rows, queries, keys, i, sums);
    if (i < dimension) add_products(group_rows, true, rows, queries, keys, i, sums);
    store_vector(rows->scores + position * group_rows, sums_of_vectors(sums));
  }
}

// As carry_softmax_on, for scores of several rows in a vector.
BL_ALWAYS_INLINE void carry_few_on(size_t group_rows, attention_group *group) {
  const size_t count = bl_round_up(group->positions * group_rows, LANES);
  float *scores = group->rows->scores;
  for (size_t r = 0; r < group_rows; r++) {
    const size_t last = last_position(group->rows, group->first + bl_min(r, group->existing - 1));
    for (size_t position = last < group->begin ? 0 : last - group->begin + 1; position * group_rows < count;
         position++)
      scores[position * group_rows + r] = -INFINITY;
  }
  float lanes[LANES];
  vector most = splat(-INFINITY);
  for (size_t i = 0; i < count; i += LANES) most = larger(most, load_vector(scores + i));
  store_vector(lanes, most);
  float before[GROUP_ROWS];
  for (size_t r = 0; r < group_rows; r++) before[r] = group->largest[r];
  for (size_t lane = 0; lane < LANES; lane++) {
    float *largest = &group->largest[lane % group_rows];
    *largest = *largest > lanes[lane] ? *largest : lanes[lane];
  }
  for (size_t lane = 0; lane < LANES; lane++) lanes[lane] = group->largest[lane % group_rows];
  const vector largest = load_vector(lanes);
  vector sum = zero_vector();
  for (size_t i = 0; i < count; i += LANES) {
    const vector weight = exponential(subtract_vectors(load_vector(scores + i), largest));
    store_vector(scores + i, weight);
    sum = add_vectors(sum, weight);
  }
  for (size_t lane = 0; lane < LANES; lane++) lanes[lane] = before[lane % group_rows];
  float factors[LANES];
  store_vector(factors, exponential(subtract_vectors(load_vector(lanes), largest)));
  store_vector(lanes, sum);
  for (size_t r = 0; r < group_rows; r++) {
    group->factors[r] = factors[r];
    group->sums[r] *= factors[r];
  }
  for (size_t lane = 0; lane < LANES; lane++) group->sums[lane % group_rows] += lanes[lane];
}

// Elements i ... of the outputs, `vectors` of them; the last is not whole with `part`.
BL_ALWAYS_INLINE void add_values_of_chunk(size_t group_rows, size_t vectors, bool part,
                                          const attention_group *group, size_t i) {
  const attention_rows *rows = group->rows;
  const size_t stride = rows->task->cache_stride, dimension = rows->task->dimension;
  float *outputs = rows->outputs + group->first * rows->dimension + i;
  vector sums[GROUP_ROWS][MOST_CHUNK_VECTORS];
  BL_UNROLL
  for (size_t r = 0; r < group_rows; r++) {
    BL_UNROLL
    for (size_t v = 0; v < vectors; v++)
      sums[r][v] =
          multiply_vectors(load_vector(outputs + r * rows->dimension + v * LANES), splat(group->factors[r]));
  }
  for (size_t position = 0; position < group->positions; position++) {
    const uint16_t *value = group->values + position * stride;
    if (group->first == 0 && i == 0) prefetch_cache_rows(group, group->values, group->next_keys, position);
    vector values[MOST_CHUNK_VECTORS];
    BL_UNROLL
    for (size_t v = 0; v < vectors; v++)
      values[v] = part ? load_float16_part(value + i, dimension - i) : load_float16(value + i + v * LANES);
    BL_UNROLL
    for (size_t r = 0; r < group_rows; r++) {
      const vector weight = splat(rows->scores[position * group_rows + r]);
      BL_UNROLL
      for (size_t v = 0; v < vectors; v++) sums[r][v] = multiply_add(weight, values[v], sums[r][v]);
    }
  }
  BL_UNROLL
  for (size_t r = 0; r < group_rows; r++) {
    BL_UNROLL
    for (size_t v = 0; v < vectors; v++) store_vector(outputs + r * rows->dimension + v * LANES, sums[r][v]);
  }
}

BL_ALWAYS_INLINE void attend_group(size_t group_rows, attention_group *group) {
  const size_t dimension = group->rows->task->dimension;
  score_few(group_rows, group);
  carry_few_on(group_rows, group);
  const size_t chunk =
      CHUNK_SUMS / group_rows < MOST_CHUNK_VECTORS ? CHUNK_SUMS / group_rows : MOST_CHUNK_VECTORS;
  size_t i = 0;
  for (; i + chunk * LANES <= dimension; i += chunk * LANES)
    add_values_of_chunk(group_rows, chunk, false, group, i);
  for (; i + LANES <= dimension; i += LANES) add_values_of_chunk(group_rows, 1, false, group, i);
  if (i < dimension) add_values_of_chunk(group_rows, 1, true, group, i);
}
static void attend_group_of_1(attention_group *group) {
  attend_group(1, group);
}
static void attend_group_of_2(attention_group *group) {
  attend_group(2, group);
}
static void attend_group_of_4(attention_group *group) {
  attend_group(4, group);
}

// Queries, scaled, and outputs as [row][element]; rows up to whole groups exist as zeros.
static void begin_few_rows(const attention_rows *rows, size_t padded_rows) {
  const vector scale = splat(rows->task->scale);
  for (size_t row = 0; row < padded_rows; row++) {
    for (size_t i = 0; i < rows->dimension; i += LANES) {
      const size_t at = row * rows->dimension + i;
      const vector query =
          row < rows->count ? load_of_head(query_of(rows, row), i, rows->task->dimension) : zero_vector();
      store_vector(rows->queries + at, multiply_vectors(query, scale));
      store_vector(rows->outputs + at, zero_vector());
    }
  }
}

static void end_few_rows(const attention_rows *rows, const attention_group *group) {
  for (size_t r = 0; r < group->existing; r++) {
    const vector sum = splat(group->sums[r]);
    const size_t row = group->first + r;
    for (size_t i = 0; i < rows->task->dimension; i += LANES)
      store_of_head(output_of(rows, row), i, rows->task->dimension,
                    divide_vectors(load_vector(rows->outputs + row * rows->dimension + i), sum));
  }
}

static void attend_few_rows(const attention_rows *rows) {
  const bl_attention_task *task = rows->task;
  attention_group groups[LANES / 2 / GROUP_ROWS + 1];
  size_t group_count = 0;
  for (size_t first = 0; first < rows->count; first += GROUP_ROWS) {
    attention_group *group = &groups[group_count++];
    *group =
        (attention_group){.rows = rows, .first = first, .existing = bl_min(GROUP_ROWS, rows->count - first)};
    for (size_t r = 0; r < GROUP_ROWS; r++) group->largest[r] = -INFINITY;
  }
  begin_few_rows(rows, bl_round_up(rows->count, GROUP_ROWS));
  const size_t past_position = last_position(rows, rows->count - 1) + 1;
  for (size_t begin = 0; begin < past_position; begin += BL_ATTENTION_POSITIONS) {
    for (size_t g = 0; g < group_count; g++) {
      attention_group *group = &groups[g];
      group->begin = begin;
      group->positions = bl_min(BL_ATTENTION_POSITIONS, past_position - begin);
      group->keys = task->keys + begin * task->cache_stride;
      group->values = task->values + begin * task->cache_stride;
      group->next_keys = group->keys + BL_ATTENTION_POSITIONS * task->cache_stride;
      if (group->existing == 1)
        attend_group_of_1(group);
      else if (group->existing == 2)
        attend_group_of_2(group);
      else
        attend_group_of_4(group);
    }
  }
  for (size_t g = 0; g < group_count; g++) end_few_rows(rows, &groups[g]);
}

#endif
