// Finds the kernels that BL_REGISTER put in the linker section.
#include "common/bl_register.h"

#if defined(__APPLE__)
extern const bl_kernel *const bl_entries_begin[] __asm("section$start$__DATA$bl_kernels");
extern const bl_kernel *const bl_entries_end[] __asm("section$end$__DATA$bl_kernels");
#else
extern const bl_kernel *const bl_entries_begin[] __asm("__start_bl_kernels");
extern const bl_kernel *const bl_entries_end[] __asm("__stop_bl_kernels");
#endif

size_t bl_kernel_total(void) {
  return (size_t)(bl_entries_end - bl_entries_begin);
}

const bl_kernel *bl_kernel_at(size_t index) {
  return bl_entries_begin[index];
}

const char *bl_compiler(void) {
  return __VERSION__;
}
