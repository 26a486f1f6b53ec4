// lut on packing t5: one table of 122 entries for five columns, memory for 128 of two bytes.
// Portable kernel: 128 int16. Vector kernels: 128 low digits, then 128 high digits (lut_digits.h).
#ifndef BL_LUT_T5_H
#define BL_LUT_T5_H

#include "lut/lut_layout.h"
#include "packing/t5.h"

enum { BL_LUT_T5_ENTRIES = 128 };

static const bl_lut_layout bl_lut_t5 = {
    .step_columns = BL_T5_COLUMNS,
    .step_weight_bytes = BL_T5_ROWS,
    .step_tables = 1,
    .table_bytes = 2 * BL_LUT_T5_ENTRIES,
    .chunk_steps = 50,  // 250 columns
    .table_entries = 122,
    .table_adds = 121,
    .row_reads = 1,
    .row_adds = 1,              // or subtraction
    .row_logic_operations = 2,  // index and sign of the byte
};

#endif
