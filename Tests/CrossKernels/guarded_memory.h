// Memory whose last byte lies at the end of a page, with forbidden pages on both sides: a kernel that reads
// or writes past what it was promised crashes the test instead of passing by luck.
#ifndef CROSS_GUARDED_MEMORY_H
#define CROSS_GUARDED_MEMORY_H

#include <stddef.h>

typedef struct guarded_memory {
  void *base;  // at a multiple of 64 bytes; up to 63 bytes of slack remain before the forbidden page
  void *mapping;
  size_t mapped_bytes;
} guarded_memory;

// At least `bytes` bytes, all of the value `fill`. Ends the program when there is no memory.
guarded_memory guarded_allocate(size_t bytes, int fill);
void guarded_free(guarded_memory memory);

#endif
