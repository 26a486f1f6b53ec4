// Prefetching one long stream that is read from front to back.
//
// A hardware prefetcher follows one run of lines a page, and a core that reads a single stream waits for it:
// on a Sapphire Rapids server one stream reads memory at 13 GB/s, four at 20. A kernel need not read in four
// places for that. It is enough to ask in four places: while one block of four pages is read, the next block
// is prefetched a line of each page in turn,
//
//   read:      line 0, 1, 2, 3, 4, 5, ...                     of this block of 256 lines
//   prefetch:  line 0, 64, 128, 192, 1, 65, 129, 193, 2, ...  of the next
//
// which makes the same 20 GB/s; two pages make 18, eight no more than four. Where a single stream does as
// well it costs three scalar operations a line. Kernels that read from several streams of their own
// (common/bl_int8_gemv_vnni.h) have no use for it.
#ifndef BL_STREAM_PREFETCH_H
#define BL_STREAM_PREFETCH_H

#include <stdint.h>

enum {
  BL_STREAM_LINE_BYTES = 64,
  BL_STREAM_PAGE_BYTES = 4096,
  BL_STREAM_PAGES = 4,
  BL_STREAM_BLOCK_BYTES = BL_STREAM_PAGES * BL_STREAM_PAGE_BYTES,
};

// What is asked for when the line at `at` is read: the same line of the order above, in the next block.
static inline __attribute__((always_inline)) uintptr_t bl_stream_begin(const void *at) {
  const uintptr_t address = (uintptr_t)at;
  const uintptr_t line = address % BL_STREAM_BLOCK_BYTES / BL_STREAM_LINE_BYTES;
  return address - address % BL_STREAM_BLOCK_BYTES + BL_STREAM_BLOCK_BYTES +
         line % BL_STREAM_PAGES * BL_STREAM_PAGE_BYTES + line / BL_STREAM_PAGES * BL_STREAM_LINE_BYTES;
}

// Prefetches and moves on; to be called once for every line read. What it asks for may lie behind the stream:
// prefetches do not fault.
static inline __attribute__((always_inline)) void bl_stream_next(uintptr_t *next) {
  __builtin_prefetch((const void *)*next, 0, 3);
  *next += BL_STREAM_PAGE_BYTES;
  if (*next % BL_STREAM_BLOCK_BYTES / BL_STREAM_PAGE_BYTES == 0) {  // past the last page: its next line
    *next += BL_STREAM_LINE_BYTES - BL_STREAM_BLOCK_BYTES;
    if (*next % BL_STREAM_PAGE_BYTES == 0) *next += BL_STREAM_BLOCK_BYTES - BL_STREAM_PAGE_BYTES;
  }
}

#endif
