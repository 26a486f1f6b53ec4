// Instructions a second, by class, on 512-bit vectors and mask registers.
#include "probe/rate_loop.h"

#if BL_X86
BL_TARGET_BEGIN_AVX512_VBMI

#define ONES _mm512_set1_epi8(1)
#define WORDS _mm512_set1_epi16(1)
#define KEEP _mm512_set4_epi32(0x0f0e0d0c, 0x0b0a0908, 0x07060504, 0x03020100)
#define LOOK_UP(v, x) _mm512_permutex2var_epi8(v, x, v)

BL_RATE_LOOP(vector, __m512i, ONES, _mm512_setzero_si512(), _mm512_add_epi8)
BL_RATE_LOOP(multiply, __m512i, WORDS, WORDS, _mm512_mullo_epi16)
BL_RATE_LOOP(shuffle, __m512i, ONES, KEEP, _mm512_shuffle_epi8)
BL_RATE_LOOP(two_tables, __m512i, ONES, KEEP, LOOK_UP)
BL_RATE_LOOP(shift, __m512i, ONES, _mm512_setzero_si512(), _mm512_srlv_epi32)
BL_RATE_LOAD_LOOP(load, __m512i, _mm512_load_si512)
BL_RATE_STORE_LOOP(store, __m512i, ONES, _mm512_store_si512)

#define FORGET_MASK(mask) __asm__ volatile("" : "+k"(mask))

// There are not enough mask registers for a chain each: every comparison overwrites one of a few, unused.
BL_ALWAYS_INLINE __m512i compared(__m512i v, __m512i x) {
  __mmask64 equal = _mm512_cmpeq_epi8_mask(v, x);
  FORGET_MASK(equal);
  return v;
}

BL_RATE_LOOP(compare, __m512i, ONES, ONES, compared)

#define ZERO _mm512_setzero_si512()

// Every two of the classes that may share a unit; and byte look-ups with more of the cheapest instructions
// than fit beside them, which tells how many places in the vector units a look-up takes.
#define MIXED(name, x, step, z, other) BL_RATE_MIXED_LOOP(name, __m512i, WORDS, x, step, z, other, 1)

MIXED(multiply_shuffle, WORDS, _mm512_mullo_epi16, KEEP, _mm512_shuffle_epi8)
MIXED(multiply_two_tables, WORDS, _mm512_mullo_epi16, KEEP, LOOK_UP)
MIXED(multiply_shift, WORDS, _mm512_mullo_epi16, ZERO, _mm512_srlv_epi32)
MIXED(multiply_compare, WORDS, _mm512_mullo_epi16, ZERO, compared)
MIXED(shuffle_two_tables, KEEP, _mm512_shuffle_epi8, KEEP, LOOK_UP)
MIXED(shuffle_shift, KEEP, _mm512_shuffle_epi8, ZERO, _mm512_srlv_epi32)
MIXED(shuffle_compare, KEEP, _mm512_shuffle_epi8, ZERO, compared)
MIXED(two_tables_shift, KEEP, LOOK_UP, ZERO, _mm512_srlv_epi32)
MIXED(two_tables_compare, KEEP, LOOK_UP, ZERO, compared)
MIXED(shift_compare, ZERO, _mm512_srlv_epi32, ZERO, compared)
BL_RATE_MIXED_LOOP(two_tables_vector, __m512i, WORDS, KEEP, LOOK_UP, ZERO, _mm512_add_epi8, 5)

enum { MASKS = 4 };

static uint64_t mask(size_t steps) {
  __mmask64 x = 15, masks[MASKS] = {3, 3, 3, 3};
  FORGET_MASK(x);
  for (size_t n = 0; n < steps; n++) {
    BL_PRAGMA(clang loop unroll(full))
    for (size_t i = 0; i < RATE_CHAINS; i++) {
      masks[i % MASKS] = _kand_mask64(masks[i % MASKS], x);
      FORGET_MASK(masks[i % MASKS]);
    }
  }
  return masks[0] + masks[1] + masks[2] + masks[3];
}

BL_TARGET_END

enum {
  BYTES = RATE_CHAINS * 64,
  MIXED_SUM = RATE_MIXED_CHAINS * 32,
  ISA = BL_ISA_AVX2 | BL_ISA_AVX512,
  VBMI = ISA | BL_ISA_AVX512_VBMI,
};

#define MIXED_PROBE(name, function, isa, kind, companions, other)                                            \
  BL_RATE_MIXED_PROBE(name, function, isa, BL_INSTRUCTIONS_##kind, 512, companions, BL_INSTRUCTIONS_##other, \
                      MIXED_SUM)

// All are compiled as one region: CPUs with AVX-512 but without VBMI have no two_tables, and vector
// instructions of the others are in AVX-512 BW.
const bl_rate_probe bl_rate_probes_avx512[BL_RATE_PROBES_AVX512] = {
    BL_RATE_PROBE("vector-avx512", vector, ISA, BL_INSTRUCTIONS_VECTOR, 512, 0, BYTES),
    BL_RATE_PROBE("multiply-avx512", multiply, ISA, BL_INSTRUCTIONS_MULTIPLY, 512, 0, BYTES / 2),
    BL_RATE_PROBE("shuffle-avx512", shuffle, ISA, BL_INSTRUCTIONS_SHUFFLE, 512, 0, BYTES),
    BL_RATE_PROBE("two-tables-avx512vbmi", two_tables, VBMI, BL_INSTRUCTIONS_TWO_TABLES, 512, 0, BYTES),
    BL_RATE_PROBE("shift-avx512", shift, ISA, BL_INSTRUCTIONS_SHIFT, 512, 0, BYTES),
    BL_RATE_PROBE("compare-avx512", compare, ISA, BL_INSTRUCTIONS_COMPARE, 512, 0, BYTES),
    BL_RATE_PROBE("mask-avx512", mask, ISA, BL_INSTRUCTIONS_MASK, 0, 0, 12),
    BL_RATE_PROBE("load-avx512", load, ISA, BL_INSTRUCTIONS_LOAD, 512, 0, BYTES),
    BL_RATE_PROBE("store-avx512", store, ISA, BL_INSTRUCTIONS_STORE, 512, 0, BYTES),
    MIXED_PROBE("multiply-shuffle-avx512", multiply_shuffle, ISA, MULTIPLY, 1, SHUFFLE),
    MIXED_PROBE("multiply-two-tables-avx512vbmi", multiply_two_tables, VBMI, MULTIPLY, 1, TWO_TABLES),
    MIXED_PROBE("multiply-shift-avx512", multiply_shift, ISA, MULTIPLY, 1, SHIFT),
    MIXED_PROBE("multiply-compare-avx512", multiply_compare, ISA, MULTIPLY, 1, COMPARE),
    MIXED_PROBE("shuffle-two-tables-avx512vbmi", shuffle_two_tables, VBMI, SHUFFLE, 1, TWO_TABLES),
    MIXED_PROBE("shuffle-shift-avx512", shuffle_shift, ISA, SHUFFLE, 1, SHIFT),
    MIXED_PROBE("shuffle-compare-avx512", shuffle_compare, ISA, SHUFFLE, 1, COMPARE),
    MIXED_PROBE("two-tables-shift-avx512vbmi", two_tables_shift, VBMI, TWO_TABLES, 1, SHIFT),
    MIXED_PROBE("two-tables-compare-avx512vbmi", two_tables_compare, VBMI, TWO_TABLES, 1, COMPARE),
    MIXED_PROBE("shift-compare-avx512", shift_compare, ISA, SHIFT, 1, COMPARE),
    MIXED_PROBE("two-tables-vector-avx512vbmi", two_tables_vector, VBMI, TWO_TABLES, 5, VECTOR),
};
#endif
