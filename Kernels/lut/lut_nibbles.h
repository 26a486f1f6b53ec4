// How a packing of nibble indices (tl1, tmac, b1i) is looked up: each byte of a step holds two of them.
#ifndef BL_LUT_NIBBLES_H
#define BL_LUT_NIBBLES_H

#include <stdbool.h>
#include <stddef.h>

typedef struct bl_lut_nibbles {
  size_t step_bytes;        // of one row
  size_t byte_tables;       // tables of one byte: 2, or 1 that both nibbles look up
  size_t high_table;        // of them, the one that bits 7..4 look up
  size_t low_table;         // and bits 3..0
  bool high_is_subtracted;  // entries looked up by bits 7..4 count negative
} bl_lut_nibbles;

#endif
