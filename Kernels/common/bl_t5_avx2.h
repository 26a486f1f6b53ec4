// Bytes of t5 (packing/t5.h) taken apart with AVX2, for the kernels that look up three trits and two.
//
// Five trits stand for v = 9 a + b when it is not negative, a triple of trits 0..13 and a pair -4..4;
// vpshufb, which reaches 16 entries, can look up either. Dividing by nine is one more look-up: with |v| = 8 h
// + l,
//
//   z = D[h] + l,   D[h] = 16 q + r + 7   where 8 h + 4 = 9 q + r      h = 0..15, l = 0..7, r = 0..8
//
// has a as its upper nibble, because what carries into a, r + l > 8, also carries out of the lower nibble;
// that is left as b + 11, or as b + 4 after a carry: a table of 16 entries holds pairs for both.
#ifndef BL_T5_AVX2_H
#define BL_T5_AVX2_H

#include "common/bl_target.h"

#include <stdint.h>

#if BL_X86
BL_TARGET_BEGIN_AVX2

enum { BL_T5_NO_CARRY = 7 };  // lower nibbles from here on are those of no carry

// b + 4 of a lower nibble.
BL_ALWAYS_INLINE unsigned bl_t5_pair_of_nibble(unsigned nibble) {
  return nibble < BL_T5_NO_CARRY ? nibble : nibble - BL_T5_NO_CARRY;
}

typedef struct bl_t5_indices {
  __m256i triple, pair;  // 0..15
} bl_t5_indices;

// Eight operations for 32 bytes; signs are left to the caller.
BL_ALWAYS_INLINE bl_t5_indices bl_t5_indices_avx2(__m256i bytes) {
  int8_t d[16];
  for (int h = 0; h < 16; h++) d[h] = (int8_t)(16 * ((8 * h + 4) / 9) + (8 * h + 4) % 9 + BL_T5_NO_CARRY);
  const __m256i quotients = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)d));
  const __m256i nibble = _mm256_set1_epi8(15);
  const __m256i h = _mm256_and_si256(_mm256_srli_epi16(bytes, 3), nibble);
  const __m256i l = _mm256_and_si256(bytes, _mm256_set1_epi8(7));
  const __m256i z = _mm256_add_epi8(_mm256_shuffle_epi8(quotients, h), l);
  return (bl_t5_indices){_mm256_and_si256(_mm256_srli_epi16(z, 4), nibble), _mm256_and_si256(z, nibble)};
}

BL_TARGET_END
#endif
#endif
