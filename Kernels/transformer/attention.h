// Attention with a softmax that is carried on from block to block of positions (arXiv 1805.02867,
// 2205.14135): a row keeps the largest score so far, the sum of exp(score - largest), and the values weighted
// so; a larger score scales both down.
//
// Few rows (decoding) are bound by reading keys and values: attention_few_rows.h widens them in registers and
// has one element of a head in each lane. Many rows (prefill) are bound by arithmetic: attention_many_rows.h
// widens blocks of keys and values once for up to 96 rows and has one row in each lane.
//
// Scores of positions that a row must not see become -infinity and their weights 0; the values there are read
// when another row of the call may see them, and must be finite.
#ifndef BL_TRANSFORMER_ATTENTION_H
#define BL_TRANSFORMER_ATTENTION_H

#include "transformer/exponential.h"

// Rows that are computed together, and the workspace in pieces.
typedef struct attention_rows {
  const bl_attention_task *task;
  size_t first, count;  // rows of the task
  size_t dimension;     // rounded up to whole vectors: distance of rows in the workspace
  float *queries, *outputs;
  float *keys, *values;
  float *scores;
  float *largest, *sums, *factors;
  float *limits;  // last position that a row sees, from that of the first row on
} attention_rows;

BL_ALWAYS_INLINE attention_rows rows_of_task(const bl_attention_task *task, size_t first, size_t count) {
  const bl_attention_layout layout = bl_attention_layout_of(task->queries * task->heads, task->dimension);
  float *base = task->workspace;
  return (attention_rows){
      .task = task,
      .first = first,
      .count = count,
      .dimension = layout.dimension,
      .queries = base + layout.queries,
      .outputs = base + layout.outputs,
      .keys = base + layout.keys,
      .values = base + layout.values,
      .scores = base + layout.scores,
      .largest = base + layout.largest,
      .sums = base + layout.sums,
      .factors = base + layout.factors,
      .limits = base + layout.limits,
  };
}

// The last position that row `row` of these sees.
BL_ALWAYS_INLINE size_t last_position(const attention_rows *rows, size_t row) {
  return rows->task->first_position + (rows->first + row) / rows->task->heads;
}

BL_ALWAYS_INLINE const float *query_of(const attention_rows *rows, size_t row) {
  const bl_attention_task *task = rows->task;
  const size_t token = (rows->first + row) / task->heads, head = (rows->first + row) % task->heads;
  return task->q + token * task->q_stride + head * task->dimension;
}

BL_ALWAYS_INLINE float *output_of(const attention_rows *rows, size_t row) {
  const bl_attention_task *task = rows->task;
  const size_t token = (rows->first + row) / task->heads, head = (rows->first + row) % task->heads;
  return task->y + token * task->y_stride + head * task->dimension;
}

// Vector i / LANES of a head, zeros behind its end.
BL_ALWAYS_INLINE vector load_of_head(const float *head, size_t i, size_t dimension) {
  return i + LANES <= dimension ? load_vector(head + i)
                                : load_part(head + i, i < dimension ? dimension - i : 0);
}
BL_ALWAYS_INLINE vector load_float16_of_head(const uint16_t *head, size_t i, size_t dimension) {
  if (i + LANES <= dimension) return load_float16(head + i);
  return load_float16_part(head + i, i < dimension ? dimension - i : 0);
}
BL_ALWAYS_INLINE void store_of_head(float *head, size_t i, size_t dimension, vector v) {
  if (i + LANES <= dimension)
    store_vector(head + i, v);
  else if (i < dimension)
    store_part(head + i, dimension - i, v);
}

#include "transformer/attention_few_rows.h"
#include "transformer/attention_many_rows.h"

static void attend(const bl_attention_task *task) {
  const size_t rows = task->queries * task->heads;
  if (rows <= LANES / 2) {
    const attention_rows all = rows_of_task(task, 0, rows);
    if (rows) attend_few_rows(&all);
    return;
  }
  for (size_t first = 0; first < rows; first += BL_ATTENTION_ROWS) {
    const attention_rows some = rows_of_task(task, first, bl_min(BL_ATTENTION_ROWS, rows - first));
    attend_many_rows(&some);
  }
}

#endif
