#define _DEFAULT_SOURCE  // MAP_ANONYMOUS
#include "guarded_memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static size_t round_up(size_t value, size_t multiple) {
  return (value + multiple - 1) / multiple * multiple;
}

guarded_memory guarded_allocate(size_t bytes, int fill) {
  const size_t page = (size_t)sysconf(_SC_PAGESIZE);
  const size_t used = round_up(bytes > 0 ? bytes : 1, 64), pages = round_up(used, page);
  guarded_memory memory = {.mapped_bytes = pages + 2 * page};
  memory.mapping =
      mmap(NULL, memory.mapped_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory.mapping == MAP_FAILED || mprotect(memory.mapping, page, PROT_NONE) != 0 ||
      mprotect((char *)memory.mapping + page + pages, page, PROT_NONE) != 0) {
    perror("no guarded memory");
    exit(EXIT_FAILURE);
  }
  memory.base = (char *)memory.mapping + page + pages - used;
  memset(memory.base, fill, used);
  return memory;
}

void guarded_free(guarded_memory memory) {
  munmap(memory.mapping, memory.mapped_bytes);
}
