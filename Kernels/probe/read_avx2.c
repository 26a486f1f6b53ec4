// Reading with 256-bit loads.
#include "probe/probes.h"

#if BL_X86
BL_TARGET_BEGIN_AVX2

BL_ALWAYS_INLINE uint64_t folded_words(__m256i v) {
  return (uint64_t)(_mm256_extract_epi64(v, 0) ^ _mm256_extract_epi64(v, 1) ^ _mm256_extract_epi64(v, 2) ^
                    _mm256_extract_epi64(v, 3));
}

#define BL_READ_VECTOR __m256i
#define BL_READ_ZERO() _mm256_setzero_si256()
#define BL_READ_LOAD(address) _mm256_load_si256((const __m256i *)(address))
#define BL_READ_FOLD(sum, a, b) _mm256_xor_si256(sum, _mm256_xor_si256(a, b))
#define BL_READ_WORD(vector) folded_words(vector)
#include "probe/read_loop.h"

BL_TARGET_END

const bl_read_probe bl_read_probes_avx2[BL_READ_SHAPES] = BL_READ_PROBES("avx2", BL_ISA_AVX2);
#endif
