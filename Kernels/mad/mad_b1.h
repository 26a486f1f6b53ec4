// What the mad kernels of binary weights share: codes are 0 and 2, so that dot(weights, x) =
// dot(codes, x) - sum(x) as for ternary weights.
#ifndef BL_MAD_B1_H
#define BL_MAD_B1_H

#include "common/bl_int8_prepared.h"
#include "mad/mad_cost.h"
#include "packing/b1.h"

// Two shifts and a mask for each weight of a row, padding included.
static inline bl_cost bl_mad_b1_cost(size_t m, size_t n, size_t k) {
  const size_t words = bl_b1_row_words(k);
  return bl_mad_cost(m, n, k, (bl_mad_unpack_cost){.logic_operations = 3 * 64 * words}, n * words * 8,
                     bl_int8_prepared_bytes(m, k));
}

#endif
