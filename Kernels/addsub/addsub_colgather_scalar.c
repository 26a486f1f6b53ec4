// addsub-colgather-scalar: each activation that is not zero goes to the rows whose bit is set, found by
// counting trailing zeros. (Layouts: packing/colgather.h, addsub_live_columns.h.)
//
// Bound: one addition to a sum in the level 1 cache per nonzero weight; up to four tokens share the search
// for bits, and their sums lie together so that a compiler adds four at once. The end of each word is a
// branch that cannot be predicted.
#include "addsub/addsub_colgather_cost.h"
#include "common/bl_count.h"
#include "common/bl_register.h"

// Adds x[token], or subtracts it, to the sums of the rows whose bits are set. `tokens` is a constant.
static inline __attribute__((always_inline)) void add_rows(size_t tokens, uint64_t bits, const int32_t *x,
                                                           int32_t *sums) {
  BL_COUNT(adds, (uint64_t)__builtin_popcountll(bits) * tokens);
  BL_COUNT(logic_operations, __builtin_popcountll(bits));
  for (; bits != 0; bits &= bits - 1) {
    int32_t *row = sums + (size_t)__builtin_ctzll(bits) * tokens;
    for (size_t t = 0; t < tokens; t++) row[t] += x[t];
  }
}

static inline __attribute__((always_inline)) void multiply_tile(size_t tokens, const bl_multiply_task *task,
                                                                size_t row, size_t token) {
  int32_t sums[BL_COLGATHER_ROWS * BL_LIVE_TOKENS];
  for (size_t i = 0; i < BL_COLGATHER_ROWS * tokens; i++) sums[i] = 0;
  const uint64_t *tile =
      (const uint64_t *)task->packed + row / BL_COLGATHER_ROWS * bl_colgather_tile_words(task->k);
  const bl_live_column *live =
      (const bl_live_column *)task->prepared + token / BL_LIVE_TOKENS * bl_live_group_entries(task->k);
  for (size_t i = 1; i <= live[0].column; i++) {
    const uint64_t *words = tile + (size_t)live[i].column * BL_COLGATHER_COLUMN_WORDS;
    int32_t x[BL_LIVE_TOKENS], minus_x[BL_LIVE_TOKENS];
    for (size_t t = 0; t < tokens; t++) x[t] = bl_live_value(&live[i], t);
    for (size_t t = 0; t < tokens; t++) minus_x[t] = -x[t];
    for (size_t q = 0; q < BL_COLGATHER_PLANE_WORDS; q++) {
      add_rows(tokens, words[q], x, sums + q * 64 * tokens);
      add_rows(tokens, words[BL_COLGATHER_PLANE_WORDS + q], minus_x, sums + q * 64 * tokens);
    }
  }
  const size_t rows = bl_min(BL_COLGATHER_ROWS, task->n_end - row);
  int32_t *y = (int32_t *)task->y + token * task->n + row;
  for (size_t t = 0; t < tokens; t++)
    for (size_t r = 0; r < rows; r++) y[t * task->n + r] = sums[r * tokens + t];
}

static void multiply(const bl_multiply_task *task) {
  for (size_t row = task->n_begin; row < task->n_end; row += BL_COLGATHER_ROWS) {
    for (size_t token = 0; token < task->m; token += BL_LIVE_TOKENS) {
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

static const bl_kernel addsub_colgather_scalar = {
    .name = "addsub-colgather-scalar",
    .family = "addsub",
    .summary = "column by column: adds each nonzero activation to the rows whose bits are set",
    .source = "bitlab; no multiplications: arXiv 2402.17764",
    .explain =
        "a load, an add and a store for every nonzero weight, and a mispredicted branch at the end of "
        "each 64 rows; wins only where most activations are zero, whose columns it never reads",
    .packing = &bl_packing_colgather,
    .isa = BL_ISA_SCALAR,
    .activations = BL_ACTIVATIONS_INT8,
    .exact = true,
    .m_tile = BL_LIVE_TOKENS,
    .n_tile = BL_COLGATHER_ROWS,
    .prepared_bytes = bl_live_bytes,
    .prepare = bl_live_prepare,
    .multiply = multiply,
    .cost = bl_addsub_colgather_cost,
};
BL_REGISTER(addsub_colgather_scalar);
