// rsr-rsr-scalar: activations whose columns have the same weights in three rows are summed once for all
// three. (Layout: packing/rsr.h.)
//
//   prepared, per group of up to four tokens and block of 128 columns:
//     column 0: token 0 .. token 3 | column 1: ... | column 127 | zeros, where unused slots point
//
// Bound, one token: two loads (index, activation) and an add for each of 128 slots and about 20 columns in
// overflow per 384 weights, and the merge from memory. Four tokens share the index and are added at once.
#include "common/bl_count.h"
#include "common/bl_register.h"
#include "rsr/rsr_cost.h"

enum { TOKENS = 4 };

BL_RSR_DEFINE_MERGE(merge, int32_t)

static void prepare(const bl_prepare_task *task) {
  const size_t k = task->k, columns = bl_rsr_blocks(k) * (BL_RSR_COLUMNS + 1);
  for (size_t begin = task->m_begin; begin < task->m_end; begin += TOKENS) {
    const size_t tokens = bl_min(TOKENS, task->m - begin);
    int32_t *group = (int32_t *)task->prepared + begin * columns;
    for (size_t i = 0; i < columns * tokens; i++) group[i] = 0;
    for (size_t t = 0; t < tokens; t++) {
      const int8_t *x = (const int8_t *)task->x + (begin + t) * k;
      for (size_t column = 0; column < k; column++)
        group[(column + column / BL_RSR_COLUMNS) * tokens + t] = x[column];
    }
  }
}

// Adds to `rows` the sums of one triple of rows over one block of columns x.
static inline __attribute__((always_inline)) void add_triple(size_t tokens, const bl_rsr_triple *triple,
                                                             const int32_t *x, int32_t *rows) {
  int32_t sums[BL_RSR_SEGMENTS * TOKENS] = {0};
  for (size_t segment = 0; segment < BL_RSR_SEGMENTS; segment++) {
    int32_t *sum = sums + segment * tokens;
    const uint8_t *positive = triple->positive_slots + bl_rsr_first_slot(segment);
    const uint8_t *negative = triple->negative_slots + bl_rsr_first_slot(segment);
    for (size_t slot = 0; slot < bl_rsr_segment_slots(segment); slot++) {
      for (size_t t = 0; t < tokens; t++) sum[t] += x[positive[slot] * tokens + t];
      for (size_t t = 0; t < tokens; t++) sum[t] -= x[negative[slot] * tokens + t];
    }
  }
  for (size_t i = 0; i < triple->positive_overflow; i++)
    for (size_t t = 0; t < tokens; t++)
      sums[triple->segments[i] * tokens + t] += x[triple->columns[i] * tokens + t];
  for (size_t i = triple->positive_overflow; i < triple->overflow; i++)
    for (size_t t = 0; t < tokens; t++)
      sums[(triple->segments[i] - BL_RSR_SEGMENTS) * tokens + t] -= x[triple->columns[i] * tokens + t];
  for (size_t t = 0; t < tokens; t++) {
    int32_t merged[BL_RSR_ROWS_PER_TRIPLE];
    merge(sums + t, tokens, merged);
    for (size_t r = 0; r < BL_RSR_ROWS_PER_TRIPLE; r++) rows[r * tokens + t] += merged[r];
  }
  BL_COUNT(adds, tokens * (BL_RSR_FIXED_ADDS + triple->overflow));
}

// One tile of rows against `tokens` tokens, a constant in every caller.
static inline __attribute__((always_inline)) void multiply_tile(size_t tokens, const bl_multiply_task *task,
                                                                size_t row, size_t token) {
  const size_t rows = bl_min(BL_RSR_ROWS, task->n_end - row);
  const int32_t *x = (const int32_t *)task->prepared + token * bl_rsr_blocks(task->k) * (BL_RSR_COLUMNS + 1);
  int32_t totals[BL_RSR_ROWS * TOKENS] = {0};
  const uint8_t *bytes = bl_rsr_tile(task->packed, row / BL_RSR_ROWS);
  for (size_t block = 0; block < bl_rsr_blocks(task->k); block++) {
    const uint8_t *counts = bytes;
    bytes += BL_RSR_COUNT_BYTES;
    for (size_t i = 0; i < BL_RSR_TRIPLES; i++) {
      const bl_rsr_triple triple = bl_rsr_next_triple(counts + 2 * i, &bytes);
      if (i * BL_RSR_ROWS_PER_TRIPLE < rows)
        add_triple(tokens, &triple, x + block * (BL_RSR_COLUMNS + 1) * tokens,
                   totals + i * BL_RSR_ROWS_PER_TRIPLE * tokens);
    }
  }
  int32_t *y = (int32_t *)task->y + token * task->n + row;
  for (size_t t = 0; t < tokens; t++)
    for (size_t r = 0; r < rows; r++) y[t * task->n + r] = totals[r * tokens + t];
}

static void multiply(const bl_multiply_task *task) {
  for (size_t row = task->n_begin; row < task->n_end; row += BL_RSR_ROWS) {
    for (size_t token = 0; token < task->m; token += TOKENS) {
      switch (task->m - token) {
        case 1:
          multiply_tile(1, task, row, token);
          break;
        case 2:
          multiply_tile(2, task, row, token);
          break;
        case 3:
          multiply_tile(3, task, row, token);
          break;
        default:
          multiply_tile(4, task, row, token);
      }
    }
  }
}

static const bl_kernel rsr_rsr_scalar = {
    .name = "rsr-rsr-scalar",
    .family = "rsr",
    .summary = "sums the activations of equal columns of three rows once, then adds the sums to the rows",
    .source = "arXiv 2411.06360",
    .explain =
        "0.44 additions per weight instead of 0.67, but each needs an index to be read, and the indices "
        "take 3.5 bits per weight",
    .packing = &bl_packing_rsr,
    .isa = BL_ISA_SCALAR,
    .activations = BL_ACTIVATIONS_INT8,
    .exact = true,
    .m_tile = TOKENS,
    .n_tile = BL_RSR_ROWS,
    .prepared_bytes = bl_rsr_prepared_bytes,
    .prepare = prepare,
    .multiply = multiply,
    .cost = bl_rsr_cost,
};
BL_REGISTER(rsr_rsr_scalar);
