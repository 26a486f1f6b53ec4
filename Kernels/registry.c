// Finds the kernels that BL_REGISTER put in the linker section, and the extensions of the running CPU.
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

uint32_t bl_cpu_isa(void) {
  uint32_t isa = BL_ISA_SCALAR;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c") &&
      __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2"))
    isa |= BL_ISA_AVX2;
  if ((isa & BL_ISA_AVX2) && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512cd"))
    isa |= BL_ISA_AVX512;
  if (isa & BL_ISA_AVX512) {
    if (__builtin_cpu_supports("avx512vnni")) isa |= BL_ISA_AVX512_VNNI;
    if (__builtin_cpu_supports("avx512vbmi")) isa |= BL_ISA_AVX512_VBMI;
    if (__builtin_cpu_supports("avx512vpopcntdq")) isa |= BL_ISA_AVX512_VPOPCNTDQ;
    if (__builtin_cpu_supports("avx512bf16")) isa |= BL_ISA_AVX512_BF16;
  }
#endif
  return isa;
}

const char *bl_compiler(void) {
  return __VERSION__;
}
