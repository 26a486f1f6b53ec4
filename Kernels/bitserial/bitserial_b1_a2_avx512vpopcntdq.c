// bitserial-b1-a2-avx512vpopcntdq: the 2 bit-planes of 2-bit activations against one bit per binary weight, y
// = 2 sum of x where w = +1, minus sum of x. The 2 counts of a result are weighed by their powers of two once
// per row, at the end; the sum of x is made by prepare().
//
// Layout: packing/b1.h for weights, common/bl_popcount_form.h for the prepared activation planes.
// Bound: instructions on the two 512-bit ports. A plane of 512 weights takes 3 (AND, vpopcntq, add): 6 for
// 512 weights, 171 weights or 21 bytes a cycle, near what level 2 delivers.
#include "common/bl_popcount_avx512.h"
#include "common/bl_register.h"
#include "packing/b1.h"

#if BL_X86
BL_TARGET_BEGIN_AVX512_VPOPCNTDQ
BL_POPCOUNT_VECTOR_FUNCTIONS(BL_WEIGHTS_BINARY, BL_ACTIVATIONS_INT2, avx512)
BL_TARGET_END

static const bl_kernel bitserial_b1_a2_avx512vpopcntdq = {
    .name = "bitserial-b1-a2-avx512vpopcntdq",
    .family = "bitserial",
    .summary =
        "2-bit activation planes AND sign bits of binary weights; popcount, shift, add (needs "
        "int2 activations)",
    .source = "arXiv 1806.08862 (BISMO)",
    .explain =
        "bound by instructions on two 512-bit ports: 6 for 512 weights (AND, vpopcntq and add per "
        "plane), at best 21 bytes of weights a cycle; mad needs 16 on 2-bit codes (mask, "
        "vpdpbusd), or 8 on codes unpacked for many tokens; with few bits decode waits for "
        "memory, as mad does",
    .packing = &bl_packing_b1,
    .isa = BL_ISA_AVX2 | BL_ISA_AVX512 | BL_ISA_AVX512_VPOPCNTDQ,
    .activations = BL_ACTIVATIONS_INT2,
    .exact = true,
    .m_tile = 1,
    .n_tile = BL_POPCOUNT_ROW_GROUP,
    .prepared_bytes = prepared_bytes,
    .prepare = prepare,
    .multiply = multiply,
    .cost = cost,
};
BL_REGISTER(bitserial_b1_a2_avx512vpopcntdq);
#endif
