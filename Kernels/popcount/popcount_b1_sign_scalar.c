// popcount-b1-sign-scalar: one bit on both sides: y = 2 pop(equal signs) - k.
//
// Layout: packing/b1.h for weights, common/bl_popcount_form.h for the prepared activation planes.
// Bound: instructions. 64 weights take 1 logic operation and 1 population count; without a popcount
// instruction (baseline x86-64) each is a dozen operations itself.
#include "common/bl_popcount_scalar.h"
#include "common/bl_register.h"
#include "packing/b1.h"

BL_POPCOUNT_SCALAR_FUNCTIONS(BL_WEIGHTS_BINARY, BL_ACTIVATIONS_SIGN)

static const bl_kernel popcount_b1_sign_scalar = {
    .name = "popcount-b1-sign-scalar",
    .family = "popcount",
    .summary = "XNOR of sign bits and popcount (needs sign activations)",
    .source = "arXiv 1603.05279 (XNOR-Net)",
    .explain =
        "bound by instructions: 1 logic operation and 1 population count for 64 weights, a dozen "
        "operations each where there is no popcount instruction; not comparable with mad without "
        "a word on accuracy, as activations are one-bit",
    .packing = &bl_packing_b1,
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
BL_REGISTER(popcount_b1_sign_scalar);
