// Nibble look-ups in portable C, one tile and one token at a time: a byte holds two indices (lut_nibbles.h).
#ifndef BL_LUT_NIBBLES_SCALAR_H
#define BL_LUT_NIBBLES_SCALAR_H

#include "common/bl_count.h"
#include "lut/lut_nibbles.h"
#include "lut/lut_scalar.h"

static inline void bl_lut_multiply_nibbles(const bl_lut_nibbles *nibbles, const bl_lut_block *block) {
  enum { ENTRIES = BL_LUT_TABLE16_BYTES / sizeof(int16_t) };
  const int16_t *tables = (const int16_t *)(const void *)block->tables;
  const size_t bytes = block->steps * nibbles->step_bytes;
  for (size_t row = 0; row < block->rows; row++) {
    int32_t sum = 0;
    for (size_t i = 0; i < bytes; i++) {
      const uint8_t byte = block->weights[i * BL_LUT_ROWS + row];
      const int16_t *table = tables + i * nibbles->byte_tables * ENTRIES;
      const int32_t entry = table[nibbles->high_table * ENTRIES + (byte >> 4)];
      sum += table[nibbles->low_table * ENTRIES + (byte & 15)];
      sum += nibbles->high_is_subtracted ? -entry : entry;
    }
    bl_lut_add_sum(block, row, sum);
  }
  BL_COUNT(logic_operations, 2 * bytes * block->rows);
  BL_COUNT(table_reads, 2 * bytes * block->rows);
  BL_COUNT(adds, 2 * bytes * block->rows);
}

#endif
