// Multiplying with NEON, without and with dot products and matrix products.
//
// int8 dot: smlal adds 8 products to 16-bit sums; those of ternary codes (0, 1, 2) may stay narrow for
// BL_NARROW_STEPS steps. sdot does 16 products, the sum of four in each lane; smmla 32, of eight in each.
#include "probe/compute_loop.h"

#if BL_ARM64

enum { SUMS = 16 };

typedef struct wide_sums {
  int32x4_t low, high;
} wide_sums;

#define CODES_X vreinterpretq_s16_u32(vdupq_n_u32(0x01020102))
#define HALVES_W vreinterpretq_s16_u32(vdupq_n_u32(0x01020304))  // four products: 16
#define LOW_BYTES(vector) vget_low_s8(vreinterpretq_s8_s16(vector))
#define NARROW_DOT(sum, x, w) vmlal_s8(sum, LOW_BYTES(x), LOW_BYTES(w))
#define FMA(sum, x, w) vfmaq_f32(sum, x, w)

BL_ALWAYS_INLINE wide_sums widen(wide_sums sum, int16x8_t narrow) {
  return (wide_sums){vaddw_s16(sum.low, vget_low_s16(narrow)), vaddw_high_s16(sum.high, narrow)};
}

BL_COMPUTE_NARROW_LOOP(ternary_dot, int16x8_t, wide_sums, SUMS, CODES_X, HALVES_W, NARROW_DOT, widen)
BL_COMPUTE_LOOP(fp32_fma, float32x4_t, float, SUMS, float32x4_t, vdupq_n_f32(2), vdupq_n_f32(1.5f), FMA)

#define BYTES_X vreinterpretq_s8_u32(vdupq_n_u32(0x04030201))
#define BYTES_W vreinterpretq_s8_u32(vdupq_n_u32(0x01020304))  // four products: 20
#define DOT(sum, x, w) vdotq_s32(sum, x, w)
#define MATRIX_DOT(sum, x, w) vmmlaq_s32(sum, x, w)

BL_TARGET_BEGIN_NEON_DOTPROD
BL_COMPUTE_LOOP(dot, int32x4_t, int32_t, SUMS, int8x16_t, BYTES_X, BYTES_W, DOT)
BL_TARGET_END
BL_TARGET_BEGIN_NEON_I8MM
BL_COMPUTE_LOOP(matrix_dot, int32x4_t, int32_t, SUMS, int8x16_t, BYTES_X, BYTES_W, MATRIX_DOT)
BL_TARGET_END

const bl_compute_probe bl_compute_ternary_dot_neon = {
    .name = "ternary-dot-neon",
    .isa = BL_ISA_NEON,
    .kind = BL_COMPUTE_INT8_DOT,
    .macs_per_step = SUMS * 8,
    .sum_per_step = SUMS * 8 / 4 * 16,
    .run = ternary_dot,
};

const bl_compute_probe bl_compute_fp32_fma_neon = {
    .name = "fp32-fma-neon",
    .isa = BL_ISA_NEON,
    .kind = BL_COMPUTE_FP32_FMA,
    .macs_per_step = SUMS * 4,
    .sum_per_step = SUMS * 4 * 3,
    .run = fp32_fma,
};

const bl_compute_probe bl_compute_int8_dot_neondotprod = {
    .name = "int8-dot-neondotprod",
    .isa = BL_ISA_NEON | BL_ISA_NEON_DOTPROD,
    .kind = BL_COMPUTE_INT8_DOT,
    .macs_per_step = SUMS * 16,
    .sum_per_step = SUMS * 4 * 20,
    .run = dot,
};

const bl_compute_probe bl_compute_int8_dot_neoni8mm = {
    .name = "int8-dot-neoni8mm",
    .isa = BL_ISA_NEON | BL_ISA_NEON_DOTPROD | BL_ISA_NEON_I8MM,
    .kind = BL_COMPUTE_INT8_DOT,
    .macs_per_step = SUMS * 32,
    .sum_per_step = SUMS * 4 * 40,
    .run = matrix_dot,
};
#endif
