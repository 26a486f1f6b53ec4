// popcount-planes-sign-avx512vpopcntdq: one bit per activation, ternary weights. S ? N : P has a bit where
// the signs are equal, so y = 2 pop(S ? N : P) - pop(P|N); the last count is the row's and serves all tokens.
//
// Layout: packing/planes.h for weights, common/bl_popcount_form.h for the prepared activation planes.
// Bound: bytes of weights at one token; instructions on the two 512-bit ports for many, 3 for 512 weights and
// 5 more, for all 8 tokens of a tile, that split the weights and count P|N.
#include "common/bl_popcount_avx512.h"
#include "common/bl_register.h"
#include "packing/planes.h"

#if BL_X86
BL_TARGET_BEGIN_AVX512_VPOPCNTDQ
BL_POPCOUNT_VECTOR_FUNCTIONS(BL_WEIGHTS_TERNARY, BL_ACTIVATIONS_SIGN, avx512)
BL_TARGET_END

static const bl_kernel popcount_planes_sign_avx512vpopcntdq = {
    .name = "popcount-planes-sign-avx512vpopcntdq",
    .family = "popcount",
    .summary =
        "sign activations choose between the +1 and -1 weight planes, one popcount (needs sign "
        "activations)",
    .source = "arXiv 1603.05279 (XNOR-Net)",
    .explain =
        "decode is bound by bytes, a quarter of a byte per weight, like mad on the same bits; "
        "prefill by 3 instructions for 512 weights where mad takes 8 vpdpbusd: ahead of it by "
        "throwing the activations' magnitude away, they are one-bit",
    .packing = &bl_packing_planes,
    .isa = BL_ISA_AVX2 | BL_ISA_AVX512 | BL_ISA_AVX512_VPOPCNTDQ,
    .activations = BL_ACTIVATIONS_SIGN,
    .exact = true,
    .m_tile = 1,
    .n_tile = BL_POPCOUNT_ROW_GROUP,
    .prepared_bytes = prepared_bytes,
    .prepare = prepare,
    .multiply = multiply,
    .cost = cost,
};
BL_REGISTER(popcount_planes_sign_avx512vpopcntdq);
#endif
