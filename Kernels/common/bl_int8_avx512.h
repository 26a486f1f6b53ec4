// Small AVX-512 pieces shared by the integer dot-product kernels.
#ifndef BL_INT8_AVX512_H
#define BL_INT8_AVX512_H

#include "common/bl_target.h"
#include "common/bl_transpose_avx512.h"

#include <stddef.h>
#include <stdint.h>

#if BL_X86
BL_TARGET_BEGIN_AVX512_VNNI

// A mask of the first min(count, 64) bytes.
BL_ALWAYS_INLINE __mmask64 bl_first_64(size_t count) {
  return count >= 64 ? ~(__mmask64)0 : ((__mmask64)1 << count) - 1;
}

// The first min(count, 64) bytes at p, zeros after them; reads no byte past those.
BL_ALWAYS_INLINE __m512i bl_load_first(const void *p, size_t count) {
  return _mm512_maskz_loadu_epi8(bl_first_64(count), p);
}

// The first `count` (up to 4) of four 32-bit elements at p; reads nothing after them.
BL_ALWAYS_INLINE __m128i bl_load_elements(const uint8_t *p, size_t count) {
  return _mm_maskz_loadu_epi32((__mmask8)((1u << count) - 1), p);
}

// Four 32-bit elements, `bytes` into each of sixteen rows: v[i] holds element i, row 0 first. Only the first
// `count` are read, the others are 0. Lanes are gathered by loads, which leaves half the shuffles of a
// transpose in registers: shuffles of whole vectors have one port on most cores.
BL_ALWAYS_INLINE void bl_load_4x16(const uint8_t *const rows[16], size_t bytes, const size_t count,
                                   __m512i v[4]) {
  __m512i lanes[4];  // lanes[i]: rows i, 4 + i, 8 + i, 12 + i
#pragma clang loop unroll(full)
  for (size_t i = 0; i < 4; i++) {
    lanes[i] = _mm512_castsi128_si512(bl_load_elements(rows[i] + bytes, count));
    lanes[i] = _mm512_inserti32x4(lanes[i], bl_load_elements(rows[4 + i] + bytes, count), 1);
    lanes[i] = _mm512_inserti32x4(lanes[i], bl_load_elements(rows[8 + i] + bytes, count), 2);
    lanes[i] = _mm512_inserti32x4(lanes[i], bl_load_elements(rows[12 + i] + bytes, count), 3);
  }
  const __m512i a = _mm512_unpacklo_epi32(lanes[0], lanes[1]), b = _mm512_unpackhi_epi32(lanes[0], lanes[1]);
  const __m512i c = _mm512_unpacklo_epi32(lanes[2], lanes[3]), d = _mm512_unpackhi_epi32(lanes[2], lanes[3]);
  v[0] = _mm512_unpacklo_epi64(a, c);
  v[1] = _mm512_unpackhi_epi64(a, c);
  v[2] = _mm512_unpacklo_epi64(b, d);
  v[3] = _mm512_unpackhi_epi64(b, d);
}

// Eight 32-bit elements, `bytes` into each of sixteen rows: v[i] holds element i, row 0 first. Each row's
// half cache line is read once: rows a power of two apart share so few places in level 1 that a second look
// at a line finds it gone.
BL_ALWAYS_INLINE void bl_load_8x16(const uint8_t *const rows[16], size_t bytes, __m512i v[8]) {
#pragma clang loop unroll(full)
  for (size_t part = 0; part < 2; part++) {
    __m512i r[4];  // r[i]: elements 0..3 and 4..7 of row 8 part + i, the same of row 8 part + 4 + i
#pragma clang loop unroll(full)
    for (size_t i = 0; i < 4; i++) {
      const uint8_t *first = rows[8 * part + i] + bytes, *second = rows[8 * part + 4 + i] + bytes;
      r[i] = _mm512_castsi256_si512(_mm256_loadu_si256((const __m256i *)first));
      r[i] = _mm512_inserti64x4(r[i], _mm256_loadu_si256((const __m256i *)second), 1);
    }
    const __m512i a = _mm512_unpacklo_epi32(r[0], r[1]), b = _mm512_unpackhi_epi32(r[0], r[1]);
    const __m512i c = _mm512_unpacklo_epi32(r[2], r[3]), d = _mm512_unpackhi_epi32(r[2], r[3]);
    // v[4 part + i]: element i, then i + 4, of rows 8 part .. 8 part + 3; the same of the four rows after.
    v[4 * part] = _mm512_unpacklo_epi64(a, c);
    v[4 * part + 1] = _mm512_unpackhi_epi64(a, c);
    v[4 * part + 2] = _mm512_unpacklo_epi64(b, d);
    v[4 * part + 3] = _mm512_unpackhi_epi64(b, d);
  }
#pragma clang loop unroll(full)
  for (size_t i = 0; i < 4; i++) {
    const __m512i low = v[i], high = v[4 + i];
    v[i] = _mm512_shuffle_i32x4(low, high, 0x88);
    v[4 + i] = _mm512_shuffle_i32x4(low, high, 0xdd);
  }
}

// The sums of the sixteen elements of each of four vectors.
BL_ALWAYS_INLINE __m128i bl_sum_4x16(__m512i a, __m512i b, __m512i c, __m512i d) {
  const __m512i ab = _mm512_add_epi32(_mm512_unpacklo_epi32(a, b), _mm512_unpackhi_epi32(a, b));
  const __m512i cd = _mm512_add_epi32(_mm512_unpacklo_epi32(c, d), _mm512_unpackhi_epi32(c, d));
  const __m512i abcd = _mm512_add_epi32(_mm512_unpacklo_epi64(ab, cd), _mm512_unpackhi_epi64(ab, cd));
  const __m256i half = _mm256_add_epi32(_mm512_castsi512_si256(abcd), _mm512_extracti64x4_epi64(abcd, 1));
  return _mm_add_epi32(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
}

BL_TARGET_END
#endif
#endif
