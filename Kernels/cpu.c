// The extensions of the running CPU.
#define _GNU_SOURCE  // syscall()
#include "include/bitlab_kernels.h"

#if defined(__x86_64__) && defined(__linux__)
#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif
#if defined(__aarch64__) && defined(__linux__)
#include <sys/auxv.h>
#endif

#if defined(__x86_64__)
// AMX needs the CPU, and a system that lets this process have the large state of its tiles: Linux is asked
// for it once per process (Documentation/arch/x86/xstate.rst); threads made later inherit the answer.
static uint32_t amx_isa(void) {
#if defined(__linux__)
  enum { ask_for_state = 0x1023, tile_data = 18 };  // ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  if (!__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx)) return 0;
  const bool tiles = edx >> 24 & 1;
  if (!tiles || syscall(SYS_arch_prctl, ask_for_state, tile_data) != 0) return 0;
  return (edx >> 25 & 1 ? BL_ISA_AMX_INT8 : 0) | (edx >> 22 & 1 ? BL_ISA_AMX_BF16 : 0);
#else
  return 0;
#endif
}
#endif

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
    isa |= amx_isa();
  }
#elif defined(__aarch64__)
  isa |= BL_ISA_NEON;
#if defined(__linux__)
  const unsigned long capabilities = getauxval(AT_HWCAP), more = getauxval(AT_HWCAP2);
  if (capabilities >> 20 & 1) isa |= BL_ISA_NEON_DOTPROD;  // HWCAP_ASIMDDP
  if (more >> 13 & 1) isa |= BL_ISA_NEON_I8MM;             // HWCAP2_I8MM
#elif defined(__APPLE__)
  isa |= BL_ISA_NEON_DOTPROD;  // every Apple CPU that runs macOS has it
#endif
#endif
  return isa;
}
