// Multiplying in portable C, with the 128-bit vectors that every CPU of x86-64 and AArch64 has and that
// compilers make of plain loops. There is no byte product in C: integers are multiplied in 16 bits.
#include "probe/compute_loop.h"

typedef int16_t words __attribute__((vector_size(16)));
typedef int32_t wide_words __attribute__((vector_size(32)));
typedef float floats __attribute__((vector_size(16)));

enum { SUMS = 8 };

#define WORDS_X ((words){1, 2, 3, 4, 1, 2, 3, 4})
#define WORDS_W ((words){4, 3, 2, 1, 4, 3, 2, 1})  // products: 4, 6, 6, 4, ...
#define FLOATS_X ((floats){2, 2, 2, 2})
#define FLOATS_W ((floats){1.5, 1.5, 1.5, 1.5})
#define MULTIPLY_ADD(sum, x, w) ((sum) + (x) * (w))
#define WIDEN(sum, narrow) ((sum) + __builtin_convertvector(narrow, wide_words))

BL_COMPUTE_NARROW_LOOP(int8_dot, words, wide_words, SUMS, WORDS_X, WORDS_W, MULTIPLY_ADD, WIDEN)
BL_COMPUTE_LOOP(fp32_fma, floats, float, SUMS, floats, FLOATS_X, FLOATS_W, MULTIPLY_ADD)

const bl_compute_probe bl_compute_int8_dot_scalar = {
    .name = "int8-dot-scalar",
    .isa = BL_ISA_SCALAR,
    .kind = BL_COMPUTE_INT8_DOT,
    .macs_per_step = SUMS * 8,
    .sum_per_step = SUMS * 8 * 5,
    .run = int8_dot,
};

const bl_compute_probe bl_compute_fp32_fma_scalar = {
    .name = "fp32-fma-scalar",
    .isa = BL_ISA_SCALAR,
    .kind = BL_COMPUTE_FP32_FMA,
    .macs_per_step = SUMS * 4,
    .sum_per_step = SUMS * 4 * 3,
    .run = fp32_fma,
};
