// bitserial-planes-a4-avx512vpopcntdq: the 4 bit-planes of 4-bit activations against the two planes of
// ternary weights. x_b ? P : N counts what a plane adds and what it takes away in one popcount; the 4 counts
// of a result are weighed by their powers of two once per row, at the end.
//
// Layout: packing/planes.h for weights, common/bl_popcount_form.h for the prepared activation planes.
// Bound: instructions on the two 512-bit ports. A plane of 512 weights takes 3 (choose, vpopcntq, add), to
// split the weights and count N takes 4 more: 16 for 512 weights, 64
// weights or 16 bytes a cycle; 52 for 4 tokens at once.
#include "common/bl_popcount_avx512.h"
#include "common/bl_register.h"
#include "packing/planes.h"

#if BL_X86
BL_TARGET_BEGIN_AVX512_VPOPCNTDQ
BL_POPCOUNT_VECTOR_FUNCTIONS(BL_WEIGHTS_TERNARY, BL_ACTIVATIONS_INT4, avx512)
BL_TARGET_END

static const bl_kernel bitserial_planes_a4_avx512vpopcntdq = {
    .name = "bitserial-planes-a4-avx512vpopcntdq",
    .family = "bitserial",
    .summary =
        "4-bit activation planes choose between the +1 and -1 weight planes; popcount, shift, add "
        "(needs int4 activations)",
    .source = "arXiv 1806.08862 (BISMO); 4-bit activations: arXiv 2411.04965",
    .explain =
        "bound by instructions on two 512-bit ports: 16 for 512 weights (choose, vpopcntq and add "
        "per plane, 4 to split the weights and count N), at best 16 bytes of weights a cycle; mad "
        "on 2-bit codes needs 16 (mask, vpdpbusd), or 8 on codes unpacked for many tokens, "
        "whatever the bits of the activations; with few bits decode waits for memory, as mad does",
    .packing = &bl_packing_planes,
    .isa = BL_ISA_AVX2 | BL_ISA_AVX512 | BL_ISA_AVX512_VPOPCNTDQ,
    .activations = BL_ACTIVATIONS_INT4,
    .exact = true,
    .m_tile = 1,
    .n_tile = BL_POPCOUNT_ROW_GROUP,
    .prepared_bytes = prepared_bytes,
    .prepare = prepare,
    .multiply = multiply,
    .cost = cost,
};
BL_REGISTER(bitserial_planes_a4_avx512vpopcntdq);
#endif
