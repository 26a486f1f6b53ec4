// Counting of operations: the portable kernels say where they add, look up or count bits, and a build with
// BL_COUNTING (only the test target CountedKernels) adds it all up, so that a test can hold each cost formula
// against the code it describes. In every other build the macro is nothing.
#ifndef BL_COUNT_H
#define BL_COUNT_H

#include "include/bitlab_kernels.h"

#ifdef BL_COUNTING
extern bl_cost bl_counted;
#define BL_COUNT(operation, number) (bl_counted.operation += (uint64_t)(number))
#else
#define BL_COUNT(operation, number) ((void)0)
#endif

#endif
