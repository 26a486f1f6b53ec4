// popcount-b1-ternary-avx2: ternary activations, one bit per weight. B ? Z&~S : S has a bit where a product
// is +1, so y = 2 pop(B ? Z&~S : S) - pop(Z); the last count is made by prepare().
//
// Layout: packing/b1.h for weights, common/bl_popcount_form.h for the prepared activation planes.
// Bound: instructions while the weights are in cache, 9 for 256 weights, 7 of them for each count (vpshufb on
// both nibbles); bytes of weights when they come from memory.
#include "common/bl_popcount_avx2.h"
#include "common/bl_register.h"
#include "packing/b1.h"

#if BL_X86
BL_TARGET_BEGIN_AVX2
BL_POPCOUNT_VECTOR_FUNCTIONS(BL_WEIGHTS_BINARY, BL_ACTIVATIONS_TERNARY, avx2)
BL_TARGET_END

static const bl_kernel popcount_b1_ternary_avx2 = {
    .name = "popcount-b1-ternary-avx2",
    .family = "popcount",
    .summary =
        "sign bits of weights choose between the +1 and -1 planes of ternary activations, one "
        "popcount (needs ternary activations)",
    .source = "arXiv 1603.05279 (XNOR-Net)",
    .explain =
        "decode from memory is bound by bytes, an eighth of a byte per weight, and from cache by "
        "9 instructions for 256 weights (a popcount and its add are 7); faster than mad in "
        "prefill only by throwing the activations' magnitude away: they are ternary",
    .packing = &bl_packing_b1,
    .isa = BL_ISA_AVX2,
    .activations = BL_ACTIVATIONS_TERNARY,
    .exact = true,
    .m_tile = 1,
    .n_tile = BL_POPCOUNT_ROW_GROUP,
    .prepared_bytes = prepared_bytes,
    .prepare = prepare,
    .multiply = multiply,
    .cost = cost,
};
BL_REGISTER(popcount_b1_ternary_avx2);
#endif
