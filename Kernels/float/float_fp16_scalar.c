// float-fp16-scalar: fp16 weights become float by integer arithmetic on their bits
// (common/bl_float_convert.h), then a multiplication and an addition each, in portable C.
//
// Layout: packing/fp16.h (picture in common/bl_float_tile.h); loops: float/float_scalar.h.
//
// Bound: at one token the conversion, some ten integer operations per vector of weights; with many tokens the
// multiplications and additions, in the vectors that the compiler may use everywhere (4 floats on x86-64,
// without fused multiply-add).
#include "common/bl_count.h"
#include "common/bl_float_convert.h"
#include "common/bl_register.h"
#include "float/float_cost.h"
#include "packing/fp16.h"

enum { COLUMN_BYTES = BL_FLOAT_ROWS * sizeof(uint16_t) };

static const float *float_columns(const uint8_t *packed, size_t columns, float *panel) {
  const uint16_t *weights = (const uint16_t *)packed;
  for (size_t i = 0; i < columns * BL_FLOAT_ROWS; i++) panel[i] = bl_float_from_float16(weights[i]);
  BL_COUNT(logic_operations, columns * BL_FLOAT_ROWS * BL_FLOAT16_WIDEN_LOGIC);
  return panel;
}

#include "float/float_scalar.h"

static bl_cost cost(size_t m, size_t n, size_t k, const void *packed) {
  (void)packed;
  return bl_float_cost(m, n, k, sizeof(uint16_t), BL_FLOAT16_WIDEN_LOGIC);
}

static const bl_kernel float_fp16_scalar = {
    .name = "float-fp16-scalar",
    .family = "float",
    .summary = "fp16 weights widened by integer arithmetic, multiply and add in portable C",
    .source = BL_FLOAT_SOURCE,
    .explain =
        "the portable baseline: six logic operations widen a weight, then separate "
        "multiplications and additions in vectors of 4, an eighth of what AVX-512 does a "
        "cycle",
    .packing = &bl_packing_fp16,
    .isa = BL_ISA_SCALAR,
    .activations = BL_ACTIVATIONS_FLOAT,
    .exact = false,
    .rounding_error = BL_FLOAT_FP16_ERROR,
    .underflow_error = 0x1p-25,  // half of the smallest fp16 above zero
    .m_tile = 1,
    .n_tile = BL_FLOAT_ROWS,
    .prepared_bytes = prepared_bytes,
    .prepare = prepare,
    .workspace_bytes = workspace_bytes,
    .multiply = multiply,
    .cost = cost,
};
BL_REGISTER(float_fp16_scalar);
