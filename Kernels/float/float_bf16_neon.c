// float-bf16-neon: bf16 weights become float by a shift (even columns) or a mask (odd columns) of the same 32
// bits, float multiply-add.
//
// Layout: packing/bf16.h (picture in common/bl_float_tile.h); register tile and loops: float/float_engine.h.
//
// Bound, by counting instructions (not measured on such a machine): at one token, memory (2 bytes per weight;
// from a cache, one shift or mask and one multiply-add per 4 weights). With many tokens, the pipes that do
// fmla, which the register tile keeps busy: 24 need 10 loads.
#include "common/bl_float_convert.h"
#include "common/bl_register.h"
#include "common/bl_target.h"
#include "float/float_cost.h"
#include "packing/bf16.h"

#if BL_ARM64
#include "float/float_neon.h"

enum { COLUMN_BYTES = BL_FLOAT_ROWS * sizeof(uint16_t), COLUMN_ACTIVATIONS = 1, WIDENS = 1 };

BL_ALWAYS_INLINE vector load_weights(const uint8_t *columns, size_t odd, size_t v) {
  const uint32x4_t pairs = vld1q_u32((const uint32_t *)columns + v * LANES);
  return vreinterpretq_f32_u32(odd ? vandq_u32(pairs, vdupq_n_u32(0xffff0000)) : vshlq_n_u32(pairs, 16));
}

#include "float/float_engine.h"

static bl_cost cost(size_t m, size_t n, size_t k, const void *packed) {
  (void)packed;
  return bl_float_cost(m, n, k, sizeof(uint16_t), BL_BFLOAT16_WIDEN_LOGIC);
}

static const bl_kernel float_bf16_neon = {
    .name = "float-bf16-neon",
    .family = "float",
    .summary = "bf16 weights widened by shift and mask, float multiply-add, 16 rows x 6 tokens in registers",
    .source = BL_FLOAT_SOURCE,
    .explain =
        "the baseline: 16 bits per weight, so decode is bound by memory at a tenth of the speed of 1.6-bit "
        "ternary "
        "weights; prefill by 4 float multiply-adds an instruction, where sdot does 16 of int8 and smmla 32",
    .packing = &bl_packing_bf16,
    .isa = BL_ISA_NEON,
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
BL_REGISTER(float_bf16_neon);
#endif
