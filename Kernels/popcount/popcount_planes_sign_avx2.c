// popcount-planes-sign-avx2: one bit per activation, ternary weights. S ? N : P has a bit where the signs are
// equal, so y = 2 pop(S ? N : P) - pop(P|N); the last count is the row's and serves all tokens.
//
// Layout: packing/planes.h for weights, common/bl_popcount_form.h for the prepared activation planes.
// Bound: instructions while the weights are in cache, 21 for 256 weights, 7 of them for each count (vpshufb
// on both nibbles); bytes of weights when they come from memory.
#include "common/bl_popcount_avx2.h"
#include "common/bl_register.h"
#include "packing/planes.h"

#if BL_X86
BL_TARGET_BEGIN_AVX2
BL_POPCOUNT_VECTOR_FUNCTIONS(BL_WEIGHTS_TERNARY, BL_ACTIVATIONS_SIGN, avx2)
BL_TARGET_END

static const bl_kernel popcount_planes_sign_avx2 = {
    .name = "popcount-planes-sign-avx2",
    .family = "popcount",
    .summary =
        "sign activations choose between the +1 and -1 weight planes, one popcount (needs sign "
        "activations)",
    .source = "arXiv 1603.05279 (XNOR-Net)",
    .explain =
        "decode from memory is bound by bytes, a quarter of a byte per weight, and from cache by "
        "21 instructions for 256 weights (a popcount and its add are 7); faster than mad in "
        "prefill only by throwing the activations' magnitude away: they are one-bit",
    .packing = &bl_packing_planes,
    .isa = BL_ISA_AVX2,
    .activations = BL_ACTIVATIONS_SIGN,
    .exact = true,
    .m_tile = 1,
    .n_tile = BL_POPCOUNT_ROW_GROUP,
    .prepared_bytes = prepared_bytes,
    .prepare = prepare,
    .multiply = multiply,
    .cost = cost,
};
BL_REGISTER(popcount_planes_sign_avx2);
#endif
