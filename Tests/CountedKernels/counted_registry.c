#include "common/bl_count.h"
#include "include/counted_kernels.h"

bl_cost bl_counted;

void bl_counted_reset(void) {
  bl_counted = (bl_cost){0};
}

bl_cost bl_counted_total(void) {
  return bl_counted;
}

extern const bl_kernel *const entries_begin[] __asm("__start_bl_counted_kernels");
extern const bl_kernel *const entries_end[] __asm("__stop_bl_counted_kernels");

size_t bl_counted_kernel_total(void) {
  return (size_t)(entries_end - entries_begin);
}

const bl_kernel *bl_counted_kernel_at(size_t index) {
  return entries_begin[index];
}
