// lut on packing tl2: one mirrored table of 14 entries for three columns, memory for 16 of two bytes.
#ifndef BL_LUT_TL2_H
#define BL_LUT_TL2_H

#include "lut/lut_layout.h"
#include "lut/lut_ternary_tables.h"
#include "lut/lut_trits.h"
#include "packing/tl2.h"

static const bl_lut_layout bl_lut_tl2 = {
    .step_columns = BL_TL2_STEP_COLUMNS,
    .step_weight_bytes = BL_TL2_STEP_BYTES * BL_LUT_ROWS,
    .step_tables = BL_TL2_STEP_TRIPLES,
    .table_bytes = BL_LUT_TABLE16_BYTES,
    .chunk_steps = 10,  // 240 columns
    .table_entries = BL_LUT_TRIPLE_ENTRIES,
    .table_adds = BL_LUT_TRIPLE_ADDS,
    .row_reads = BL_TL2_STEP_TRIPLES,
    .row_adds = BL_TL2_STEP_TRIPLES,                  // or subtractions
    .row_logic_operations = 3 * BL_TL2_STEP_TRIPLES,  // a nibble, and shift and mask of the sign
};

// What entry `entry` multiplies the activation of column `column` of its triple with.
static inline int8_t bl_lut_tl2_coefficient(unsigned entry, unsigned column) {
  return entry < BL_LUT_TRIPLE_ENTRIES && column < 3 ? bl_lut_trit(entry + 13, 2 - column) : 0;
}

#endif
