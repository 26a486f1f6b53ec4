// Base-3 digits of look-up indices: digit `place` (0 the least significant) of `value` in 0..3^places - 1, as
// the weight it stands for.
#ifndef BL_LUT_TRITS_H
#define BL_LUT_TRITS_H

#include <stdint.h>

static inline int8_t bl_lut_trit(unsigned value, unsigned place) {
  for (; place > 0; place--) value /= 3;
  return (int8_t)((int)(value % 3) - 1);
}

#endif
