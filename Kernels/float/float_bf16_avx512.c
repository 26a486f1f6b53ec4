// float-bf16-avx512: bf16 weights become float by a shift (even columns) or a mask (odd columns) of the same
// 32 bits, float multiply-add.
//
// Layout: packing/bf16.h (picture in common/bl_float_tile.h); register tile and loops: float/float_engine.h.
//
// Bound: at one token, memory (2 bytes per weight; from a cache, one shift or mask and one multiply-add per
// 16 weights). With many tokens, the two multiply-add ports, which the register tile keeps busy: its loads
// are about half as many as its multiply-adds.
#include "common/bl_float_convert.h"
#include "common/bl_register.h"
#include "common/bl_target.h"
#include "float/float_cost.h"
#include "packing/bf16.h"

#if BL_X86
BL_TARGET_BEGIN_AVX512

#include "float/float_avx512.h"

enum { COLUMN_BYTES = BL_FLOAT_ROWS * sizeof(uint16_t), COLUMN_ACTIVATIONS = 1, WIDENS = 1 };

BL_ALWAYS_INLINE vector load_weights(const uint8_t *columns, size_t odd, size_t v) {
  const __m512i pairs = _mm512_loadu_si512((const uint32_t *)columns + v * LANES);
  return _mm512_castsi512_ps(odd ? _mm512_and_si512(pairs, _mm512_set1_epi32((int)0xffff0000))
                                 : _mm512_slli_epi32(pairs, 16));
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
  return bl_float_cost(m, n, k, sizeof(uint16_t), BL_BFLOAT16_WIDEN_LOGIC);
}

BL_TARGET_END

static const bl_kernel float_bf16_avx512 = {
    .name = "float-bf16-avx512",
    .family = "float",
    .summary = "bf16 weights widened by shift and mask, float multiply-add, 32 rows x 14 tokens in registers",
    .source = BL_FLOAT_SOURCE,
    .explain =
        "the baseline: 16 bits per weight, so decode is bound by memory at a tenth of the "
        "speed of 1.6-bit ternary weights; prefill by 32 float multiply-adds a cycle and "
        "core, where vpdpbusd does 128 of int8",
    .packing = &bl_packing_bf16,
    .isa = BL_ISA_AVX2 | BL_ISA_AVX512,
    .activations = BL_ACTIVATIONS_FLOAT,
    .exact = false,
    .rounding_error = BL_FLOAT_BF16_ERROR,
    .m_tile = 1,
    .n_tile = 2 * BL_FLOAT_ROWS,
    .prepared_bytes = prepared_bytes,
    .prepare = prepare,
    .workspace_bytes = workspace_bytes,
    .multiply = multiply,
    .cost = cost,
};
BL_REGISTER(float_bf16_avx512);
#endif
