// popcount-b1-sign-avx512vpopcntdq: one bit on both sides: y = 2 pop(equal signs) - k.
//
// Layout: packing/b1.h for weights, common/bl_popcount_form.h for the prepared activation planes.
// Bound: bytes of weights at one token; instructions on the two 512-bit ports for many, 3 for 512 weights.
#include "common/bl_popcount_avx512.h"
#include "common/bl_register.h"
#include "packing/b1.h"

#if BL_X86
BL_TARGET_BEGIN_AVX512_VPOPCNTDQ
BL_POPCOUNT_VECTOR_FUNCTIONS(BL_WEIGHTS_BINARY, BL_ACTIVATIONS_SIGN, avx512)
BL_TARGET_END

static const bl_kernel popcount_b1_sign_avx512vpopcntdq = {
    .name = "popcount-b1-sign-avx512vpopcntdq",
    .family = "popcount",
    .summary = "XNOR of sign bits and popcount (needs sign activations)",
    .source = "arXiv 1603.05279 (XNOR-Net)",
    .explain =
        "decode is bound by bytes, an eighth of a byte per weight, like mad on the same bits; "
        "prefill by 3 instructions for 512 weights where mad takes 8 vpdpbusd: ahead of it by "
        "throwing the activations' magnitude away, they are one-bit",
    .packing = &bl_packing_b1,
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
BL_REGISTER(popcount_b1_sign_avx512vpopcntdq);
#endif
