// The inner loops of mad on packings whose bytes hold fields of one or two bits, with AVX2.
//
// For one token the upper half of each byte is shifted down once, and fields are masked where they are:
//
//   v & 3, v & 12, v >> 4 & 3, v >> 4 & 12     codes times 1, 4, 1, 4: one sum of 16 bits for each scale
//
// Four bits of code are at most 8 (times 128, twice): a chunk adds 4096 to a sum at most, and eight chunks
// lie in -32768 .. 32512. That is 13 instructions for 128 weights of two bits where shifting each field
// takes 15, and 0.5 to widen: 4.5 cycles on three vector ports (p0, p1, p5 of Intel cores; Haswell and
// Broadwell, which multiply on p0 alone, take 5.2), 3.4 on four (Zen 2 to 4). All loads, prefetches and
// addresses stay beside them: a step reads whole lines of 64 bytes, two chunks, and takes activations from
// memory operands, because registers for them would push sums out to the stack.
#ifndef BL_MAD_FIELDS_AVX2_H
#define BL_MAD_FIELDS_AVX2_H

#include "common/bl_int8_gemv_avx2.h"

#if BL_X86
BL_TARGET_BEGIN_AVX2

enum { BL_MAD_FIELDS_AVX2_NARROW_CHUNKS = 8 };

BL_ALWAYS_INLINE void bl_mad_fields_decode_avx2(const int bits, __m256i chunk, __m256i *codes) {
  const __m256i mask = _mm256_set1_epi8((char)((1 << bits) - 1));
#pragma clang loop unroll(full)
  for (int f = 0; f < 8 / bits; f++) codes[f] = _mm256_and_si256(_mm256_srli_epi16(chunk, bits * f), mask);
}

// Adds a chunk of one row; sum[s] is for scale 2^(bits s). The activations of field f are at x + 32 f.
BL_ALWAYS_INLINE void bl_mad_fields_in_place_avx2(const int bits, __m256i v, const int8_t *x, __m256i *sum) {
  const int scales = 4 / bits;
#pragma clang loop unroll(full)
  for (int f = 0; f < 2 * scales; f++) {
    const __m256i mask = _mm256_set1_epi8((char)(((1 << bits) - 1) << (bits * (f % scales))));
    const __m256i fields = f < scales ? v : _mm256_srli_epi16(v, 4);
    const __m256i activations = _mm256_loadu_si256((const __m256i *)(x + 32 * f));
    sum[f % scales] =
        _mm256_add_epi16(sum[f % scales], _mm256_maddubs_epi16(_mm256_and_si256(fields, mask), activations));
    // One by one: a compiler that adds products up as a tree holds so many that sums go to the stack.
    __asm__("" : "+x"(sum[f % scales]));
  }
}

// `load_last` is for a last chunk that may end before its 32 bytes do.
BL_ALWAYS_INLINE void bl_mad_fields_one_token_avx2(const int bits, const bl_int8_load_avx2 load,
                                                   const bl_int8_load_avx2 load_last, const size_t rows,
                                                   const bl_int8_rows_avx2 *shape, const uint8_t *packed,
                                                   const int8_t *x, __m256i *total) {
  const size_t scales = 4 / (size_t)bits, x_chunk = 32 * 8 / (size_t)bits, chunks = shape->chunks;
  const uint8_t *row[BL_INT8_GEMV_AVX2_ROWS];
  __m256i wide[BL_INT8_GEMV_AVX2_ROWS][4];  // sums of 32 bits, scales still apart
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++) {
    row[r] = packed + r * shape->stream_bytes;
    for (size_t s = 0; s < scales; s++) wide[r][s] = _mm256_setzero_si256();
  }
  for (size_t chunk = 0; chunk < chunks;) {
    __m256i sum[BL_INT8_GEMV_AVX2_ROWS][4];
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++)
      for (size_t s = 0; s < scales; s++) sum[r][s] = _mm256_setzero_si256();
    const size_t end = bl_min(chunk + BL_MAD_FIELDS_AVX2_NARROW_CHUNKS, chunks);
    for (size_t line = chunk / 2; line < bl_min(end, chunks - 1) / 2; line++, x += 2 * x_chunk) {
#pragma clang loop unroll(full)
      for (size_t r = 0; r < rows; r++) {
        bl_prefetch_stream(row[r] + 64 * line, rows);
        bl_mad_fields_in_place_avx2(bits, load(row[r], 2 * line, shape), x, sum[r]);
        bl_mad_fields_in_place_avx2(bits, load(row[r], 2 * line + 1, shape), x + x_chunk, sum[r]);
        __asm__ volatile("" ::: "memory");
      }
    }
    if (end == chunks) {  // one or two are left
      for (chunk = (chunks - 1) / 2 * 2; chunk < chunks; chunk++, x += x_chunk)
        for (size_t r = 0; r < rows; r++)
          bl_mad_fields_in_place_avx2(bits, load_last(row[r], chunk, shape), x, sum[r]);
    }
    chunk = end;
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++)
      for (size_t s = 0; s < scales; s++) wide[r][s] = _mm256_add_epi32(wide[r][s], bl_widen_avx2(sum[r][s]));
    __asm__ volatile("" ::: "memory");
  }
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++)
    for (size_t s = 0; s < scales; s++)
      total[r] = _mm256_add_epi32(total[r], _mm256_srai_epi32(wide[r][s], bits * (int)s));
}

BL_TARGET_END
#endif
#endif
