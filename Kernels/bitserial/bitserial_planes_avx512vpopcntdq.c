// bitserial-planes-avx512vpopcntdq: the 8 bit-planes of 8-bit activations against the two planes of ternary
// weights. x_b ? P : N counts what a plane adds and what it takes away in one popcount; the 8 counts of a
// result are weighed by their powers of two once per row, at the end.
//
// Layout: packing/planes.h for weights, common/bl_popcount_form.h for the prepared activation planes.
// Bound: instructions on the two 512-bit ports. A plane of 512 weights takes 3 (choose, vpopcntq, add), to
// split the weights and count N takes 4 more: 28 for 512 weights, 37
// weights or 9 bytes a cycle; 52 for 2 tokens at once.
#include "common/bl_popcount_avx512.h"
#include "common/bl_register.h"
#include "packing/planes.h"

#if BL_X86
BL_TARGET_BEGIN_AVX512_VPOPCNTDQ
BL_POPCOUNT_VECTOR_FUNCTIONS(BL_WEIGHTS_TERNARY, BL_ACTIVATIONS_INT8, avx512)
BL_TARGET_END

static const bl_kernel bitserial_planes_avx512vpopcntdq = {
    .name = "bitserial-planes-avx512vpopcntdq",
    .family = "bitserial",
    .summary =
        "8-bit activation planes choose between the +1 and -1 weight planes; popcount, shift, add "
        "(needs int8 activations)",
    .source = "arXiv 1806.08862 (BISMO)",
    .explain =
        "bound by instructions on two 512-bit ports: 28 for 512 weights (choose, vpopcntq and add "
        "per plane, 4 to split the weights and count N), at best 9 bytes of weights a cycle; mad "
        "on 2-bit codes needs 16 (mask, vpdpbusd), or 8 on codes unpacked for many tokens, "
        "whatever the bits of the activations",
    .packing = &bl_packing_planes,
    .isa = BL_ISA_AVX2 | BL_ISA_AVX512 | BL_ISA_AVX512_VPOPCNTDQ,
    .activations = BL_ACTIVATIONS_INT8,
    .exact = true,
    .m_tile = 1,
    .n_tile = BL_POPCOUNT_ROW_GROUP,
    .prepared_bytes = prepared_bytes,
    .prepare = prepare,
    .multiply = multiply,
    .cost = cost,
};
BL_REGISTER(bitserial_planes_avx512vpopcntdq);
#endif
