// Mirrored tables of ternary groups in plain C (tl2, t5): entry v holds the sum of w[i] * x[i] for the
// weights whose base-3 value (w[0] most significant) is v >= 0; entry -v would be its negative.
#ifndef BL_LUT_MIRRORED_H
#define BL_LUT_MIRRORED_H

#include "common/bl_count.h"

#include <stddef.h>

// Writes (3^columns + 1) / 2 entries with one addition each but the first, from the last column (place value
// 1) to the first: T[p + u] = x + T[u] for |u| <= (p - 1) / 2.
static inline void bl_lut_build_mirrored(const int8_t *x, size_t columns, int16_t *table) {
  table[0] = 0;
  BL_COUNT(table_writes, 1);
  int place = 1;
  for (size_t i = columns; i-- > 0; place *= 3) {
    const int reach = (place - 1) / 2;
    for (int u = -reach; u <= reach; u++)
      table[place + u] = (int16_t)(u < 0 ? x[i] - table[-u] : x[i] + table[u]);
    BL_COUNT(table_writes, place);
    BL_COUNT(adds, place);
  }
}

#endif
