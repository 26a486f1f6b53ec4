// lut on packing tl1: one table of nine entries for two columns, memory for 16 of two bytes.
#ifndef BL_LUT_TL1_H
#define BL_LUT_TL1_H

#include "lut/lut_layout.h"
#include "lut/lut_nibbles.h"
#include "lut/lut_ternary_tables.h"
#include "lut/lut_trits.h"
#include "packing/tl1.h"

static const bl_lut_layout bl_lut_tl1 = {
    .step_columns = BL_TL1_STEP_COLUMNS,
    .step_weight_bytes = BL_TL1_STEP_BYTES * BL_LUT_ROWS,
    .step_tables = BL_TL1_STEP_COLUMNS / BL_TL1_PAIR_COLUMNS,
    .table_bytes = BL_LUT_TABLE16_BYTES,
    .chunk_steps = 12,  // 240 columns
    .table_entries = BL_LUT_PAIR_ENTRIES,
    .table_adds = BL_LUT_PAIR_ADDS,
    .row_reads = 10,
    .row_adds = 10,
    .row_logic_operations = 2 * BL_TL1_STEP_BYTES,  // shift and mask: two nibbles of a byte
};

// Both nibbles have a table of their own, the high nibble the first.
static const bl_lut_nibbles bl_lut_tl1_nibbles = {BL_TL1_STEP_BYTES, .byte_tables = 2, .high_table = 0,
                                                  .low_table = 1};

// What entry `entry` multiplies the activation of column `column` of its pair with.
static inline int8_t bl_lut_tl1_coefficient(unsigned entry, unsigned column) {
  return entry < BL_LUT_PAIR_ENTRIES && column < 2 ? bl_lut_trit(entry, 1 - column) : 0;
}

#endif
