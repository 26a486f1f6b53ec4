// All templates over the vectors of one level, and `level_functions`, the initializer of its table. Included
// in a target region, after the vectors.
#include "transformer/elementwise.h"
#include "transformer/gates.h"
#include "transformer/norm.h"
#include "transformer/rotary.h"
#include "transformer/rows.h"
#include "transformer/attention.h"

#define LEVEL_FUNCTIONS \
  { multiply_rows, widen_row, rms_norm, add, gate_squared_relu, gate_silu, rotate, narrow_float16, attend }
