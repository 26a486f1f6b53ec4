// The inner loops of mad on packings whose bytes hold fields of one or two bits, with vpdpbusd.
//
// Fields need no shifting for one token: masked in place, field f of all bytes is a vector of codes times
// 2^shift, at most 2 * 64 = 128, which the unsigned operand holds. Each field has an accumulator of its own
// and the scales come off at the end:
//
//   chunk:    64 bytes v, byte p = fields f3 f2 f1 f0            (two bits each; one bit: eight fields)
//   x chunk:  [field][64]: the activations of field f of byte p, in the order of the bytes
//   row:      sum[f] += dpbusd(v & (3 << 2 f), x[f])             2 instructions for 64 weights
//   result:   sum[0] + (sum[1] >> 2) + (sum[2] >> 4) + (sum[3] >> 6)
//
// For more tokens the fields are shifted down, once for all of them, and each (row, token) has a single
// accumulator.
#ifndef BL_MAD_FIELDS_VNNI_H
#define BL_MAD_FIELDS_VNNI_H

#include "common/bl_int8_gemv_vnni.h"

#if BL_X86
BL_TARGET_BEGIN_AVX512_VNNI

// Columns after which in-place sums are folded: a lane of the field times 64 takes four products of at most
// 128 * 128 from each 256 columns, so 2^20 columns leave it at 2^28.
enum { BL_MAD_FIELDS_FOLD_CHUNKS = (1 << 20) / 512 };

BL_ALWAYS_INLINE void bl_mad_fields_decode(const int bits, __m512i chunk, __m512i *codes) {
  const __m512i mask = _mm512_set1_epi8((char)((1 << bits) - 1));
#pragma clang loop unroll(full)
  for (int f = 0; f < 8 / bits; f++)
    codes[f] = _mm512_and_si512(_mm512_srli_epi16(chunk, (unsigned)(bits * f)), mask);
}

// Adds a chunk of `rows` rows into in-place sums. One-bit fields above the fourth are shifted down by four so
// that four sums do for either width.
BL_ALWAYS_INLINE void bl_mad_fields_in_place(const int bits, const size_t rows, const __m512i *v,
                                             const int8_t *x, __m512i sum[][4]) {
#pragma clang loop unroll(full)
  for (int f = 0; f < 8 / bits; f++) {
    const __m512i mask = _mm512_set1_epi8((char)(((1 << bits) - 1) << (bits * (f % 4))));
    const __m512i activations = _mm512_load_si512(x + 64 * f);
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) {
      const __m512i fields = f < 4 ? v[r] : _mm512_srli_epi16(v[r], 4);
      sum[r][f % 4] = _mm512_dpbusd_epi32(sum[r][f % 4], _mm512_and_si512(fields, mask), activations);
    }
  }
}

// The scales taken off: multiples of them, so that shifts are exact.
BL_ALWAYS_INLINE __m512i bl_mad_fields_fold(const unsigned bits, const __m512i sum[4]) {
  const __m512i low = _mm512_add_epi32(sum[0], _mm512_srai_epi32(sum[1], bits));
  const __m512i high =
      _mm512_add_epi32(_mm512_srai_epi32(sum[2], 2 * bits), _mm512_srai_epi32(sum[3], 3 * bits));
  return _mm512_add_epi32(low, high);
}

BL_ALWAYS_INLINE void bl_mad_fields_one_token(const int bits, const size_t rows, const bl_int8_rows *shape,
                                              const uint8_t *packed, const int8_t *x, __m512i *total) {
  const size_t x_chunk = 64 * 8 / (size_t)bits;
  const size_t full = shape->chunks - (shape->last_bytes < 64);
  __m512i v[BL_INT8_GEMV_ROWS];
  for (size_t chunk = 0; chunk < shape->chunks;) {
    __m512i sum[BL_INT8_GEMV_ROWS][4];
    for (size_t r = 0; r < rows; r++)
      for (size_t f = 0; f < 4; f++) sum[r][f] = _mm512_setzero_si512();
    const size_t fold = bl_min(chunk + BL_MAD_FIELDS_FOLD_CHUNKS, shape->chunks);
    for (; chunk < bl_min(fold, full); chunk++, packed += shape->chunk_stride, x += x_chunk) {
#pragma clang loop unroll(full)
      for (size_t r = 0; r < rows; r++) {
        v[r] = _mm512_loadu_si512(packed + r * shape->stream_bytes);
        bl_prefetch_stream(packed + r * shape->stream_bytes, rows);
      }
      bl_mad_fields_in_place(bits, rows, v, x, sum);
    }
    if (chunk < fold) {
      for (size_t r = 0; r < rows; r++)
        v[r] = bl_load_first(packed + r * shape->stream_bytes, shape->last_bytes);
      bl_mad_fields_in_place(bits, rows, v, x, sum);
      chunk++;
    }
    for (size_t r = 0; r < rows; r++)
      total[r] = _mm512_add_epi32(total[r], bl_mad_fields_fold((unsigned)bits, sum[r]));
  }
}

BL_TARGET_END
#endif
#endif
