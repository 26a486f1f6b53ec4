// Vectors of 16 floats. Parts of a vector are the first `count` elements: masked, they touch no memory
// beyond.
#ifndef BL_TRANSFORMER_VECTORS_AVX512_H
#define BL_TRANSFORMER_VECTORS_AVX512_H

// The register tile of attention over many rows: 24 sums, 3 vectors, 1 broadcast of 32 registers.
enum { LANES = 16, TILE_ELEMENTS = 8, TILE_VECTORS = 3, CHUNK_SUMS = 16 };

typedef __m512 vector;

BL_ALWAYS_INLINE __mmask16 first_lanes(size_t count) {
  return (__mmask16)((1u << count) - 1);
}

BL_ALWAYS_INLINE vector zero_vector(void) {
  return _mm512_setzero_ps();
}
BL_ALWAYS_INLINE vector splat(float value) {
  return _mm512_set1_ps(value);
}
BL_ALWAYS_INLINE vector load_vector(const float *from) {
  return _mm512_loadu_ps(from);
}
BL_ALWAYS_INLINE vector load_part(const float *from, size_t count) {
  return _mm512_maskz_loadu_ps(first_lanes(count), from);
}
BL_ALWAYS_INLINE void store_vector(float *to, vector v) {
  _mm512_storeu_ps(to, v);
}
BL_ALWAYS_INLINE void store_part(float *to, size_t count, vector v) {
  _mm512_mask_storeu_ps(to, first_lanes(count), v);
}
BL_ALWAYS_INLINE vector load_float16(const uint16_t *from) {
  return _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)from));
}
BL_ALWAYS_INLINE vector load_float16_part(const uint16_t *from, size_t count) {
  return _mm512_cvtph_ps(_mm256_maskz_loadu_epi16(first_lanes(count), from));
}
BL_ALWAYS_INLINE void store_float16(uint16_t *to, vector v) {
  _mm256_storeu_si256((__m256i *)to, _mm512_cvtps_ph(v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
}
BL_ALWAYS_INLINE vector load_stored_float32(const uint8_t *from) {
  return _mm512_loadu_ps(from);
}
BL_ALWAYS_INLINE vector load_stored_float16(const uint8_t *from) {
  return _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)from));
}
BL_ALWAYS_INLINE vector load_stored_bfloat16(const uint8_t *from) {
  const __m512i words = _mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)from));
  return _mm512_castsi512_ps(_mm512_slli_epi32(words, 16));
}
BL_ALWAYS_INLINE vector load_int8(const uint8_t *from) {
  return _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(_mm_loadu_si128((const __m128i *)from)));
}
// The lower and the upper half of each byte, less 8. A permutation by 32-bit indices looks at their lowest 4
// bits.
BL_ALWAYS_INLINE void load_nibbles(const uint8_t *from, vector *low, vector *high) {
  const vector values = _mm512_setr_ps(-8, -7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7);
  const __m512i bytes = _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)from));
  *low = _mm512_permutexvar_ps(bytes, values);
  *high = _mm512_permutexvar_ps(_mm512_srli_epi32(bytes, 4), values);
}
BL_ALWAYS_INLINE vector splat_stored_float16(const uint8_t *from) {
  int16_t half;
  memcpy(&half, from, sizeof half);
  return _mm512_cvtph_ps(_mm256_set1_epi16(half));
}
BL_ALWAYS_INLINE vector add_vectors(vector a, vector b) {
  return _mm512_add_ps(a, b);
}
BL_ALWAYS_INLINE vector subtract_vectors(vector a, vector b) {
  return _mm512_sub_ps(a, b);
}
BL_ALWAYS_INLINE vector multiply_vectors(vector a, vector b) {
  return _mm512_mul_ps(a, b);
}
BL_ALWAYS_INLINE vector divide_vectors(vector a, vector b) {
  return _mm512_div_ps(a, b);
}
// a * b + c
BL_ALWAYS_INLINE vector multiply_add(vector a, vector b, vector c) {
  return _mm512_fmadd_ps(a, b, c);
}
// b where either is not a number.
BL_ALWAYS_INLINE vector larger(vector a, vector b) {
  return _mm512_max_ps(a, b);
}
BL_ALWAYS_INLINE vector smaller(vector a, vector b) {
  return _mm512_min_ps(a, b);
}
// a <= b ? yes : no
BL_ALWAYS_INLINE vector select_at_most(vector a, vector b, vector yes, vector no) {
  return _mm512_mask_blend_ps(_mm512_cmp_ps_mask(a, b, _CMP_LE_OQ), no, yes);
}
// To nearest.
BL_ALWAYS_INLINE vector whole_part(vector v) {
  return _mm512_roundscale_ps(v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
}
// v * 2^power for whole powers; v and the result are normal numbers.
BL_ALWAYS_INLINE vector scale_by_power(vector v, vector power) {
  return _mm512_scalef_ps(v, power);
}

// There are registers enough.
BL_ALWAYS_INLINE void finish_before_next(vector *sum) {
  (void)sum;
}

// Rows become columns.
BL_ALWAYS_INLINE void transpose_vectors(vector v[LANES]) {
  __m512i words[LANES];
  BL_UNROLL
  for (size_t i = 0; i < LANES; i++) words[i] = _mm512_castps_si512(v[i]);
  bl_transpose_16x16(words);
  BL_UNROLL
  for (size_t i = 0; i < LANES; i++) v[i] = _mm512_castsi512_ps(words[i]);
}

BL_ALWAYS_INLINE vector add_unpacked(vector a, vector b) {
  return _mm512_add_ps(_mm512_unpacklo_ps(a, b), _mm512_unpackhi_ps(a, b));
}
BL_ALWAYS_INLINE vector add_unpacked_pairs(vector a, vector b) {
  const __m512d pairs_a = _mm512_castps_pd(a), pairs_b = _mm512_castps_pd(b);
  return _mm512_add_ps(_mm512_castpd_ps(_mm512_unpacklo_pd(pairs_a, pairs_b)),
                       _mm512_castpd_ps(_mm512_unpackhi_pd(pairs_a, pairs_b)));
}
BL_ALWAYS_INLINE vector add_quarters(vector a, vector b) {
  return _mm512_add_ps(_mm512_shuffle_f32x4(a, b, 0x88), _mm512_shuffle_f32x4(a, b, 0xdd));
}
// Lane i is the sum of v[i].
BL_ALWAYS_INLINE vector sums_of_vectors(const vector v[LANES]) {
  vector fours[4];
  BL_UNROLL
  for (size_t i = 0; i < 4; i++) {
    // Lanes 4 j + c are a part of the sum of v[4 i + c]: unpacking puts the first of two before the second.
    const vector *four = v + 4 * i;
    fours[i] = add_unpacked_pairs(add_unpacked(four[0], four[1]), add_unpacked(four[2], four[3]));
  }
  return add_quarters(add_quarters(fours[0], fours[1]), add_quarters(fours[2], fours[3]));
}
BL_ALWAYS_INLINE float sum_of_lanes(vector v) {
  return _mm512_reduce_add_ps(v);
}

// ---- Q6_K (transformer/rows_q6_k.h) ----

typedef __m512i code_run;
typedef vector group_scales;

// 64 codes of a half: the lower or the upper half of 64 bytes, and 2 bits of each of 32 bytes, twice. Bits 6
// and 7 of the bytes are left over from others.
BL_ALWAYS_INLINE code_run load_code_run(const uint8_t *low_bits, const uint8_t *high_bits, size_t run) {
  const __m512i low = _mm512_loadu_si512(low_bits);
  const __m512i high = _mm512_broadcast_i64x4(_mm256_loadu_si256((const __m256i *)high_bits));
  const __m512i first = _mm512_sllv_epi64(high, _mm512_setr_epi64(4, 4, 4, 4, 2, 2, 2, 2));
  const __m512i second = _mm512_srlv_epi64(high, _mm512_setr_epi64(0, 0, 0, 0, 2, 2, 2, 2));
  return _mm512_ternarylogic_epi64(_mm512_set1_epi8(15), run ? _mm512_srli_epi64(low, 4) : low,
                                   run ? second : first, 0xca);  // the first selects of the others
}
BL_ALWAYS_INLINE vector codes_of_byte(code_run codes, size_t byte) {
  return _mm512_cvtepi32_ps(_mm512_and_si512(codes, _mm512_set1_epi32(63 << 8 * byte)));
}
BL_ALWAYS_INLINE group_scales load_group_scales(const uint8_t *scales, vector factor) {
  const __m512i whole = _mm512_cvtepi8_epi32(_mm_loadl_epi64((const __m128i *)scales));
  return _mm512_mul_ps(_mm512_cvtepi32_ps(whole), factor);
}
BL_ALWAYS_INLINE vector scales_of_run(group_scales scales, size_t run) {
  const __m512i group = _mm512_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3);
  return _mm512_permutexvar_ps(_mm512_add_epi32(group, _mm512_set1_epi32((int)run * 4)), scales);
}

#endif
