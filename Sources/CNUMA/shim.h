// libnuma for Swift.
#ifndef BITLAB_CNUMA_SHIM_H
#define BITLAB_CNUMA_SHIM_H

#include <numa.h>
#include <numaif.h>
#include <stddef.h>

// Makes the pages of a region exist by writing back a byte of each. Swift has no volatile: its optimiser
// would remove a write that changes nothing.
static inline void bl_touch_pages(void *region, size_t bytes, size_t page_bytes) {
  volatile unsigned char *byte = (volatile unsigned char *)region;
  for (size_t offset = 0; offset < bytes; offset += page_bytes) byte[offset] = byte[offset];
}

#endif
