// addsub-tcsc-scalar: adds the activations named by lists of columns; zero weights are not even stored.
// (Layouts: packing/tcsc.h, addsub_token_groups.h.)
//
// Bound, one token: two loads (index, activation) and an add per nonzero weight, and branches at the ends of
// lists, which differ from row to row. Four tokens share the index and are added at once.
#include "addsub/addsub_tcsc_cost.h"
#include "common/bl_count.h"
#include "common/bl_register.h"

// One tile against the `tokens` tokens (a constant in every caller) of the group x, which begins at `token`.
// +1 and -1 weights alternate as long as there are both, into separate sums, so that additions overlap.
static inline __attribute__((always_inline)) void multiply_tile(size_t tokens, const bl_multiply_task *task,
                                                                const int32_t *x, size_t row, size_t token) {
  int32_t sums[BL_TCSC_ROWS * BL_GROUP_TOKENS];
  for (size_t i = 0; i < BL_TCSC_ROWS * tokens; i++) sums[i] = 0;
  const size_t rows = bl_min(BL_TCSC_ROWS, task->n_end - row);
  const uint8_t *counts = bl_tcsc_tile(task->packed, row / BL_TCSC_ROWS);
  for (size_t block = 0; block < bl_tcsc_blocks(task->k); block++) {
    const int32_t *columns = x + block * BL_TCSC_COLUMNS * tokens;
    const uint8_t *list = counts + BL_TCSC_COUNT_BYTES;
    for (size_t r = 0; r < rows; r++) {
      const size_t positives = counts[2 * r], negatives = counts[2 * r + 1];
      const uint8_t *positive = list, *negative = list + positives;
      int32_t plus[BL_GROUP_TOKENS] = {0}, minus[BL_GROUP_TOKENS] = {0};
      const size_t both = bl_min(positives, negatives);
      size_t i = 0;
      for (; i < both; i++) {
        for (size_t t = 0; t < tokens; t++) plus[t] += columns[positive[i] * tokens + t];
        for (size_t t = 0; t < tokens; t++) minus[t] += columns[negative[i] * tokens + t];
      }
      for (size_t j = i; j < positives; j++)
        for (size_t t = 0; t < tokens; t++) plus[t] += columns[positive[j] * tokens + t];
      for (size_t j = i; j < negatives; j++)
        for (size_t t = 0; t < tokens; t++) minus[t] += columns[negative[j] * tokens + t];
      for (size_t t = 0; t < tokens; t++) sums[r * tokens + t] += plus[t] - minus[t];
      BL_COUNT(adds, tokens * (positives + negatives + BL_TCSC_ADDS_PER_BLOCK));
      list += positives + negatives;
    }
    counts = list;
  }
  int32_t *y = (int32_t *)task->y + token * task->n + row;
  for (size_t t = 0; t < tokens; t++)
    for (size_t r = 0; r < rows; r++) y[t * task->n + r] = sums[r * tokens + t];
}

static void multiply(const bl_multiply_task *task) {
  for (size_t row = task->n_begin; row < task->n_end; row += BL_TCSC_ROWS) {
    for (size_t token = 0; token < task->m; token += BL_GROUP_TOKENS) {
      const int32_t *x = bl_token_group(task->prepared, task->k, token);
      switch (task->m - token) {
        case 1:
          multiply_tile(1, task, x, row, token);
          break;
        case 2:
          multiply_tile(2, task, x, row, token);
          break;
        case 3:
          multiply_tile(3, task, x, row, token);
          break;
        default:
          multiply_tile(4, task, x, row, token);
      }
    }
  }
}

static const bl_kernel addsub_tcsc_scalar = {
    .name = "addsub-tcsc-scalar",
    .family = "addsub",
    .summary = "adds and subtracts the activations that lists of nonzero columns name",
    .source = "arXiv 2510.06957",
    .explain =
        "two loads per nonzero weight, and 5.5 bits of memory traffic per weight at one third zeros, "
        "more than twice what dense two-bit codes take",
    .packing = &bl_packing_tcsc,
    .isa = BL_ISA_SCALAR,
    .activations = BL_ACTIVATIONS_INT8,
    .exact = true,
    .m_tile = BL_GROUP_TOKENS,
    .n_tile = BL_TCSC_ROWS,
    .prepared_bytes = bl_token_groups_bytes,
    .prepare = bl_token_groups_prepare,
    .multiply = multiply,
    .cost = bl_addsub_tcsc_cost,
};
BL_REGISTER(addsub_tcsc_scalar);
