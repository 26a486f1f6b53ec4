// What i2s and tq2 have in common, and where they differ: the geometry that their kernels share.
#ifndef BL_MAD_TWO_BIT_H
#define BL_MAD_TWO_BIT_H

#include "common/bl_count.h"
#include "common/bl_int8_prepared.h"
#include "mad/mad_cost.h"
#include "packing/i2s.h"
#include "packing/tq2.h"

#include <string.h>

typedef struct bl_mad_two_bit_layout {
  size_t (*row_bytes)(size_t k);
  size_t chunk_stride;   // from one run of 256 columns (64 bytes of codes) to the next
  size_t block_columns;  // a row is padded to this many columns
  bool high_first;       // the first 32 columns of a run of 128 lie in the highest bits of a byte
} bl_mad_two_bit_layout;

static const bl_mad_two_bit_layout bl_mad_i2s_layout = {bl_i2s_row_bytes, 64, BL_I2S_BLOCK_COLUMNS, true};
static const bl_mad_two_bit_layout bl_mad_tq2_layout = {bl_tq2_row_bytes, BL_TQ2_BLOCK_BYTES,
                                                        BL_TQ2_BLOCK_COLUMNS, false};

// Bytes of codes in the last run of 256 columns: 32 when a row has an odd number of 128-column blocks.
static inline size_t bl_mad_two_bit_last_bytes(bl_mad_two_bit_layout layout, size_t k) {
  return bl_round_up((k - 1) % 256 + 1, layout.block_columns) / 4;
}

// Where run `run` of 128 columns begins in a row: 32 bytes.
static inline size_t bl_mad_two_bit_run_bytes(bl_mad_two_bit_layout layout, size_t run) {
  return run / 2 * layout.chunk_stride + run % 2 * 32;
}

// Codes of one row, padding included.
static inline void bl_mad_two_bit_unpack_row(bl_mad_two_bit_layout layout, size_t k, const uint8_t *row,
                                             uint8_t *codes) {
  const size_t columns = bl_round_up(k, layout.block_columns);
  for (size_t run = 0; run < columns / 128; run++) {
    const uint8_t *bytes = row + bl_mad_two_bit_run_bytes(layout, run);
    for (size_t group = 0; group < 4; group++) {
      const size_t shift = 2 * (layout.high_first ? 3 - group : group);
      for (size_t i = 0; i < 32; i += 8) {  // eight bytes at once: what a shift moves across is masked off
        uint64_t word;
        memcpy(&word, bytes + i, sizeof word);
        word = word >> shift & 0x0303030303030303;
        memcpy(codes + run * 128 + group * 32 + i, &word, sizeof word);
      }
    }
    BL_COUNT(logic_operations, 2 * 128);
  }
}

// A shift and a mask for each weight of a row, padding included.
static inline bl_cost bl_mad_two_bit_cost(bl_mad_two_bit_layout layout, size_t m, size_t n, size_t k) {
  return bl_mad_cost(m, n, k,
                     (bl_mad_unpack_cost){.logic_operations = 2 * bl_round_up(k, layout.block_columns)},
                     n * layout.row_bytes(k), bl_int8_prepared_bytes(m, k));
}

#endif
