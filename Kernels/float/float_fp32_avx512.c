// float-fp32-avx512: float weights, float multiply-add.
//
// Layout: packing/fp32.h (picture in common/bl_float_tile.h); register tile and loops: float/float_engine.h.
//
// Bound: at one token, memory (4 bytes per weight; from a cache, one load and one multiply-add per 16
// weights). With many tokens, the two multiply-add ports, which the register tile keeps busy: its loads are
// about half as many as its multiply-adds.
#include "common/bl_register.h"
#include "common/bl_target.h"
#include "float/float_cost.h"
#include "packing/fp32.h"

#if BL_X86
BL_TARGET_BEGIN_AVX512

#include "float/float_avx512.h"

enum { COLUMN_BYTES = BL_FLOAT_ROWS * sizeof(float), COLUMN_ACTIVATIONS = 1, WIDENS = 0 };

BL_ALWAYS_INLINE vector load_weights(const uint8_t *columns, size_t odd, size_t v) {
  return load_vector((const float *)(columns + odd * COLUMN_BYTES) + v * LANES);
}
BL_ALWAYS_INLINE __m128 load_activations(const float *x) {
  return _mm_loadu_ps(x);
}
BL_ALWAYS_INLINE vector multiply_add(vector w, const float *x, vector sum) {
  return multiply_add_floats(w, x, sum);
}

#include "float/float_engine.h"

static bl_cost cost(size_t m, size_t n, size_t k, const void *packed) {
  (void)packed;
  return bl_float_cost(m, n, k, sizeof(float), 0);
}

BL_TARGET_END

static const bl_kernel float_fp32_avx512 = {
    .name = "float-fp32-avx512",
    .family = "float",
    .summary = "fp32 weights, float multiply-add, 32 rows x 14 tokens in registers",
    .source = BL_FLOAT_SOURCE,
    .explain =
        "the baseline: 32 bits per weight, so decode is bound by memory at a twentieth of the "
        "speed of 1.6-bit ternary weights; prefill by 32 float multiply-adds a cycle and "
        "core, where vpdpbusd does 128 of int8",
    .packing = &bl_packing_fp32,
    .isa = BL_ISA_AVX2 | BL_ISA_AVX512,
    .activations = BL_ACTIVATIONS_FLOAT,
    .exact = false,
    .rounding_error = BL_FLOAT_FP32_ERROR,
    .m_tile = 1,
    .n_tile = 2 * BL_FLOAT_ROWS,
    .prepared_bytes = prepared_bytes,
    .prepare = prepare,
    .workspace_bytes = workspace_bytes,
    .multiply = multiply,
    .cost = cost,
};
BL_REGISTER(float_fp32_avx512);
#endif
