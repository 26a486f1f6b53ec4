#include "packing/rsr.h"

// Up to 128 columns of a triple of rows, sorted into slots and overflow. Index 0 is v > 0, 1 is v < 0.
typedef struct sorted {
  uint8_t slots[2][BL_RSR_SLOTS];
  uint8_t overflow[2];
  uint8_t columns[2][BL_RSR_COLUMNS], segments[2][BL_RSR_COLUMNS];
} sorted;

static void sort_columns(size_t n, size_t k, size_t row, size_t block, const int8_t *weights, sorted *out) {
  uint8_t used[2][BL_RSR_SEGMENTS] = {{0}};
  for (size_t i = 0; i < BL_RSR_SLOTS; i++) out->slots[0][i] = out->slots[1][i] = BL_RSR_UNUSED_SLOT;
  out->overflow[0] = out->overflow[1] = 0;
  for (size_t column = 0; column < bl_min(BL_RSR_COLUMNS, k - block); column++) {
    int pattern = 0;
    for (size_t r = row; r < row + BL_RSR_ROWS_PER_TRIPLE; r++)
      pattern = pattern * 3 + (r < n ? weights[r * k + block + column] : 0);
    if (pattern == 0) continue;
    const int sign = pattern < 0;
    const size_t segment = (size_t)(sign ? -pattern : pattern) - 1;
    if (used[sign][segment] < bl_rsr_segment_slots(segment)) {
      out->slots[sign][bl_rsr_first_slot(segment) + used[sign][segment]++] = (uint8_t)column;
    } else {
      out->columns[sign][out->overflow[sign]] = (uint8_t)column;
      out->segments[sign][out->overflow[sign]++] = (uint8_t)(segment + (sign ? BL_RSR_SEGMENTS : 0));
    }
  }
}

static size_t count_overflow(size_t n, size_t k, size_t n_begin, size_t n_end, const int8_t *weights) {
  size_t count = 0;
  for (size_t row = n_begin; row < n_end; row += BL_RSR_ROWS_PER_TRIPLE) {
    for (size_t block = 0; block < k; block += BL_RSR_COLUMNS) {
      sorted triple;
      sort_columns(n, k, row, block, weights, &triple);
      count += (size_t)triple.overflow[0] + triple.overflow[1];
    }
  }
  return count;
}

static size_t packed_bytes(size_t n, size_t k, const void *w) {
  // The most columns are in overflow when all of a block are alike.
  const size_t bound = bl_divide_up(n, BL_RSR_ROWS_PER_TRIPLE) * k;
  return bl_rsr_bytes(n, k, w == NULL ? bound : count_overflow(n, k, 0, n, w));
}

static uint8_t *append(uint8_t *out, const uint8_t *bytes, size_t count) {
  for (size_t i = 0; i < count; i++) out[i] = bytes[i];
  return out + count;
}

static void pack(size_t n, size_t k, size_t n_begin, size_t n_end, const void *w, void *packed) {
  uint64_t *offsets = packed;
  // Where this range begins follows from the rows before it, so that ranges need not wait for each other.
  uint8_t *out = (uint8_t *)packed + bl_rsr_header_bytes(n) +
                 bl_rsr_tiles(n_begin) * bl_rsr_fixed_tile_bytes(k) + 2 * count_overflow(n, k, 0, n_begin, w);
  for (size_t begin = n_begin; begin < n_end; begin += BL_RSR_ROWS) {
    offsets[begin / BL_RSR_ROWS] = (uint64_t)(out - (uint8_t *)packed);
    for (size_t block = 0; block < k; block += BL_RSR_COLUMNS) {
      uint8_t *counts = out;
      out += BL_RSR_COUNT_BYTES;
      for (size_t i = 0; i < BL_RSR_TRIPLES; i++) {
        sorted triple;
        sort_columns(n, k, begin + i * BL_RSR_ROWS_PER_TRIPLE, block, w, &triple);
        for (int sign = 0; sign < 2; sign++) counts[2 * i + (size_t)sign] = triple.overflow[sign];
        for (int sign = 0; sign < 2; sign++) out = append(out, triple.slots[sign], BL_RSR_SLOTS);
        for (int sign = 0; sign < 2; sign++) out = append(out, triple.columns[sign], triple.overflow[sign]);
        for (int sign = 0; sign < 2; sign++) out = append(out, triple.segments[sign], triple.overflow[sign]);
      }
    }
  }
  if (n_end != n) return;
  offsets[bl_rsr_tiles(n)] = (uint64_t)(out - (uint8_t *)packed);
  for (size_t i = 0; i < BL_RSR_END_BYTES; i++) out[i] = 0;
}

// Writes the three weights of a column: the trits of its segment, negated when `negative`.
static void write_column(size_t n, size_t k, size_t row, size_t column, size_t segment, bool negative,
                         int8_t *weights) {
  for (size_t r = 0; r < bl_min(BL_RSR_ROWS_PER_TRIPLE, n - row); r++) {
    const int8_t trit = bl_rsr_trits[segment][r];
    weights[(row + r) * k + column] = (int8_t)(negative ? -trit : trit);
  }
}

static void unpack_triple(size_t n, size_t k, size_t row, size_t block, const bl_rsr_triple *triple,
                          int8_t *weights) {
  for (size_t slot = 0; slot < BL_RSR_SLOTS; slot++) {
    const size_t segment = slot / BL_RSR_SLOTS_PER_SEGMENT;
    if (triple->positive_slots[slot] != BL_RSR_UNUSED_SLOT)
      write_column(n, k, row, block + triple->positive_slots[slot], segment, false, weights);
    if (triple->negative_slots[slot] != BL_RSR_UNUSED_SLOT)
      write_column(n, k, row, block + triple->negative_slots[slot], segment, true, weights);
  }
  for (size_t i = 0; i < triple->overflow; i++)
    write_column(n, k, row, block + triple->columns[i], triple->segments[i] % BL_RSR_SEGMENTS,
                 i >= triple->positive_overflow, weights);
}

static void unpack(size_t n, size_t k, const void *packed, void *w) {
  int8_t *weights = w;
  for (size_t i = 0; i < n * k; i++) weights[i] = 0;
  for (size_t tile = 0; tile < bl_rsr_tiles(n); tile++) {
    const uint8_t *bytes = bl_rsr_tile(packed, tile);
    for (size_t block = 0; block < k; block += BL_RSR_COLUMNS) {
      const uint8_t *counts = bytes;
      bytes += BL_RSR_COUNT_BYTES;
      for (size_t i = 0; i < BL_RSR_TRIPLES; i++) {
        const bl_rsr_triple triple = bl_rsr_next_triple(counts + 2 * i, &bytes);
        unpack_triple(n, k, tile * BL_RSR_ROWS + i * BL_RSR_ROWS_PER_TRIPLE, block, &triple, weights);
      }
    }
  }
}

const bl_packing bl_packing_rsr = {
    .name = "rsr",
    .summary = "columns of three rows sorted by their pattern, in fixed slots and an overflow list",
    .source = "arXiv 2411.06360 (redundant segment reduction); layout: bitlab",
    .weights = BL_WEIGHTS_TERNARY,
    .bits_per_weight = 3.53,
    .n_multiple = BL_RSR_ROWS,
    .k_multiple = 1,
    .packed_bytes = packed_bytes,
    .pack = pack,
    .unpack = unpack,
};
