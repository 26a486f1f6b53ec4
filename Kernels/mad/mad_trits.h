// What tq1 and t5 have in common: five trits in a byte, taken out from a fraction.
//
// A value V of five trits, most significant first, becomes the fraction V / 243 in eight bits, rounded up.
// Times three, what leaves the byte is the first trit and what stays is the fraction of the rest.
#ifndef BL_MAD_TRITS_H
#define BL_MAD_TRITS_H

#include "common/bl_count.h"
#include "common/bl_int8_prepared.h"
#include "mad/mad_cost.h"
#include "packing/t5.h"
#include "packing/tq1.h"

// Two logic operations (what leaves, what stays) and a multiply take out one trit.
enum { BL_MAD_TRIT_MULTIPLIES = 1, BL_MAD_TRIT_LOGIC = 2 };

// Takes `trits` trits out of a fraction and writes them `stride` apart.
static inline void bl_mad_trits_of_fraction(uint32_t fraction, size_t trits, size_t stride, uint8_t *codes) {
  for (size_t i = 0; i < trits; i++) {
    const uint32_t product = fraction * 3;
    codes[i * stride] = (uint8_t)(product >> 8);
    fraction = product & 0xff;
  }
  BL_COUNT(multiplies, BL_MAD_TRIT_MULTIPLIES * trits);
  BL_COUNT(logic_operations, BL_MAD_TRIT_LOGIC * trits);
}

static inline bl_cost bl_mad_tq1_cost(size_t m, size_t n, size_t k) {
  const uint64_t trits = bl_round_up(k, BL_TQ1_BLOCK_COLUMNS);
  return bl_mad_cost(m, n, k,
                     (bl_mad_unpack_cost){.multiplies = BL_MAD_TRIT_MULTIPLIES * trits,
                                          .logic_operations = BL_MAD_TRIT_LOGIC * trits},
                     n * bl_tq1_row_bytes(k), bl_int8_prepared_bytes(m, k));
}

// A byte of t5 is made a fraction by a mask, an add or subtract, and (256 v + 242) / 243: a shift, an add and
// a division, which counts as a multiply.
enum { BL_MAD_T5_ADDS = 2, BL_MAD_T5_MULTIPLIES = 1, BL_MAD_T5_LOGIC = 2 };

static inline bl_cost bl_mad_t5_cost(size_t m, size_t n, size_t k) {
  const uint64_t groups = bl_t5_groups(k);
  return bl_mad_cost(
      m, n, k,
      (bl_mad_unpack_cost){
          .adds = BL_MAD_T5_ADDS * groups,
          .multiplies = (BL_MAD_T5_MULTIPLIES + BL_T5_COLUMNS * BL_MAD_TRIT_MULTIPLIES) * groups,
          .logic_operations = (BL_MAD_T5_LOGIC + BL_T5_COLUMNS * BL_MAD_TRIT_LOGIC) * groups,
      },
      bl_divide_up(n, BL_T5_ROWS) * bl_t5_tile_bytes(k), bl_int8_prepared_bytes(m, k));
}

#endif
