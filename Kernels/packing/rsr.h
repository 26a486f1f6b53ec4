// rsr: three rows are cut into columns of three trits, and columns that are equal, or opposite, lie together,
// so that their activations are summed once for all three rows (redundant segment reduction, arXiv
// 2411.06360).
//
// The pattern of a column is v = 9 w0 + 3 w1 + w2, -13..13: v and -v share a segment, with opposite signs,
// and v = 0 is left out. Columns are in blocks of 128, so that a column is one byte and the activations of a
// block stay in cache. A segment has five fixed slots for columns of v and five for -v (v = 13 has four), so
// that nothing depends on how long segments are; columns that find no free slot go to an overflow list.
//
//   bytes 0 ..      uint64_t offset[tiles + 1]: where each tile begins, and where the last one ends
//   tile (rows 96 t .. 96 t + 95), for each block (columns 128 b .. 128 b + 127):
//     64 bytes      for each of 32 triples of rows: length of the overflow of v > 0, and of v < 0
//     then, triple after triple:
//       64 bytes    columns of v > 0: slots of v = 1 (5), v = 2 (5), ... v = 12 (5), v = 13 (4)
//       64 bytes    columns of v < 0, the same; an unused slot holds 128
//       overflow    columns: of v > 0, then of v < 0
//       overflow    segments of these columns: v - 1 for v > 0, 12 - v for v < 0 (0..25)
//   64 bytes        zero, so that a vector may be read from the beginning of any list
//
// The size depends on the data by two bytes per column in overflow; these are a quarter of it for random
// weights.
#ifndef BL_PACKING_RSR_H
#define BL_PACKING_RSR_H

#include "common/bl_math.h"
#include "include/bitlab_kernels.h"

enum {
  BL_RSR_ROWS_PER_TRIPLE = 3,
  BL_RSR_TRIPLES = 32,
  BL_RSR_ROWS = BL_RSR_TRIPLES * BL_RSR_ROWS_PER_TRIPLE,  // of a tile
  BL_RSR_COLUMNS = 128,                                   // of a block
  BL_RSR_SEGMENTS = 13,
  BL_RSR_SLOTS = 64,  // of one sign
  BL_RSR_SLOTS_PER_SEGMENT = 5,
  BL_RSR_UNUSED_SLOT = 128,
  BL_RSR_COUNT_BYTES = 2 * BL_RSR_TRIPLES,  // of one tile and block
  BL_RSR_END_BYTES = 64,
};

extern const bl_packing bl_packing_rsr;

static inline size_t bl_rsr_tiles(size_t n) {
  return bl_divide_up(n, BL_RSR_ROWS);
}
static inline size_t bl_rsr_blocks(size_t k) {
  return bl_divide_up(k, BL_RSR_COLUMNS);
}
// The weights of the three rows in a column of v = segment + 1.
static const int8_t bl_rsr_trits[BL_RSR_SEGMENTS][BL_RSR_ROWS_PER_TRIPLE] = {
    {0, 0, 1},  {0, 1, -1}, {0, 1, 0}, {0, 1, 1},  {1, -1, -1}, {1, -1, 0}, {1, -1, 1},
    {1, 0, -1}, {1, 0, 0},  {1, 0, 1}, {1, 1, -1}, {1, 1, 0},   {1, 1, 1},
};

// Slots of a segment, and the first of them.
static inline size_t bl_rsr_segment_slots(size_t segment) {
  return segment == BL_RSR_SEGMENTS - 1 ? BL_RSR_SLOTS_PER_SEGMENT - 1 : BL_RSR_SLOTS_PER_SEGMENT;
}
static inline size_t bl_rsr_first_slot(size_t segment) {
  return segment * BL_RSR_SLOTS_PER_SEGMENT;
}

// Bytes of the offsets, and of a tile without its overflow.
static inline size_t bl_rsr_header_bytes(size_t n) {
  return (bl_rsr_tiles(n) + 1) * sizeof(uint64_t);
}
static inline size_t bl_rsr_fixed_tile_bytes(size_t k) {
  return bl_rsr_blocks(k) * (BL_RSR_COUNT_BYTES + BL_RSR_TRIPLES * 2 * BL_RSR_SLOTS);
}
static inline size_t bl_rsr_bytes(size_t n, size_t k, size_t overflow_columns) {
  return bl_rsr_header_bytes(n) + bl_rsr_tiles(n) * bl_rsr_fixed_tile_bytes(k) + 2 * overflow_columns +
         BL_RSR_END_BYTES;
}

static inline const uint8_t *bl_rsr_tile(const void *packed, size_t tile) {
  return (const uint8_t *)packed + ((const uint64_t *)packed)[tile];
}

// Columns in overflow lists of a packed matrix.
static inline size_t bl_rsr_overflow_columns(size_t n, size_t k, const void *packed) {
  const uint64_t end = ((const uint64_t *)packed)[bl_rsr_tiles(n)];
  return (end - (bl_rsr_bytes(n, k, 0) - BL_RSR_END_BYTES)) / 2;
}

// One triple of rows in one block.
typedef struct bl_rsr_triple {
  const uint8_t *positive_slots, *negative_slots;
  size_t positive_overflow, overflow;  // overflow of v > 0, and of both
  const uint8_t *columns, *segments;   // of the overflow
} bl_rsr_triple;

// The triple that begins at *bytes, whose overflow lengths are in `counts`; moves *bytes to the next one.
static inline bl_rsr_triple bl_rsr_next_triple(const uint8_t counts[2], const uint8_t **bytes) {
  bl_rsr_triple triple = {.positive_slots = *bytes, .negative_slots = *bytes + BL_RSR_SLOTS};
  triple.positive_overflow = counts[0];
  triple.overflow = (size_t)counts[0] + counts[1];
  triple.columns = *bytes + 2 * BL_RSR_SLOTS;
  triple.segments = triple.columns + triple.overflow;
  *bytes = triple.segments + triple.overflow;
  return triple;
}

#endif
