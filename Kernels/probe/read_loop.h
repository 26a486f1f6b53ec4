// The read loop for any vector type, and the table of its shapes. The including file defines BL_READ_VECTOR
// (of 64-bit lanes), BL_READ_ZERO(), BL_READ_LOAD(address), BL_READ_ADD(a, b) and BL_READ_SUM(vector).
//
// One step reads 8 cache lines, 8 / streams of each stream, into 8 accumulators: enough independent additions
// for every load port, and few enough registers for 16-register machines.
#include "probe/probes.h"

enum { BL_READ_LINE_BYTES = 64, BL_READ_PAGE_BYTES = 4096, BL_READ_STEP_LINES = 8, BL_READ_SUMS = 8 };

BL_ALWAYS_INLINE void read_lines(BL_READ_VECTOR sums[BL_READ_SUMS], const char *block, size_t stream_bytes,
                                 size_t streams, size_t prefetch_bytes) {
  enum { VECTORS = BL_READ_LINE_BYTES / sizeof(BL_READ_VECTOR) };
  const size_t lines = BL_READ_STEP_LINES / streams;
  for (size_t offset = 0; offset < stream_bytes; offset += lines * BL_READ_LINE_BYTES) {
#pragma clang loop unroll(full)
    for (size_t i = 0; i < BL_READ_STEP_LINES; i++) {
      const char *line = block + (i / lines) * stream_bytes + offset + (i % lines) * BL_READ_LINE_BYTES;
      if (prefetch_bytes) __builtin_prefetch(line + prefetch_bytes, 0, 3);
#pragma clang loop unroll(full)
      for (size_t v = 0; v < VECTORS; v++) {
        const size_t sum = (i * VECTORS + v) % BL_READ_SUMS;
        sums[sum] = BL_READ_ADD(sums[sum], BL_READ_LOAD(line + v * sizeof(BL_READ_VECTOR)));
      }
    }
  }
}

// `streams` divides 8; with `neighbours` the streams are pages side by side, else equal parts of the data.
BL_ALWAYS_INLINE uint64_t read_streams(const void *data, size_t bytes, size_t prefetch_bytes, size_t rounds,
                                       size_t streams, bool neighbours) {
  const size_t stream_bytes = neighbours ? BL_READ_PAGE_BYTES : bytes / streams;
  BL_READ_VECTOR sums[BL_READ_SUMS];
  for (size_t i = 0; i < BL_READ_SUMS; i++) sums[i] = BL_READ_ZERO();
  for (size_t round = 0; round < rounds; round++) {
    __asm__ volatile("" ::: "memory");  // every round reads anew
    for (size_t begin = 0; begin < bytes; begin += streams * stream_bytes) {
      const char *block = (const char *)data + begin;
      // Two loops, so that the one without prefetch has no branch in it.
      if (prefetch_bytes)
        read_lines(sums, block, stream_bytes, streams, prefetch_bytes);
      else
        read_lines(sums, block, stream_bytes, streams, 0);
    }
  }
  uint64_t total = 0;
  for (size_t i = 0; i < BL_READ_SUMS; i++) total += BL_READ_SUM(sums[i]);
  return total;
}

#define BL_READ_FUNCTION(name, streams, neighbours)                                            \
  static uint64_t name(const void *data, size_t bytes, size_t prefetch_bytes, size_t rounds) { \
    return read_streams(data, bytes, prefetch_bytes, rounds, streams, neighbours);             \
  }

BL_READ_FUNCTION(read_1, 1, false)
BL_READ_FUNCTION(read_2, 2, false)
BL_READ_FUNCTION(read_4, 4, false)
BL_READ_FUNCTION(read_8, 8, false)
BL_READ_FUNCTION(read_4_pages, 4, true)
BL_READ_FUNCTION(read_8_pages, 8, true)

// Far streams share a granule of one page, so that small caches can be filled.
#define BL_READ_PROBES(isa_name, isa_mask)                                                   \
  {                                                                                          \
    {isa_name ", 1 stream", isa_mask, BL_READ_PAGE_BYTES, read_1},                           \
        {isa_name ", 2 streams", isa_mask, BL_READ_PAGE_BYTES, read_2},                      \
        {isa_name ", 4 streams", isa_mask, BL_READ_PAGE_BYTES, read_4},                      \
        {isa_name ", 8 streams", isa_mask, BL_READ_PAGE_BYTES, read_8},                      \
        {isa_name ", 4 neighbouring pages", isa_mask, 4 * BL_READ_PAGE_BYTES, read_4_pages}, \
        {isa_name ", 8 neighbouring pages", isa_mask, 8 * BL_READ_PAGE_BYTES, read_8_pages}, \
  }
