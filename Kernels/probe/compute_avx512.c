// Multiplying with AVX-512 without and with VNNI: see compute_avx2.c for the two ways without. vpdpbusd does
// four products and their sum in one instruction.
#include "probe/compute_loop.h"

#if BL_X86
BL_TARGET_BEGIN_AVX512_VNNI

enum { SUMS = 16 };

#define BYTES_X _mm512_set1_epi32(0x04030201)
#define CODES_X _mm512_set1_epi32(0x01020102)
#define BYTES_W _mm512_set1_epi32(0x01020304)  // four products: 20 with bytes, 16 with codes
#define WIDEN(sum, narrow) _mm512_add_epi32(sum, _mm512_madd_epi16(narrow, _mm512_set1_epi16(1)))
#define NARROW_DOT(sum, x, w) _mm512_add_epi16(sum, _mm512_maddubs_epi16(x, w))
#define VNNI_DOT(sum, x, w) _mm512_dpbusd_epi32(sum, x, w)

BL_COMPUTE_LOOP(vnni_dot, __m512i, int32_t, SUMS, __m512i, BYTES_X, BYTES_W, VNNI_DOT)

BL_TARGET_END
BL_TARGET_BEGIN_AVX512

#define FMA(sum, x, w) _mm512_fmadd_ps(x, w, sum)

BL_COMPUTE_NARROW_LOOP(ternary_dot, __m512i, __m512i, SUMS, CODES_X, BYTES_W, NARROW_DOT, WIDEN)
BL_COMPUTE_LOOP(fp32_fma, __m512, float, SUMS, __m512, _mm512_set1_ps(2), _mm512_set1_ps(1.5f), FMA)

BL_TARGET_END
BL_TARGET_BEGIN_AVX512_BF16

// bfloat16 is the upper half of a float.
#define BF16_X ((__m512bh)_mm512_set1_epi16(0x4000))  // 2
#define BF16_W ((__m512bh)_mm512_set1_epi16(0x3fc0))  // 1.5
#define BF16_DOT(sum, x, w) _mm512_dpbf16_ps(sum, x, w)

BL_COMPUTE_LOOP(bf16_dot, __m512, float, SUMS, __m512bh, BF16_X, BF16_W, BF16_DOT)

BL_TARGET_END

const bl_compute_probe bl_compute_ternary_dot_avx512 = {
    .name = "ternary-dot-avx512",
    .isa = BL_ISA_AVX2 | BL_ISA_AVX512,
    .kind = BL_COMPUTE_INT8_DOT,
    .macs_per_step = SUMS * 64,
    .sum_per_step = SUMS * 16 * 16,
    .run = ternary_dot,
};

const bl_compute_probe bl_compute_fp32_fma_avx512 = {
    .name = "fp32-fma-avx512",
    .isa = BL_ISA_AVX2 | BL_ISA_AVX512,
    .kind = BL_COMPUTE_FP32_FMA,
    .macs_per_step = SUMS * 16,
    .sum_per_step = SUMS * 16 * 3,
    .run = fp32_fma,
};

const bl_compute_probe bl_compute_int8_dot_avx512vnni = {
    .name = "int8-dot-avx512vnni",
    .isa = BL_ISA_AVX2 | BL_ISA_AVX512 | BL_ISA_AVX512_VNNI,
    .kind = BL_COMPUTE_INT8_DOT,
    .macs_per_step = SUMS * 64,
    .sum_per_step = SUMS * 16 * 20,
    .run = vnni_dot,
};

const bl_compute_probe bl_compute_bf16_dot_avx512bf16 = {
    .name = "bf16-dot-avx512bf16",
    .isa = BL_ISA_AVX2 | BL_ISA_AVX512 | BL_ISA_AVX512_BF16,
    .kind = BL_COMPUTE_BF16_DOT,
    .macs_per_step = SUMS * 32,
    .sum_per_step = SUMS * 32 * 3,
    .run = bf16_dot,
};
#endif
