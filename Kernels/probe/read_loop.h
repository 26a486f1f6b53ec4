// The read loop for any vector type, and the table of its shapes. The including file defines BL_READ_VECTOR,
// BL_READ_ZERO(), BL_READ_LOAD(address), BL_READ_FOLD(sum, a, b), which is the exclusive or of all three, and
// BL_READ_WORD(vector), the exclusive or of its 64-bit words.
//
// One step reads 8 cache lines, 8 / streams of each stream. Folding vectors in pairs lets instruction sets
// with a three-operand logic instruction spend one on two loads: one on each would be slower than the load
// ports.
//
// Prefetching goes to L1, or by way of L2: there are cores that have more misses under way to L2 than to L1
// (common/bl_weight_streams.h), and a probe that kernels can beat is no limit.
#include "common/bl_weight_streams.h"
#include "probe/probes.h"

enum { BL_READ_LINE_BYTES = 64, BL_READ_PAGE_BYTES = 4096, BL_READ_STEP_LINES = 8, BL_READ_SUMS = 4 };

// The address of line `i` of a step at `offset` in each stream.
BL_ALWAYS_INLINE const char *read_line(const char *block, size_t stream_bytes, size_t streams, size_t offset,
                                       size_t i) {
  const size_t lines = BL_READ_STEP_LINES / streams;
  return block + (i / lines) * stream_bytes + offset + (i % lines) * BL_READ_LINE_BYTES;
}

BL_ALWAYS_INLINE void read_block(BL_READ_VECTOR sums[BL_READ_SUMS], const char *block, size_t stream_bytes,
                                 size_t streams, size_t prefetch_bytes, bool by_l2) {
  enum { VECTORS = BL_READ_LINE_BYTES / sizeof(BL_READ_VECTOR) };
  const size_t step = BL_READ_STEP_LINES / streams * BL_READ_LINE_BYTES;
  for (size_t offset = 0; offset < stream_bytes; offset += step) {
    BL_UNROLL
    for (size_t i = 0; i < BL_READ_STEP_LINES; i += 2) {
      const char *first = read_line(block, stream_bytes, streams, offset, i);
      const char *second = read_line(block, stream_bytes, streams, offset, i + 1);
      if (prefetch_bytes) {
        const size_t to_l1 = by_l2 ? BL_STREAMS_L1_AHEAD_BYTES : prefetch_bytes;
        bl_prefetch_to_l1(first + to_l1);
        bl_prefetch_to_l1(second + to_l1);
        if (by_l2) {
          bl_prefetch_to_l2(first + prefetch_bytes);
          bl_prefetch_to_l2(second + prefetch_bytes);
        }
      }
      BL_UNROLL
      for (size_t v = 0; v < VECTORS; v++) {
        const size_t sum = (i / 2 * VECTORS + v) % BL_READ_SUMS;
        const size_t at = v * sizeof(BL_READ_VECTOR);
        sums[sum] = BL_READ_FOLD(sums[sum], BL_READ_LOAD(first + at), BL_READ_LOAD(second + at));
      }
    }
  }
}

// `streams` divides 8; with `neighbours` the streams are pages side by side, else equal parts of the data.
BL_ALWAYS_INLINE uint64_t read_streams(const void *data, size_t bytes, size_t prefetch_bytes, size_t rounds,
                                       size_t streams, bool neighbours, bool by_l2) {
  const size_t stream_bytes = neighbours ? BL_READ_PAGE_BYTES : bytes / streams;
  BL_READ_VECTOR sums[BL_READ_SUMS];
  for (size_t i = 0; i < BL_READ_SUMS; i++) sums[i] = BL_READ_ZERO();
  for (size_t round = 0; round < rounds; round++) {
    __asm__ volatile("" ::: "memory");  // every round reads anew
    for (size_t begin = 0; begin < bytes; begin += streams * stream_bytes) {
      const char *block = (const char *)data + begin;
      // Two loops, so that the one without prefetch has no branch in it.
      if (prefetch_bytes)
        read_block(sums, block, stream_bytes, streams, prefetch_bytes, by_l2);
      else
        read_block(sums, block, stream_bytes, streams, 0, by_l2);
    }
  }
  uint64_t total = 0;
  for (size_t i = 0; i < BL_READ_SUMS; i++) total ^= BL_READ_WORD(sums[i]);
  return total;
}

#define BL_READ_FUNCTION(name, streams, neighbours, by_l2)                                     \
  static uint64_t name(const void *data, size_t bytes, size_t prefetch_bytes, size_t rounds) { \
    return read_streams(data, bytes, prefetch_bytes, rounds, streams, neighbours, by_l2);      \
  }

BL_READ_FUNCTION(read_1, 1, false, false)
BL_READ_FUNCTION(read_2, 2, false, false)
BL_READ_FUNCTION(read_4, 4, false, false)
BL_READ_FUNCTION(read_8, 8, false, false)
BL_READ_FUNCTION(read_4_pages, 4, true, false)
BL_READ_FUNCTION(read_8_pages, 8, true, false)
BL_READ_FUNCTION(read_1_by_l2, 1, false, true)
BL_READ_FUNCTION(read_4_by_l2, 4, false, true)

// Far streams share a granule of one page, so that small caches can be filled.
#define BL_READ_PROBES(isa_name, isa_mask)                                                   \
  {                                                                                          \
    {isa_name ", 1 stream", isa_mask, BL_READ_PAGE_BYTES, read_1},                           \
        {isa_name ", 2 streams", isa_mask, BL_READ_PAGE_BYTES, read_2},                      \
        {isa_name ", 4 streams", isa_mask, BL_READ_PAGE_BYTES, read_4},                      \
        {isa_name ", 8 streams", isa_mask, BL_READ_PAGE_BYTES, read_8},                      \
        {isa_name ", 4 neighbouring pages", isa_mask, 4 * BL_READ_PAGE_BYTES, read_4_pages}, \
        {isa_name ", 8 neighbouring pages", isa_mask, 8 * BL_READ_PAGE_BYTES, read_8_pages}, \
        {isa_name ", 1 stream by way of L2", isa_mask, BL_READ_PAGE_BYTES, read_1_by_l2},    \
        {isa_name ", 4 streams by way of L2", isa_mask, BL_READ_PAGE_BYTES, read_4_by_l2},   \
  }
