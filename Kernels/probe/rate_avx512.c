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
static uint64_t compare(size_t steps) {
  __m512i v = ONES, x = ONES;
  __mmask64 equal = 0;
  for (size_t n = 0; n < steps; n++) {
    BL_PRAGMA(clang loop unroll(full))
    for (size_t i = 0; i < RATE_CHAINS; i++) {
      BL_FORGET(x);
      equal = _mm512_cmpeq_epi8_mask(v, x);
      FORGET_MASK(equal);
    }
  }
  return (uint64_t)__builtin_popcountll(equal);
}

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

enum { BYTES = RATE_CHAINS * 64, ISA = BL_ISA_AVX2 | BL_ISA_AVX512 };

// All are compiled as one region: CPUs with AVX-512 but without VBMI have no two_tables, and vector
// instructions of the others are in AVX-512 BW.
const bl_rate_probe bl_rate_probes_avx512[BL_RATE_PROBES_AVX512] = {
    BL_RATE_PROBE("vector-avx512", vector, ISA, BL_INSTRUCTIONS_VECTOR, 512, 0, BYTES),
    BL_RATE_PROBE("multiply-avx512", multiply, ISA, BL_INSTRUCTIONS_MULTIPLY, 512, 0, BYTES / 2),
    BL_RATE_PROBE("shuffle-avx512", shuffle, ISA, BL_INSTRUCTIONS_SHUFFLE, 512, 0, BYTES),
    BL_RATE_PROBE("two-tables-avx512vbmi", two_tables, ISA | BL_ISA_AVX512_VBMI, BL_INSTRUCTIONS_TWO_TABLES,
                  512, 0, BYTES),
    BL_RATE_PROBE("shift-avx512", shift, ISA, BL_INSTRUCTIONS_SHIFT, 512, 0, BYTES),
    BL_RATE_PROBE("compare-avx512", compare, ISA, BL_INSTRUCTIONS_COMPARE, 512, 0, 64),
    BL_RATE_PROBE("mask-avx512", mask, ISA, BL_INSTRUCTIONS_MASK, 0, 0, 12),
    BL_RATE_PROBE("load-avx512", load, ISA, BL_INSTRUCTIONS_LOAD, 512, 0, BYTES),
    BL_RATE_PROBE("store-avx512", store, ISA, BL_INSTRUCTIONS_STORE, 512, 0, BYTES),
};
#endif
