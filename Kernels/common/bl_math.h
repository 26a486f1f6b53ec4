// Integer arithmetic on sizes shared by packings and kernels.
#ifndef BL_MATH_H
#define BL_MATH_H

#include <stddef.h>

static inline size_t bl_divide_up(size_t value, size_t divisor) {
  return (value + divisor - 1) / divisor;
}
static inline size_t bl_round_up(size_t value, size_t multiple) {
  return bl_divide_up(value, multiple) * multiple;
}
static inline size_t bl_min(size_t a, size_t b) {
  return a < b ? a : b;
}

#endif
