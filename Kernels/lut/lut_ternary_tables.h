// Tables of ternary groups in plain C, one addition an entry.
#ifndef BL_LUT_TERNARY_TABLES_H
#define BL_LUT_TERNARY_TABLES_H

#include "common/bl_count.h"

#include <stddef.h>

enum {
  BL_LUT_PAIR_ENTRIES = 9,
  BL_LUT_PAIR_ADDS = 10,
  BL_LUT_TRIPLE_ENTRIES = 14,
  BL_LUT_TRIPLE_ADDS = 13,
};

// table[3 w0 + w1 + 4] = w0 x0 + w1 x1.
static inline void bl_lut_build_pair(const int8_t *x, int16_t *table) {
  table[0] = (int16_t)(-x[0] - x[1]);
  for (size_t entry = 1; entry < BL_LUT_PAIR_ENTRIES; entry++)
    table[entry] = (int16_t)(entry % 3 != 0 ? table[entry - 1] + x[1] : table[entry - 3] + x[0]);
  BL_COUNT(adds, 2 + (BL_LUT_PAIR_ENTRIES - 1));
  BL_COUNT(table_writes, BL_LUT_PAIR_ENTRIES);
}

// table[v] = w0 x0 + w1 x1 + w2 x2 for v = 9 w0 + 3 w1 + w2 >= 0; the entry of -v would be its negative.
// From the last column (place value 1) to the first: T[p + u] = x + T[u] for |u| <= (p - 1) / 2.
static inline void bl_lut_build_triple(const int8_t *x, int16_t *table) {
  table[0] = 0;
  BL_COUNT(table_writes, 1);
  for (int column = 2, place = 1; column >= 0; column--, place *= 3) {
    const int reach = (place - 1) / 2;
    for (int u = -reach; u <= reach; u++)
      table[place + u] = (int16_t)(x[column] + (u < 0 ? -table[-u] : table[u]));
    BL_COUNT(adds, place);
    BL_COUNT(table_writes, place);
  }
}

#endif
