// The list of all probes of this build.
#include "probe/probes.h"

static const bl_read_probe *const read_tables[] = {
    bl_read_probes_scalar,
#if BL_X86
    bl_read_probes_avx2,
    bl_read_probes_avx512,
#endif
#if BL_ARM64
    bl_read_probes_neon,
#endif
};

static const bl_compute_probe *const compute_probes[] = {
    &bl_compute_int8_dot_scalar,     &bl_compute_fp32_fma_scalar,
#if BL_X86
    &bl_compute_int8_dot_avx2,       &bl_compute_ternary_dot_avx2, &bl_compute_fp32_fma_avx2,
    &bl_compute_ternary_dot_avx512,  &bl_compute_fp32_fma_avx512,  &bl_compute_int8_dot_avx512vnni,
    &bl_compute_bf16_dot_avx512bf16, &bl_compute_int8_dot_amxint8, &bl_compute_bf16_dot_amxbf16,
#endif
#if BL_ARM64
    &bl_compute_ternary_dot_neon,    &bl_compute_fp32_fma_neon,    &bl_compute_int8_dot_neondotprod,
    &bl_compute_int8_dot_neoni8mm,
#endif
};

size_t bl_read_probe_total(void) {
  return sizeof read_tables / sizeof *read_tables * BL_READ_SHAPES;
}

const bl_read_probe *bl_read_probe_at(size_t index) {
  return &read_tables[index / BL_READ_SHAPES][index % BL_READ_SHAPES];
}

size_t bl_compute_probe_total(void) {
  return sizeof compute_probes / sizeof *compute_probes;
}

const bl_compute_probe *bl_compute_probe_at(size_t index) {
  return compute_probes[index];
}
