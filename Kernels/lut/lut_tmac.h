// lut on packing tmac: one table of the 16 subset sums of four columns, memory for 16 of two bytes; both
// planes look up the same table.
#ifndef BL_LUT_TMAC_H
#define BL_LUT_TMAC_H

#include "lut/lut_layout.h"
#include "lut/lut_nibbles.h"
#include "packing/tmac.h"

static const bl_lut_layout bl_lut_tmac = {
    .step_columns = BL_TMAC_STEP_COLUMNS,
    .step_weight_bytes = BL_TMAC_STEP_BYTES * BL_LUT_ROWS,
    .step_tables = BL_TMAC_STEP_BYTES,
    .table_bytes = BL_LUT_TABLE16_BYTES,
    .chunk_steps = 12,  // 240 columns
    .table_entries = 16,
    .table_adds = 15,
    .row_reads = 2 * BL_TMAC_STEP_BYTES,
    .row_adds = 2 * BL_TMAC_STEP_BYTES,              // one of them a subtraction
    .row_logic_operations = 2 * BL_TMAC_STEP_BYTES,  // shift and mask: two nibbles of a byte
};

// Both nibbles look up the same table: plane P adds, plane N subtracts.
static const bl_lut_nibbles bl_lut_tmac_nibbles = {BL_TMAC_STEP_BYTES, .byte_tables = 1,
                                                   .high_is_subtracted = true};

// What entry `entry` multiplies the activation of column `column` of its group with.
static inline int8_t bl_lut_tmac_coefficient(unsigned entry, unsigned column) {
  return entry >> column & 1;
}

#endif
