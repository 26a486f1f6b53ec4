// float-bf16-scalar: bf16 weights become float by a shift, then a multiplication and an addition each, in
// portable C.
//
// Layout: packing/bf16.h (picture in common/bl_float_tile.h); loops: float/float_scalar.h.
//
// Bound: the multiplications and additions, in the vectors that the compiler may use everywhere (4 floats on
// x86-64, without fused multiply-add).
#include "common/bl_count.h"
#include "common/bl_float_convert.h"
#include "common/bl_register.h"
#include "float/float_cost.h"
#include "packing/bf16.h"

enum { COLUMN_BYTES = BL_FLOAT_ROWS * sizeof(uint16_t) };

static const float *float_columns(const uint8_t *packed, size_t columns, float *panel) {
  const uint16_t *weights = (const uint16_t *)packed;
  for (size_t column = 0; column < columns; column += BL_BF16_TOGETHER) {
    for (size_t row = 0; row < BL_FLOAT_ROWS; row++) {
      const uint16_t *pair = weights + column * BL_FLOAT_ROWS + row * BL_BF16_TOGETHER;
      panel[column * BL_FLOAT_ROWS + row] = bl_float_from_bfloat16(pair[0]);
      panel[(column + 1) * BL_FLOAT_ROWS + row] = bl_float_from_bfloat16(pair[1]);
    }
  }
  BL_COUNT(logic_operations, columns * BL_FLOAT_ROWS * BL_BFLOAT16_WIDEN_LOGIC);
  return panel;
}

#include "float/float_scalar.h"

static bl_cost cost(size_t m, size_t n, size_t k, const void *packed) {
  (void)packed;
  return bl_float_cost(m, n, k, sizeof(uint16_t), BL_BFLOAT16_WIDEN_LOGIC);
}

static const bl_kernel float_bf16_scalar = {
    .name = "float-bf16-scalar",
    .family = "float",
    .summary = "bf16 weights widened by a shift, multiply and add in portable C",
    .source = BL_FLOAT_SOURCE,
    .explain =
        "the portable baseline: one shift widens a weight, then separate multiplications and "
        "additions in vectors of 4, an eighth of what AVX-512 does a cycle",
    .packing = &bl_packing_bf16,
    .isa = BL_ISA_SCALAR,
    .activations = BL_ACTIVATIONS_FLOAT,
    .exact = false,
    .rounding_error = BL_FLOAT_BF16_ERROR,
    .m_tile = 1,
    .n_tile = BL_FLOAT_ROWS,
    .prepared_bytes = prepared_bytes,
    .prepare = prepare,
    .workspace_bytes = workspace_bytes,
    .multiply = multiply,
    .cost = cost,
};
BL_REGISTER(float_bf16_scalar);
