// popcount-b1-ternary-avx512vpopcntdq: ternary activations, one bit per weight. B ? Z&~S : S has a bit where
// a product is +1, so y = 2 pop(B ? Z&~S : S) - pop(Z); the last count is made by prepare().
//
// Layout: packing/b1.h for weights, common/bl_popcount_form.h for the prepared activation planes.
// Bound: bytes of weights at one token; instructions on the two 512-bit ports for many, 3 for 512 weights.
#include "common/bl_popcount_avx512.h"
#include "common/bl_register.h"
#include "packing/b1.h"

#if BL_X86
BL_TARGET_BEGIN_AVX512_VPOPCNTDQ
BL_POPCOUNT_VECTOR_FUNCTIONS(BL_WEIGHTS_BINARY, BL_ACTIVATIONS_TERNARY, avx512)
BL_TARGET_END

static const bl_kernel popcount_b1_ternary_avx512vpopcntdq = {
    .name = "popcount-b1-ternary-avx512vpopcntdq",
    .family = "popcount",
    .summary =
        "sign bits of weights choose between the +1 and -1 planes of ternary activations, one "
        "popcount (needs ternary activations)",
    .source = "arXiv 1603.05279 (XNOR-Net)",
    .explain =
        "decode is bound by bytes, an eighth of a byte per weight, like mad on the same bits; "
        "prefill by 3 instructions for 512 weights where mad takes 8 vpdpbusd: ahead of it by "
        "throwing the activations' magnitude away, they are ternary",
    .packing = &bl_packing_b1,
    .isa = BL_ISA_AVX2 | BL_ISA_AVX512 | BL_ISA_AVX512_VPOPCNTDQ,
    .activations = BL_ACTIVATIONS_TERNARY,
    .exact = true,
    .m_tile = 1,
    .n_tile = BL_POPCOUNT_ROW_GROUP,
    .prepared_bytes = prepared_bytes,
    .prepare = prepare,
    .multiply = multiply,
    .cost = cost,
};
BL_REGISTER(popcount_b1_ternary_avx512vpopcntdq);
#endif
