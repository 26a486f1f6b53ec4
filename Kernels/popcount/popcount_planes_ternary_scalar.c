// popcount-planes-ternary-scalar: trits on both sides. Z = "both are not zero" and within it S ^ N = "the
// signs differ", so y = pop(Z) - 2 pop(Z & (S ^ N)).
//
// Layout: packing/planes.h for weights, common/bl_popcount_form.h for the prepared activation planes.
// Bound: instructions. 64 weights take 4 logic operations and 2 population counts; without a popcount
// instruction (baseline x86-64) each is a dozen operations itself.
#include "common/bl_popcount_scalar.h"
#include "common/bl_register.h"
#include "packing/planes.h"

BL_POPCOUNT_SCALAR_FUNCTIONS(BL_WEIGHTS_TERNARY, BL_ACTIVATIONS_TERNARY)

static const bl_kernel popcount_planes_ternary_scalar = {
    .name = "popcount-planes-ternary-scalar",
    .family = "popcount",
    .summary =
        "trits times trits: popcount of the nonzero products and of the negative ones (needs "
        "ternary activations)",
    .source = "arXiv 1603.05279 (XNOR-Net)",
    .explain =
        "bound by instructions: 4 logic operations and 2 population counts for 64 weights, a "
        "dozen operations each where there is no popcount instruction; not comparable with mad "
        "without a word on accuracy, as activations are ternary",
    .packing = &bl_packing_planes,
    .isa = BL_ISA_SCALAR,
    .activations = BL_ACTIVATIONS_TERNARY,
    .exact = true,
    .m_tile = 1,
    .n_tile = 1,
    .prepared_bytes = prepared_bytes,
    .prepare = prepare,
    .multiply = multiply,
    .cost = cost,
};
BL_REGISTER(popcount_planes_ternary_scalar);
