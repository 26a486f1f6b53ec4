#include "packing/tcsc.h"

static size_t count_nonzeros(const int8_t *weights, size_t count) {
  size_t nonzeros = 0;
  for (size_t i = 0; i < count; i++) nonzeros += weights[i] != 0;
  return nonzeros;
}

static size_t packed_bytes(size_t n, size_t k, const void *w) {
  return bl_tcsc_bytes(n, k, w == NULL ? n * k : count_nonzeros(w, n * k));
}

// Writes the columns of the weights equal to `value`; returns their number.
static size_t write_list(const int8_t *weights, size_t columns, int8_t value, uint8_t *list) {
  size_t count = 0;
  for (size_t column = 0; column < columns; column++)
    if (weights[column] == value) list[count++] = (uint8_t)column;
  return count;
}

static void pack(size_t n, size_t k, size_t n_begin, size_t n_end, const void *w, void *packed) {
  const int8_t *weights = w;
  uint8_t *bytes = packed;
  uint64_t *offsets = packed;
  // Where this range begins follows from the rows before it, so that ranges need not wait for each other.
  size_t offset = (bl_tcsc_tiles(n) + 1) * sizeof(uint64_t) +
                  n_begin / BL_TCSC_ROWS * bl_tcsc_blocks(k) * BL_TCSC_COUNT_BYTES +
                  count_nonzeros(weights, n_begin * k);
  for (size_t begin = n_begin; begin < n_end; begin += BL_TCSC_ROWS) {
    offsets[begin / BL_TCSC_ROWS] = offset;
    for (size_t block = 0; block < k; block += BL_TCSC_COLUMNS) {
      const size_t columns = bl_min(BL_TCSC_COLUMNS, k - block);
      uint8_t *counts = bytes + offset;
      offset += BL_TCSC_COUNT_BYTES;
      for (size_t r = 0; r < BL_TCSC_ROWS; r++) {
        const int8_t *row = weights + (begin + r) * k + block;
        const size_t existing = begin + r < n ? columns : 0;
        for (size_t i = 0; i < 2; i++) {
          const size_t count = existing > 0 ? write_list(row, existing, i == 0 ? 1 : -1, bytes + offset) : 0;
          counts[2 * r + i] = (uint8_t)count;
          offset += count;
        }
      }
    }
  }
  if (n_end == n) {
    offsets[bl_tcsc_tiles(n)] = offset;
    for (size_t i = 0; i < BL_TCSC_END_BYTES; i++) bytes[offset + i] = 0;
  }
}

static void unpack(size_t n, size_t k, const void *packed, void *w) {
  int8_t *weights = w;
  for (size_t i = 0; i < n * k; i++) weights[i] = 0;
  for (size_t tile = 0; tile < bl_tcsc_tiles(n); tile++) {
    const uint8_t *counts = bl_tcsc_tile(packed, tile);
    for (size_t block = 0; block < k; block += BL_TCSC_COLUMNS) {
      const uint8_t *list = counts + BL_TCSC_COUNT_BYTES;
      for (size_t i = 0; i < BL_TCSC_COUNT_BYTES; i++)
        for (size_t count = counts[i]; count > 0; count--, list++)
          weights[(tile * BL_TCSC_ROWS + i / 2) * k + block + *list] = i % 2 == 0 ? 1 : -1;
      counts = list;
    }
  }
}

const bl_packing bl_packing_tcsc = {
    .name = "tcsc",
    .summary = "one byte per nonzero weight: its column in a block of 128, +1 and -1 in separate lists",
    .source = "arXiv 2510.06957 (blocked compressed sparse columns); layout: bitlab",
    .weights = BL_WEIGHTS_TERNARY,
    .bits_per_weight = 8 * 2.0 / 3 + 0.125,
    .n_multiple = BL_TCSC_ROWS,
    .k_multiple = 1,
    .packed_bytes = packed_bytes,
    .pack = pack,
    .unpack = unpack,
};
