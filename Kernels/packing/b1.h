// b1: one bit per weight for the binary (+1/-1) weights of the original BitNet (arXiv 2310.11453).
// Row-major; a row is ceil(k / 64) little-endian 64-bit words; bit i of word j is 1 when
// w[row][64 j + i] is +1. Padding bits are 0.
#ifndef BL_PACKING_B1_H
#define BL_PACKING_B1_H

#include "common/bl_math.h"
#include "include/bitlab_kernels.h"

extern const bl_packing bl_packing_b1;

static inline size_t bl_b1_row_words(size_t k) {
  return bl_divide_up(k, 64);
}

#endif
