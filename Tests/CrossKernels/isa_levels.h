// The instruction set levels that a test goes through.
#ifndef CROSS_ISA_LEVELS_H
#define CROSS_ISA_LEVELS_H

#include "include/bitlab_kernels.h"

enum { MOST_ISAS = 33 };

// Nothing but C, then one extension of this CPU more each time.
static inline size_t isa_levels(uint32_t levels[MOST_ISAS]) {
  size_t count = 0;
  levels[count++] = BL_ISA_SCALAR;
  for (uint32_t bit = 0; bit < 32; bit++)
    if (bl_cpu_isa() >> bit & 1) {
      levels[count] = levels[count - 1] | (uint32_t)1 << bit;
      count++;
    }
  return count;
}

#endif
