// Reading weights from memory as a few streams side by side: where the streams lie, and how they are
// prefetched. One long stream has common/bl_stream_prefetch.h.
//
// Prefetching has two stages: into L2 early enough for DRAM, and from there into L1 shortly before use. A
// line on its way to L1 holds one of the few miss buffers of L1 until it arrives; L2 has more of its own:
// asked for in random order, lines come from DRAM 1.3 to 1.8 times as fast to L2 of a Zen 4 core as to its
// L1. Whoever asks for L1 long before use waits for buffers, and outruns the core's own prefetchers. Shares
// of what the read probe gets, one thread of Zen 4:
//
//   mad-i2s, four streams   4 KiB ahead to L1  70%   1 KiB to L2  96%   and the last 512 bytes to L1  99%
//   lut-t5, six streams     2 KiB ahead to L1  56%   2 KiB to L2  77%   and the last 512 bytes to L1  85%
//
// How far: 4 KiB of all streams together, which last 137 ns at 30 GB/s. Farther is worse where the core
// prefetches too: mad-i2s makes 84% with 2 KiB in each of its streams. All this was measured on Zen 4 alone.
// The distances before, 4 KiB in each stream to L1, came from Sapphire Rapids, where these are still to be
// measured.
#ifndef BL_WEIGHT_STREAMS_H
#define BL_WEIGHT_STREAMS_H

#include "common/bl_target.h"

#include <stddef.h>

enum {
  BL_STREAMS_AHEAD_BYTES = 4096,    // of all streams together, to L2
  BL_STREAMS_L1_AHEAD_BYTES = 512,  // of each stream
};

// Neither faults, wherever the address lies.
BL_ALWAYS_INLINE void bl_prefetch_to_l1(const void *line) {
  __builtin_prefetch(line, 0, 3);
}
BL_ALWAYS_INLINE void bl_prefetch_to_l2(const void *line) {
  __builtin_prefetch(line, 0, 2);
}

// Both stages for one of `streams` streams; to be called once for every line, when the line at `at` is read.
BL_ALWAYS_INLINE void bl_prefetch_stream(const void *at, const size_t streams) {
  bl_prefetch_to_l2((const char *)at + BL_STREAMS_AHEAD_BYTES / streams);
  bl_prefetch_to_l1((const char *)at + BL_STREAMS_L1_AHEAD_BYTES);
}

// Rows of a stream: `most`, or as many less as it takes to keep the streams' distance off a multiple of 32
// KiB. At such distances, which powers of two bring, all streams wait for the same banks of DRAM.
BL_ALWAYS_INLINE size_t bl_stream_rows(size_t most, size_t row_bytes) {
  enum { PERIOD = 32 << 10, OFF = 8 << 10 };
  for (size_t rows = most; rows > most / 2; rows--) {
    const size_t distance = rows * row_bytes % PERIOD;
    if (distance >= OFF && distance <= PERIOD - OFF) return rows;
  }
  return most;
}

#endif
