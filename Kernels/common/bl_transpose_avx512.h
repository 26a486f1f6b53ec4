// Transposing 16 x 16 matrices in registers.
#ifndef BL_TRANSPOSE_AVX512_H
#define BL_TRANSPOSE_AVX512_H

#include "common/bl_target.h"

#if BL_X86
BL_TARGET_BEGIN_AVX512

// Transposes a 16 x 16 matrix of 32-bit elements, one row in each vector.
BL_ALWAYS_INLINE void bl_transpose_16x16(__m512i v[16]) {
  __m512i t[16];
#pragma clang loop unroll(full)
  for (int i = 0; i < 16; i += 2) {
    t[i] = _mm512_unpacklo_epi32(v[i], v[i + 1]);
    t[i + 1] = _mm512_unpackhi_epi32(v[i], v[i + 1]);
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < 16; i += 4) {  // v[i + c]: column c of each 128-bit lane, rows i .. i + 3
    v[i] = _mm512_unpacklo_epi64(t[i], t[i + 2]);
    v[i + 1] = _mm512_unpackhi_epi64(t[i], t[i + 2]);
    v[i + 2] = _mm512_unpacklo_epi64(t[i + 1], t[i + 3]);
    v[i + 3] = _mm512_unpackhi_epi64(t[i + 1], t[i + 3]);
  }
#pragma clang loop unroll(full)
  for (int c = 0; c < 4; c++) {  // a 4 x 4 transpose of 128-bit lanes for each c
    const __m512i a = _mm512_shuffle_i32x4(v[c], v[c + 4], 0x88);
    const __m512i b = _mm512_shuffle_i32x4(v[c], v[c + 4], 0xdd);
    const __m512i d = _mm512_shuffle_i32x4(v[c + 8], v[c + 12], 0x88);
    const __m512i e = _mm512_shuffle_i32x4(v[c + 8], v[c + 12], 0xdd);
    v[c] = _mm512_shuffle_i32x4(a, d, 0x88);
    v[c + 8] = _mm512_shuffle_i32x4(a, d, 0xdd);
    v[c + 4] = _mm512_shuffle_i32x4(b, e, 0x88);
    v[c + 12] = _mm512_shuffle_i32x4(b, e, 0xdd);
  }
}

// The same for bytes. Each round interleaves rows i and i + 8, which rotates the eight bits of (row, column)
// by one place.
BL_ALWAYS_INLINE void bl_transpose_bytes_16x16(__m128i v[16]) {
#pragma clang loop unroll(full)
  for (int round = 0; round < 4; round++) {
    __m128i t[16];
    for (int i = 0; i < 8; i++) {
      t[2 * i] = _mm_unpacklo_epi8(v[i], v[i + 8]);
      t[2 * i + 1] = _mm_unpackhi_epi8(v[i], v[i + 8]);
    }
    for (int i = 0; i < 16; i++) v[i] = t[i];
  }
}

BL_TARGET_END
#endif
#endif
