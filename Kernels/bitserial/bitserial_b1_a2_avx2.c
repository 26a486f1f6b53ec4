// bitserial-b1-a2-avx2: the 2 bit-planes of 2-bit activations against one bit per binary weight, y = 2 sum of
// x where w = +1, minus sum of x. The 2 counts of a result are weighed by their powers of two once per row,
// at the end; the sum of x is made by prepare().
//
// Layout: packing/b1.h for weights, common/bl_popcount_form.h for the prepared activation planes.
// Bound: instructions. AVX2 has no vector popcount: a plane of 256 weights takes 8 (AND, 6 to look up both
// nibbles, add): 16 for 256 weights.
#include "common/bl_popcount_avx2.h"
#include "common/bl_register.h"
#include "packing/b1.h"

#if BL_X86
BL_TARGET_BEGIN_AVX2
BL_POPCOUNT_VECTOR_FUNCTIONS(BL_WEIGHTS_BINARY, BL_ACTIVATIONS_INT2, avx2)
BL_TARGET_END

static const bl_kernel bitserial_b1_a2_avx2 = {
    .name = "bitserial-b1-a2-avx2",
    .family = "bitserial",
    .summary =
        "2-bit activation planes AND sign bits of binary weights; popcount, shift, add (needs "
        "int2 activations)",
    .source = "arXiv 1806.08862 (BISMO)",
    .explain =
        "bound by instructions: 16 for 256 weights, at best 6.0 bytes of weights a cycle on three "
        "vector ports, as a popcount is six of them without vpopcntq; mad on 2-bit codes needs "
        "about 30 (shift, mask, vpmaddubsw, add), whatever the bits of the activations",
    .packing = &bl_packing_b1,
    .isa = BL_ISA_AVX2,
    .activations = BL_ACTIVATIONS_INT2,
    .exact = true,
    .m_tile = 1,
    .n_tile = BL_POPCOUNT_ROW_GROUP,
    .prepared_bytes = prepared_bytes,
    .prepare = prepare,
    .multiply = multiply,
    .cost = cost,
};
BL_REGISTER(bitserial_b1_a2_avx2);
#endif
