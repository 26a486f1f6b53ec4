// float-bf16-avx512bf16: pairs of bf16 weights times pairs of activations rounded to bf16, summed in float
// (vdpbf16ps). An engine column is a pair, moved about as one float that is never calculated with.
//
// Layout: packing/bf16.h (picture in common/bl_float_tile.h); register tile and loops: float/float_engine.h.
//
// Rounding: besides the weights, the activations lose up to 2^-8 of their magnitude, and subnormals count as
// zero.
//
// Bound: at one token, memory (2 bytes per weight). With many tokens, vdpbf16ps: two multiply-adds per lane,
// at twice the rate of the float multiply-add on some cores (Zen 5), half of it on others.
#include "common/bl_float_convert.h"
#include "common/bl_register.h"
#include "common/bl_target.h"
#include "float/float_cost.h"
#include "packing/bf16.h"

#if BL_X86
BL_TARGET_BEGIN_AVX512_BF16

#include "float/float_avx512.h"

enum {
  COLUMN_BYTES = BL_FLOAT_ROWS * BL_BF16_TOGETHER * sizeof(uint16_t),
  COLUMN_ACTIVATIONS = BL_BF16_TOGETHER,
  WIDENS = 0
};

BL_ALWAYS_INLINE vector load_weights(const uint8_t *columns, size_t odd, size_t v) {
  return load_vector((const float *)(columns + odd * COLUMN_BYTES) + v * LANES);
}
// Four pairs of activations, rounded to bf16.
BL_ALWAYS_INLINE __m128 load_activations(const float *x) {
  return (__m128)_mm256_cvtneps_pbh(_mm256_loadu_ps(x));
}
BL_ALWAYS_INLINE vector multiply_add(vector w, const float *x, vector sum) {
  return _mm512_dpbf16_ps(sum, (__m512bh)_mm512_set1_ps(*x), (__m512bh)w);
}

#include "float/float_engine.h"

static bl_cost cost(size_t m, size_t n, size_t k, const void *packed) {
  (void)packed;
  return bl_float_cost(m, n, k, sizeof(uint16_t), BL_BFLOAT16_WIDEN_LOGIC);
}

BL_TARGET_END

static const bl_kernel float_bf16_avx512bf16 = {
    .name = "float-bf16-avx512bf16",
    .family = "float",
    .summary = "bf16 weights and activations rounded to bf16, vdpbf16ps, 32 rows x 14 tokens in registers",
    .source = BL_FLOAT_SOURCE,
    .explain =
        "the baseline: 16 bits per weight, so decode is bound by memory at a tenth of the "
        "speed of 1.6-bit ternary weights; prefill by vdpbf16ps, two products per lane and "
        "instruction where vpdpbusd does four of int8",
    .packing = &bl_packing_bf16,
    .isa = BL_ISA_AVX2 | BL_ISA_AVX512 | BL_ISA_AVX512_BF16,
    .activations = BL_ACTIVATIONS_FLOAT,
    .exact = false,
    .rounding_error = BL_FLOAT_BF16_DOT_ERROR,
    .m_tile = 1,
    .n_tile = 2 * BL_FLOAT_ROWS,
    .prepared_bytes = prepared_bytes,
    .prepare = prepare,
    .workspace_bytes = workspace_bytes,
    .multiply = multiply,
    .cost = cost,
};
BL_REGISTER(float_bf16_avx512bf16);
#endif
