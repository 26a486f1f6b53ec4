// float-fp32-neon: float weights, float multiply-add.
//
// Layout: packing/fp32.h (picture in common/bl_float_tile.h); register tile and loops: float/float_engine.h.
//
// Bound, by counting instructions (not measured on such a machine): at one token, memory (4 bytes per weight;
// from a cache, one load and one multiply-add per 4 weights). With many tokens, the pipes that do fmla,
// which the register tile keeps busy: 24 need 10 loads.
#include "common/bl_register.h"
#include "common/bl_target.h"
#include "float/float_cost.h"
#include "packing/fp32.h"

#if BL_ARM64
#include "float/float_neon.h"

enum { COLUMN_BYTES = BL_FLOAT_ROWS * sizeof(float), COLUMN_ACTIVATIONS = 1, WIDENS = 0 };

BL_ALWAYS_INLINE vector load_weights(const uint8_t *columns, size_t odd, size_t v) {
  return load_vector((const float *)(columns + odd * COLUMN_BYTES) + v * LANES);
}

#include "float/float_engine.h"

static bl_cost cost(size_t m, size_t n, size_t k, const void *packed) {
  (void)packed;
  return bl_float_cost(m, n, k, sizeof(float), 0);
}

static const bl_kernel float_fp32_neon = {
    .name = "float-fp32-neon",
    .family = "float",
    .summary = "fp32 weights, float multiply-add, 16 rows x 6 tokens in registers",
    .source = BL_FLOAT_SOURCE,
    .explain =
        "the baseline: 32 bits per weight, so decode is bound by memory at a twentieth of the speed of "
        "1.6-bit ternary "
        "weights; prefill by 4 float multiply-adds an instruction, where sdot does 16 of int8 and smmla 32",
    .packing = &bl_packing_fp32,
    .isa = BL_ISA_NEON,
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
BL_REGISTER(float_fp32_neon);
#endif
