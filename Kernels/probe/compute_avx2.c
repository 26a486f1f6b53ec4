// Multiplying with AVX2.
//
// int8 dot: vpmaddubsw adds two products in 16 bits. General weights need vpmaddwd and vpaddd after each;
// sums of ternary codes (0, 1, 2) stay narrow for BL_NARROW_STEPS steps, so that one vpaddw is enough. The
// second is the limit of ternary kernels, and the higher one.
#include "probe/compute_loop.h"

#if BL_X86
BL_TARGET_BEGIN_AVX2

enum { SUMS = 12 };

#define BYTES_X _mm256_set1_epi32(0x04030201)
#define CODES_X _mm256_set1_epi32(0x01020102)
#define BYTES_W _mm256_set1_epi32(0x01020304)  // four products: 20 with bytes, 16 with codes
#define WIDEN(sum, narrow) _mm256_add_epi32(sum, _mm256_madd_epi16(narrow, _mm256_set1_epi16(1)))
#define DOT(sum, x, w) WIDEN(sum, _mm256_maddubs_epi16(x, w))
#define NARROW_DOT(sum, x, w) _mm256_add_epi16(sum, _mm256_maddubs_epi16(x, w))
#define FMA(sum, x, w) _mm256_fmadd_ps(x, w, sum)

BL_COMPUTE_LOOP(int8_dot, __m256i, int32_t, SUMS, __m256i, BYTES_X, BYTES_W, DOT)
BL_COMPUTE_NARROW_LOOP(ternary_dot, __m256i, __m256i, SUMS, CODES_X, BYTES_W, NARROW_DOT, WIDEN)
BL_COMPUTE_LOOP(fp32_fma, __m256, float, SUMS, __m256, _mm256_set1_ps(2), _mm256_set1_ps(1.5f), FMA)

BL_TARGET_END

const bl_compute_probe bl_compute_int8_dot_avx2 = {
    .name = "int8-dot-avx2",
    .isa = BL_ISA_AVX2,
    .kind = BL_COMPUTE_INT8_DOT,
    .macs_per_step = SUMS * 32,
    .sum_per_step = SUMS * 8 * 20,
    .run = int8_dot,
};

const bl_compute_probe bl_compute_ternary_dot_avx2 = {
    .name = "ternary-dot-avx2",
    .isa = BL_ISA_AVX2,
    .kind = BL_COMPUTE_INT8_DOT,
    .macs_per_step = SUMS * 32,
    .sum_per_step = SUMS * 8 * 16,
    .run = ternary_dot,
};

const bl_compute_probe bl_compute_fp32_fma_avx2 = {
    .name = "fp32-fma-avx2",
    .isa = BL_ISA_AVX2,
    .kind = BL_COMPUTE_FP32_FMA,
    .macs_per_step = SUMS * 8,
    .sum_per_step = SUMS * 8 * 3,
    .run = fp32_fma,
};
#endif
