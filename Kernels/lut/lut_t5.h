// lut on packing t5: one table of 122 entries for five columns.
//
// The value of five trits is v = 9 a + b, a of the first three (0..13, as v >= 0) and b of the last two
// (-4..4), so an entry is T[v] = A[a] + B[b]: prepare() leaves the 14 triples A and the 9 pairs B, as 32
// words of two bytes of which A are words 0..13 and B words 16..24; multiply() expands them to memory for 128
// entries of two bytes. Portable kernel: int16. AVX-512: 128 low digits, then 128 high digits (lut_digits.h).
//
// With AVX2, whose vpshufb reaches 16 entries, a byte is divided by 9 and its triple and its pair are looked
// up where they are: lut_t5_avx2.c.
#ifndef BL_LUT_T5_H
#define BL_LUT_T5_H

#include "lut/lut_blocking.h"
#include "lut/lut_ternary_tables.h"
#include "packing/t5.h"

enum {
  BL_LUT_T5_WORDS = 32,       // of the parts
  BL_LUT_T5_FIRST_PAIR = 16,  // word of the first pair
  BL_LUT_T5_ENTRIES = 128,    // of an expanded table, with room for a seven-bit index
  BL_LUT_T5_USED = 122,
  BL_LUT_T5_PREPARED_GROUPS = 50,  // that prepare() takes at once
};

static const bl_lut_layout bl_lut_t5 = {
    .step_columns = BL_T5_COLUMNS,
    .step_weight_bytes = BL_T5_ROWS,
    .step_tables = 1,
    .table_bytes = 2 * BL_LUT_T5_WORDS,
    .expanded_table_bytes = 2 * BL_LUT_T5_ENTRIES,
    .chunk_steps = 50,  // 250 columns
    .table_entries = BL_LUT_TRIPLE_ENTRIES + BL_LUT_PAIR_ENTRIES,
    .table_adds = BL_LUT_TRIPLE_ADDS + BL_LUT_PAIR_ADDS,
    .expanded_entries = BL_LUT_T5_USED,
    .expanding_adds = BL_LUT_T5_USED,
    .expanding_reads = 2 * BL_LUT_T5_USED,
    .row_reads = 1,
    .row_adds = 1,              // or subtraction
    .row_logic_operations = 2,  // index and sign of the byte
};

static inline size_t bl_lut_t5_prepared_bytes(size_t m, size_t k) {
  return m * bl_lut_token_bytes(&bl_lut_t5, k);
}
static inline size_t bl_lut_t5_workspace_bytes(size_t m, size_t n, size_t k) {
  (void)n;
  (void)k;
  return bl_lut_workspace_bytes(&bl_lut_t5, m);
}

#endif
