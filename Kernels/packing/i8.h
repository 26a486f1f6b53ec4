// i8: one byte per weight, row-major, columns padded with zeros to a multiple of 64.
#ifndef BL_PACKING_I8_H
#define BL_PACKING_I8_H

#include "common/bl_math.h"
#include "include/bitlab_kernels.h"

extern const bl_packing bl_packing_i8;

// Bytes from one row to the next.
static inline size_t bl_i8_row_bytes(size_t k) {
  return bl_round_up(k, 64);
}

#endif
