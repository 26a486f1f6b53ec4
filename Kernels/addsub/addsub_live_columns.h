// Live columns: the columns in which at least one token of a group has a nonzero activation. Column-major
// kernels visit only these, so that zero activations (most of them after a squared ReLU) cost neither reads
// of weights nor additions.
//
//   prepared, per group of up to four tokens:
//     entry 0: number of live columns
//     then an entry per live column, in order, and BL_LIVE_PREFETCH entries that name columns k, k + 1, ...:
//     the addresses where the weights of the next row tile begin
//     entry:  uint32_t column | 4 activations, each in two parts of four equal bytes (see below); of a group
//     of
//             fewer tokens the others are not written
//
// An activation is kept as x = 16 high + low with low in -8..7 and high in -8..8, so that int8 lanes can sum
// BL_LIVE_COLUMNS_PER_BYTE_SUM columns before they are widened; four equal bytes are what a 32-bit broadcast
// from memory can load for free.
#ifndef BL_ADDSUB_LIVE_COLUMNS_H
#define BL_ADDSUB_LIVE_COLUMNS_H

#include "common/bl_math.h"
#include "include/bitlab_kernels.h"

enum {
  BL_LIVE_TOKENS = 4,
  BL_LIVE_PREFETCH = 64,
  BL_LIVE_COLUMNS_PER_BYTE_SUM = 15,   // 15 * 8 = 120 <= 127
  BL_LIVE_COLUMNS_PER_SHORT_SUM = 255  // 255 * 128 = 32640 <= 32767, and a multiple of 15
};

typedef struct bl_live_column {
  uint32_t column;  // in entry 0 of a group: the number of live columns
  struct {
    uint32_t low, high;
  } x[BL_LIVE_TOKENS];
} bl_live_column;

static inline size_t bl_live_group_entries(size_t k) {
  return 1 + k + BL_LIVE_PREFETCH;
}

static inline size_t bl_live_bytes(size_t m, size_t k) {
  return bl_divide_up(m, BL_LIVE_TOKENS) * bl_live_group_entries(k) * sizeof(bl_live_column);
}

// The activation back from its parts.
static inline int32_t bl_live_value(const bl_live_column *entry, size_t token) {
  return (int32_t)(int8_t)entry->x[token].high * 16 + (int8_t)entry->x[token].low;
}

static inline uint32_t bl_live_four_bytes(int value) {
  return (uint8_t)value * 0x01010101u;
}

static inline void bl_live_prepare(const bl_prepare_task *task) {
  const size_t k = task->k;
  for (size_t begin = task->m_begin; begin < task->m_end; begin += BL_LIVE_TOKENS) {
    const size_t tokens = bl_min(BL_LIVE_TOKENS, task->m - begin);
    const int8_t *x = (const int8_t *)task->x + begin * k;
    bl_live_column *group =
        (bl_live_column *)task->prepared + begin / BL_LIVE_TOKENS * bl_live_group_entries(k);
    bl_live_column *entry = group + 1;
    for (size_t column = 0; column < k; column++) {
      int any = 0;
      entry->column = (uint32_t)column;
      for (size_t t = 0; t < tokens; t++) {
        const int value = x[t * k + column];
        const int low = ((value + 8) & 15) - 8;
        entry->x[t].low = bl_live_four_bytes(low);
        entry->x[t].high = bl_live_four_bytes((value - low) >> 4);
        any |= value;
      }
      entry += any != 0;
    }
    *group = (bl_live_column){.column = (uint32_t)(entry - group - 1)};
    for (size_t i = 0; i < BL_LIVE_PREFETCH; i++) entry[i] = (bl_live_column){.column = (uint32_t)(k + i)};
  }
}

#endif
