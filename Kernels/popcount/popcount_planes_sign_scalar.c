// popcount-planes-sign-scalar: one bit per activation, ternary weights. S ? N : P has a bit where the signs
// are equal, so y = 2 pop(S ? N : P) - pop(P|N); the last count is the row's and serves all tokens.
//
// Layout: packing/planes.h for weights, common/bl_popcount_form.h for the prepared activation planes.
// Bound: instructions. 64 weights take 4 logic operations and 2 population counts; without a popcount
// instruction (baseline x86-64) each is a dozen operations itself.
#include "common/bl_popcount_scalar.h"
#include "common/bl_register.h"
#include "packing/planes.h"

BL_POPCOUNT_SCALAR_FUNCTIONS(BL_WEIGHTS_TERNARY, BL_ACTIVATIONS_SIGN)

static const bl_kernel popcount_planes_sign_scalar = {
    .name = "popcount-planes-sign-scalar",
    .family = "popcount",
    .summary =
        "sign activations choose between the +1 and -1 weight planes, one popcount (needs sign "
        "activations)",
    .source = "arXiv 1603.05279 (XNOR-Net)",
    .explain =
        "bound by instructions: 4 logic operations and 2 population counts for 64 weights, a "
        "dozen operations each where there is no popcount instruction; not comparable with mad "
        "without a word on accuracy, as activations are one-bit",
    .packing = &bl_packing_planes,
    .isa = BL_ISA_SCALAR,
    .activations = BL_ACTIVATIONS_SIGN,
    .exact = true,
    .m_tile = 1,
    .n_tile = 1,
    .prepared_bytes = prepared_bytes,
    .prepare = prepare,
    .multiply = multiply,
    .cost = cost,
};
BL_REGISTER(popcount_planes_sign_scalar);
