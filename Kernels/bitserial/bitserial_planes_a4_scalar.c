// bitserial-planes-a4-scalar: the 4 bit-planes of 4-bit activations against the two planes of ternary
// weights. x_b ? P : N counts what a plane adds and what it takes away in one popcount; the 4 counts of a
// result are weighed by their powers of two once per row, at the end.
//
// Layout: packing/planes.h for weights, common/bl_popcount_form.h for the prepared activation planes.
// Bound: instructions. 64 weights take 9 logic operations, 5 population counts and as many adds; without a
// popcount instruction (baseline x86-64) each count is a dozen operations itself.
#include "common/bl_popcount_scalar.h"
#include "common/bl_register.h"
#include "packing/planes.h"

BL_POPCOUNT_SCALAR_FUNCTIONS(BL_WEIGHTS_TERNARY, BL_ACTIVATIONS_INT4)

static const bl_kernel bitserial_planes_a4_scalar = {
    .name = "bitserial-planes-a4-scalar",
    .family = "bitserial",
    .summary =
        "4-bit activation planes choose between the +1 and -1 weight planes; popcount, shift, add "
        "(needs int4 activations)",
    .source = "arXiv 1806.08862 (BISMO); 4-bit activations: arXiv 2411.04965",
    .explain =
        "bound by instructions: 5 population counts and 9 logic operations for 64 weights, and "
        "plain x86-64 has no popcount instruction, so each count is a dozen shifts, masks and "
        "adds; mad multiplies 64 weights in one or two vector instructions",
    .packing = &bl_packing_planes,
    .isa = BL_ISA_SCALAR,
    .activations = BL_ACTIVATIONS_INT4,
    .exact = true,
    .m_tile = 1,
    .n_tile = 1,
    .prepared_bytes = prepared_bytes,
    .prepare = prepare,
    .multiply = multiply,
    .cost = cost,
};
BL_REGISTER(bitserial_planes_a4_scalar);
