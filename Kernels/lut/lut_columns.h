// Activations as unsigned bytes, for table building with vpmaddubsw: x + 128, padding as 128 (which is 0).
// The 128 times the sum of a table entry's coefficients is subtracted again as a constant.
#ifndef BL_LUT_COLUMNS_H
#define BL_LUT_COLUMNS_H

#include <stddef.h>
#include <stdint.h>

static inline void bl_lut_offset_columns(const int8_t *x, size_t columns, size_t padded, uint8_t *out) {
  for (size_t i = 0; i < columns; i++) out[i] = (uint8_t)x[i] ^ 0x80;
  for (size_t i = columns; i < padded; i++) out[i] = 0x80;
}

#endif
