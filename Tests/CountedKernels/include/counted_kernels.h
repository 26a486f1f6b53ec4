// The portable kernels once more, compiled with BL_COUNTING: they add up their operations in bl_counted.
#ifndef COUNTED_KERNELS_H
#define COUNTED_KERNELS_H

#include "bitlab_kernels.h"

extern bl_cost bl_counted;

size_t bl_counted_kernel_total(void);
const bl_kernel *bl_counted_kernel_at(size_t index);

#endif
