// The list of all rate probes of this build.
#include "probe/rate_loop.h"

size_t bl_rate_probe_total(void) {
#if BL_X86
  return BL_RATE_PROBES_X86 + BL_RATE_PROBES_AVX2 + BL_RATE_PROBES_AVX512;
#else
  return 0;
#endif
}

const bl_rate_probe *bl_rate_probe_at(size_t index) {
#if BL_X86
  if (index < BL_RATE_PROBES_X86) return &bl_rate_probes_x86[index];
  index -= BL_RATE_PROBES_X86;
  if (index < BL_RATE_PROBES_AVX2) return &bl_rate_probes_avx2[index];
  return &bl_rate_probes_avx512[index - BL_RATE_PROBES_AVX2];
#else
  (void)index;
  return NULL;
#endif
}
