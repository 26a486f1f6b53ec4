// float-fp32-scalar: float weights, a multiplication and an addition each, in portable C.
//
// Layout: packing/fp32.h (picture in common/bl_float_tile.h); loops: float/float_scalar.h.
//
// Bound: the multiplications and additions, in the vectors that the compiler may use everywhere (4 floats on
// x86-64, without fused multiply-add).
#include "common/bl_count.h"
#include "common/bl_register.h"
#include "float/float_cost.h"
#include "packing/fp32.h"

enum { COLUMN_BYTES = BL_FLOAT_ROWS * sizeof(float) };

static const float *float_columns(const uint8_t *packed, size_t columns, float *panel) {
  (void)columns, (void)panel;
  return (const float *)packed;
}

#include "float/float_scalar.h"

static bl_cost cost(size_t m, size_t n, size_t k, const void *packed) {
  (void)packed;
  return bl_float_cost(m, n, k, sizeof(float), 0);
}

static const bl_kernel float_fp32_scalar = {
    .name = "float-fp32-scalar",
    .family = "float",
    .summary = "fp32 weights, multiply and add in portable C",
    .source = BL_FLOAT_SOURCE,
    .explain =
        "the portable baseline: separate multiplications and additions in vectors of 4, an "
        "eighth of what AVX-512 does a cycle",
    .packing = &bl_packing_fp32,
    .isa = BL_ISA_SCALAR,
    .activations = BL_ACTIVATIONS_FLOAT,
    .exact = false,
    .rounding_error = BL_FLOAT_FP32_ERROR,
    .m_tile = 1,
    .n_tile = BL_FLOAT_ROWS,
    .prepared_bytes = prepared_bytes,
    .prepare = prepare,
    .workspace_bytes = workspace_bytes,
    .multiply = multiply,
    .cost = cost,
};
BL_REGISTER(float_fp32_scalar);
