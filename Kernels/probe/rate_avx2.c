// Instructions a second, by class, on 256-bit vectors.
#include "probe/rate_loop.h"

#if BL_X86
BL_TARGET_BEGIN_AVX2

#define ONES _mm256_set1_epi8(1)
#define WORDS _mm256_set1_epi16(1)
#define KEEP                                                                                               \
  _mm256_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, \
                   11, 12, 13, 14, 15)

BL_RATE_LOOP(vector, __m256i, ONES, _mm256_setzero_si256(), _mm256_add_epi8)
BL_RATE_LOOP(multiply, __m256i, WORDS, WORDS, _mm256_mullo_epi16)
BL_RATE_LOOP(shuffle, __m256i, ONES, KEEP, _mm256_shuffle_epi8)
BL_RATE_LOOP(shift, __m256i, ONES, _mm256_setzero_si256(), _mm256_srlv_epi32)
BL_RATE_LOAD_LOOP(load, __m256i, _mm256_load_si256)
BL_RATE_STORE_LOOP(store, __m256i, ONES, _mm256_store_si256)

BL_TARGET_END

enum { BYTES = RATE_CHAINS * 32 };

const bl_rate_probe bl_rate_probes_avx2[BL_RATE_PROBES_AVX2] = {
    BL_RATE_PROBE("vector-avx2", vector, BL_ISA_AVX2, BL_INSTRUCTIONS_VECTOR, 256, 0, BYTES),
    BL_RATE_PROBE("multiply-avx2", multiply, BL_ISA_AVX2, BL_INSTRUCTIONS_MULTIPLY, 256, 0, BYTES / 2),
    BL_RATE_PROBE("shuffle-avx2", shuffle, BL_ISA_AVX2, BL_INSTRUCTIONS_SHUFFLE, 256, 0, BYTES),
    BL_RATE_PROBE("shift-avx2", shift, BL_ISA_AVX2, BL_INSTRUCTIONS_SHIFT, 256, 0, BYTES),
    BL_RATE_PROBE("load-avx2", load, BL_ISA_AVX2, BL_INSTRUCTIONS_LOAD, 256, 0, BYTES),
    BL_RATE_PROBE("store-avx2", store, BL_ISA_AVX2, BL_INSTRUCTIONS_STORE, 256, 0, BYTES),
};
#endif
