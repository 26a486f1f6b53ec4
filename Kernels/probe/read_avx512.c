// Reading with 512-bit loads, a whole cache line each.
#include "probe/probes.h"

#if BL_X86
BL_TARGET_BEGIN_AVX512

BL_ALWAYS_INLINE uint64_t folded_words(__m512i v) {
  uint64_t words[8], folded = 0;
  _mm512_storeu_si512(words, v);
  for (size_t i = 0; i < 8; i++) folded ^= words[i];
  return folded;
}

#define BL_READ_VECTOR __m512i
#define BL_READ_ZERO() _mm512_setzero_si512()
#define BL_READ_LOAD(address) _mm512_load_si512(address)
#define BL_READ_FOLD(sum, a, b) _mm512_ternarylogic_epi64(sum, a, b, 0x96)  // the truth table of a ^ b ^ c
#define BL_READ_WORD(vector) folded_words(vector)
#include "probe/read_loop.h"

BL_TARGET_END

const bl_read_probe bl_read_probes_avx512[BL_READ_SHAPES] =
    BL_READ_PROBES("avx512", BL_ISA_AVX2 | BL_ISA_AVX512);
#endif
