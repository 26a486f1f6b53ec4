// lut on packing b1i: one table of the 16 signed sums of four columns, memory for 16 of two bytes.
#ifndef BL_LUT_B1I_H
#define BL_LUT_B1I_H

#include "lut/lut_layout.h"
#include "lut/lut_nibbles.h"
#include "packing/b1i.h"

static const bl_lut_layout bl_lut_b1i = {
    .step_columns = BL_B1I_STEP_COLUMNS,
    .step_weight_bytes = BL_B1I_STEP_BYTES * BL_LUT_ROWS,
    .step_tables = 2 * BL_B1I_STEP_BYTES,
    .table_bytes = BL_LUT_TABLE16_BYTES,
    .chunk_steps = 10,  // 240 columns
    .table_entries = 16,
    .table_adds = 23,
    .row_reads = 2 * BL_B1I_STEP_BYTES,
    .row_adds = 2 * BL_B1I_STEP_BYTES,
    .row_logic_operations = 2 * BL_B1I_STEP_BYTES,  // shift and mask: two nibbles of a byte
};

// Both nibbles have a table of their own, the low nibble the first.
static const bl_lut_nibbles bl_lut_b1i_nibbles = {BL_B1I_STEP_BYTES, .byte_tables = 2, .high_table = 1,
                                                  .low_table = 0};

// What entry `entry` multiplies the activation of column `column` of its group with.
static inline int8_t bl_lut_b1i_coefficient(unsigned entry, unsigned column) {
  return entry >> column & 1 ? 1 : -1;
}

#endif
