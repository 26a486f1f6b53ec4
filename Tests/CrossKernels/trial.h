// One matmul through the bare contract of a kernel, with all memory guarded and everything that may be split
// done in uneven pieces.
#ifndef CROSS_TRIAL_H
#define CROSS_TRIAL_H

#include "operands.h"

typedef struct trial {
  const bl_kernel *kernel;
  size_t m, n, k;
  fill fill;
  uint64_t seed;
} trial;

// Reports what is wrong, with the shape and the seed, as failures of the current test.
void trial_run(const trial *trial);

#endif
