// Small AVX2 pieces shared by the integer dot-product kernels.
#ifndef BL_INT8_AVX2_H
#define BL_INT8_AVX2_H

#include "common/bl_math.h"
#include "common/bl_target.h"

#include <stdint.h>
#include <string.h>

#if BL_X86
BL_TARGET_BEGIN_AVX2

// Pairs of 16-bit sums to 32-bit sums.
BL_ALWAYS_INLINE __m256i bl_widen_avx2(__m256i pairs) {
  return _mm256_madd_epi16(pairs, _mm256_set1_epi16(1));
}

// The first `count` (1, 2 or 4) of four 32-bit elements at p; reads nothing after them.
BL_ALWAYS_INLINE __m128i bl_load_elements_avx2(const uint8_t *p, const size_t count) {
  return count == 1   ? _mm_loadu_si32(p)
         : count == 2 ? _mm_loadl_epi64((const __m128i *)p)
                      : _mm_loadu_si128((const __m128i *)p);
}

// Four 32-bit elements, `bytes` into each of eight rows: v[i] holds element i, row 0 first. Only the first
// `count` (1, 2 or 4) are read, the others are 0. The upper lanes are gathered by loads, which leaves half
// the shuffles of a transpose in registers.
BL_ALWAYS_INLINE void bl_load_4x8(const uint8_t *const rows[8], size_t bytes, const size_t count,
                                  __m256i v[4]) {
  __m256i lanes[4];  // lanes[i]: rows i, 4 + i
#pragma clang loop unroll(full)
  for (size_t i = 0; i < 4; i++)
    lanes[i] = _mm256_inserti128_si256(_mm256_castsi128_si256(bl_load_elements_avx2(rows[i] + bytes, count)),
                                       bl_load_elements_avx2(rows[4 + i] + bytes, count), 1);
  const __m256i a = _mm256_unpacklo_epi32(lanes[0], lanes[1]), b = _mm256_unpackhi_epi32(lanes[0], lanes[1]);
  const __m256i c = _mm256_unpacklo_epi32(lanes[2], lanes[3]), d = _mm256_unpackhi_epi32(lanes[2], lanes[3]);
  v[0] = _mm256_unpacklo_epi64(a, c);
  v[1] = _mm256_unpackhi_epi64(a, c);
  v[2] = _mm256_unpacklo_epi64(b, d);
  v[3] = _mm256_unpackhi_epi64(b, d);
}

// The sums of the eight elements of each of four vectors.
BL_ALWAYS_INLINE __m128i bl_sum_4x8(__m256i a, __m256i b, __m256i c, __m256i d) {
  const __m256i sums = _mm256_hadd_epi32(_mm256_hadd_epi32(a, b), _mm256_hadd_epi32(c, d));
  return _mm_add_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));
}

// The sum of k activations. Codes x + 128 are summed as unsigned bytes.
BL_ALWAYS_INLINE int32_t bl_sum_bytes_avx2(const int8_t *x, size_t k) {
  const __m256i flip = _mm256_set1_epi8((char)0x80);
  __m256i sums = _mm256_setzero_si256();
  size_t i = 0;
  for (; i + 32 <= k; i += 32) {
    const __m256i codes = _mm256_xor_si256(_mm256_loadu_si256((const __m256i *)(x + i)), flip);
    sums = _mm256_add_epi64(sums, _mm256_sad_epu8(codes, _mm256_setzero_si256()));
  }
  int64_t parts[4];
  memcpy(parts, &sums, sizeof parts);
  int64_t sum = parts[0] + parts[1] + parts[2] + parts[3] - 128 * (int64_t)i;
  for (; i < k; i++) sum += x[i];
  return (int32_t)sum;
}

// The first min(columns, bytes) of x, then zeros up to `bytes`.
BL_ALWAYS_INLINE void bl_copy_padded(const int8_t *x, size_t columns, const size_t bytes, int8_t *out) {
  if (columns >= bytes) {
    memcpy(out, x, bytes);
  } else {
    memset(out, 0, bytes);
    for (size_t i = 0; i < columns; i++) out[i] = x[i];
  }
}

// Bytes 8 i + f to place 4 f + i: from four packed bytes of one-bit weights, the columns of each bit
// together.
BL_ALWAYS_INLINE void bl_group_bits_avx2(const int8_t in[32], int8_t out[32]) {
  const __m256i order =
      _mm256_broadcastsi128_si256(_mm_setr_epi8(0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15));
  const __m256i pairs = _mm256_shuffle_epi8(_mm256_loadu_si256((const __m256i *)in), order);
  const __m128i a = _mm256_castsi256_si128(pairs), b = _mm256_extracti128_si256(pairs, 1);
  _mm_storeu_si128((__m128i *)out, _mm_unpacklo_epi16(a, b));
  _mm_storeu_si128((__m128i *)(out + 16), _mm_unpackhi_epi16(a, b));
}

BL_TARGET_END
#endif
#endif
