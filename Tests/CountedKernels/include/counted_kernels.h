// The portable kernels once more, compiled with BL_COUNTING: they add up their operations in bl_counted.
#ifndef COUNTED_KERNELS_H
#define COUNTED_KERNELS_H

#include "bitlab_kernels.h"

// Forgets what was counted.
void bl_counted_reset(void);
// Everything counted since the last reset, on any thread: count one kernel at a time.
bl_cost bl_counted_total(void);

size_t bl_counted_kernel_total(void);
const bl_kernel *bl_counted_kernel_at(size_t index);

#endif
