// float-fp16-neon: fp16 weights become float in the load (fcvtl, 4 at a time), float multiply-add.
//
// Layout: packing/fp16.h (picture in common/bl_float_tile.h); register tile and loops: float/float_engine.h.
//
// Bound, by counting instructions (not measured on such a machine): at one token, memory (2 bytes per weight;
// from a cache, one conversion and one multiply-add per 4 weights). With many tokens, the pipes that do fmla,
// which the register tile keeps busy: 24 need 10 loads.
#include "common/bl_float_convert.h"
#include "common/bl_register.h"
#include "common/bl_target.h"
#include "float/float_cost.h"
#include "packing/fp16.h"

#if BL_ARM64
#include "float/float_neon.h"

enum { COLUMN_BYTES = BL_FLOAT_ROWS * sizeof(uint16_t), COLUMN_ACTIVATIONS = 1, WIDENS = 1 };

BL_ALWAYS_INLINE vector load_weights(const uint8_t *columns, size_t odd, size_t v) {
  const uint16_t *weights = (const uint16_t *)(columns + odd * COLUMN_BYTES) + v * LANES;
  return vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(weights)));
}

#include "float/float_engine.h"

static bl_cost cost(size_t m, size_t n, size_t k, const void *packed) {
  (void)packed;
  return bl_float_cost(m, n, k, sizeof(uint16_t), BL_FLOAT16_WIDEN_LOGIC);
}

static const bl_kernel float_fp16_neon = {
    .name = "float-fp16-neon",
    .family = "float",
    .summary = "fp16 weights widened by fcvtl, float multiply-add, 16 rows x 6 tokens in registers",
    .source = BL_FLOAT_SOURCE,
    .explain =
        "the baseline: 16 bits per weight, so decode is bound by memory at a tenth of the speed of 1.6-bit "
        "ternary "
        "weights; prefill by 4 float multiply-adds an instruction, where sdot does 16 of int8 and smmla 32",
    .packing = &bl_packing_fp16,
    .isa = BL_ISA_NEON,
    .activations = BL_ACTIVATIONS_FLOAT,
    .exact = false,
    .rounding_error = BL_FLOAT_FP16_ERROR,
    .underflow_error = 0x1p-25,  // half of the smallest fp16 above zero
    .m_tile = 1,
    .n_tile = 2 * BL_FLOAT_ROWS,
    .prepared_bytes = prepared_bytes,
    .prepare = prepare,
    .workspace_bytes = workspace_bytes,
    .multiply = multiply,
    .cost = cost,
};
BL_REGISTER(float_fp16_neon);
#endif
