// Vectors of 8 floats. Parts of a vector are the first `count` elements: they touch no memory beyond.
#ifndef BL_TRANSFORMER_VECTORS_AVX2_H
#define BL_TRANSFORMER_VECTORS_AVX2_H

// The register tile of attention over many rows: 12 sums, 3 vectors, 1 broadcast of 16 registers.
enum { LANES = 8, TILE_ELEMENTS = 4, TILE_VECTORS = 3, CHUNK_SUMS = 8 };

typedef __m256 vector;

BL_ALWAYS_INLINE __m256i first_lanes(size_t count) {
  const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)count), lane);
}

BL_ALWAYS_INLINE vector zero_vector(void) {
  return _mm256_setzero_ps();
}
BL_ALWAYS_INLINE vector splat(float value) {
  return _mm256_set1_ps(value);
}
BL_ALWAYS_INLINE vector load_vector(const float *from) {
  return _mm256_loadu_ps(from);
}
BL_ALWAYS_INLINE vector load_part(const float *from, size_t count) {
  return _mm256_maskload_ps(from, first_lanes(count));
}
BL_ALWAYS_INLINE void store_vector(float *to, vector v) {
  _mm256_storeu_ps(to, v);
}
BL_ALWAYS_INLINE void store_part(float *to, size_t count, vector v) {
  _mm256_maskstore_ps(to, first_lanes(count), v);
}
BL_ALWAYS_INLINE vector load_float16(const uint16_t *from) {
  return _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)from));
}
BL_ALWAYS_INLINE vector load_float16_part(const uint16_t *from, size_t count) {
  uint16_t part[LANES] = {0};
  for (size_t i = 0; i < count; i++) part[i] = from[i];
  return load_float16(part);
}
BL_ALWAYS_INLINE void store_float16(uint16_t *to, vector v) {
  _mm_storeu_si128((__m128i *)to, _mm256_cvtps_ph(v, _MM_FROUND_TO_NEAREST_INT));
}
BL_ALWAYS_INLINE vector load_stored_float32(const uint8_t *from) {
  return _mm256_loadu_ps((const float *)from);
}
BL_ALWAYS_INLINE vector load_stored_float16(const uint8_t *from) {
  return _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)from));
}
BL_ALWAYS_INLINE vector load_stored_bfloat16(const uint8_t *from) {
  const __m256i words = _mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)from));
  return _mm256_castsi256_ps(_mm256_slli_epi32(words, 16));
}
BL_ALWAYS_INLINE vector load_int8(const uint8_t *from) {
  return _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(_mm_loadl_epi64((const __m128i *)from)));
}
// The lower and the upper half of each byte, less 8.
BL_ALWAYS_INLINE void load_nibbles(const uint8_t *from, vector *low, vector *high) {
  const __m256i bytes = _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)from));
  const __m256i eight = _mm256_set1_epi32(8), lower = _mm256_and_si256(bytes, _mm256_set1_epi32(15));
  *low = _mm256_cvtepi32_ps(_mm256_sub_epi32(lower, eight));
  *high = _mm256_cvtepi32_ps(_mm256_sub_epi32(_mm256_srli_epi32(bytes, 4), eight));
}
BL_ALWAYS_INLINE vector splat_stored_float16(const uint8_t *from) {
  int16_t half;
  memcpy(&half, from, sizeof half);
  return _mm256_cvtph_ps(_mm_set1_epi16(half));
}
BL_ALWAYS_INLINE vector add_vectors(vector a, vector b) {
  return _mm256_add_ps(a, b);
}
BL_ALWAYS_INLINE vector subtract_vectors(vector a, vector b) {
  return _mm256_sub_ps(a, b);
}
BL_ALWAYS_INLINE vector multiply_vectors(vector a, vector b) {
  return _mm256_mul_ps(a, b);
}
BL_ALWAYS_INLINE vector divide_vectors(vector a, vector b) {
  return _mm256_div_ps(a, b);
}
// a * b + c
BL_ALWAYS_INLINE vector multiply_add(vector a, vector b, vector c) {
  return _mm256_fmadd_ps(a, b, c);
}
// b where either is not a number.
BL_ALWAYS_INLINE vector larger(vector a, vector b) {
  return _mm256_max_ps(a, b);
}
BL_ALWAYS_INLINE vector smaller(vector a, vector b) {
  return _mm256_min_ps(a, b);
}
// a <= b ? yes : no
BL_ALWAYS_INLINE vector select_at_most(vector a, vector b, vector yes, vector no) {
  return _mm256_blendv_ps(no, yes, _mm256_cmp_ps(a, b, _CMP_LE_OQ));
}
// To nearest.
BL_ALWAYS_INLINE vector whole_part(vector v) {
  return _mm256_round_ps(v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
}
// v * 2^power for whole powers; v and the result are normal numbers.
BL_ALWAYS_INLINE vector scale_by_power(vector v, vector power) {
  const __m256i exponents = _mm256_slli_epi32(_mm256_cvtps_epi32(power), 23);
  return _mm256_castsi256_ps(_mm256_add_epi32(_mm256_castps_si256(v), exponents));
}

// Keeps the compiler from mixing the next element's multiplications with these: for two broadcasts at a time
// there is no register, and a sum that goes through memory instead costs half the speed.
BL_ALWAYS_INLINE void finish_before_next(vector *sum) {
  __asm__ volatile("" : "+x"(*sum));
}

// Rows become columns.
BL_ALWAYS_INLINE void transpose_vectors(vector v[LANES]) {
  __m256d pairs[LANES];
  BL_UNROLL
  for (size_t i = 0; i < LANES; i += 2) {
    pairs[i] = _mm256_castps_pd(_mm256_unpacklo_ps(v[i], v[i + 1]));
    pairs[i + 1] = _mm256_castps_pd(_mm256_unpackhi_ps(v[i], v[i + 1]));
  }
  BL_UNROLL
  for (size_t i = 0; i < LANES; i += 4) {  // v[i + c]: column c of each half, rows i ... i + 3
    v[i] = _mm256_castpd_ps(_mm256_unpacklo_pd(pairs[i], pairs[i + 2]));
    v[i + 1] = _mm256_castpd_ps(_mm256_unpackhi_pd(pairs[i], pairs[i + 2]));
    v[i + 2] = _mm256_castpd_ps(_mm256_unpacklo_pd(pairs[i + 1], pairs[i + 3]));
    v[i + 3] = _mm256_castpd_ps(_mm256_unpackhi_pd(pairs[i + 1], pairs[i + 3]));
  }
  BL_UNROLL
  for (size_t c = 0; c < 4; c++) {
    const vector low = v[c], high = v[c + 4];
    v[c] = _mm256_permute2f128_ps(low, high, 0x20);
    v[c + 4] = _mm256_permute2f128_ps(low, high, 0x31);
  }
}

// Lane i is the sum of v[i].
BL_ALWAYS_INLINE vector sums_of_vectors(const vector v[LANES]) {
  const vector low = _mm256_hadd_ps(_mm256_hadd_ps(v[0], v[1]), _mm256_hadd_ps(v[2], v[3]));
  const vector high = _mm256_hadd_ps(_mm256_hadd_ps(v[4], v[5]), _mm256_hadd_ps(v[6], v[7]));
  return _mm256_add_ps(_mm256_permute2f128_ps(low, high, 0x20), _mm256_permute2f128_ps(low, high, 0x31));
}
BL_ALWAYS_INLINE float sum_of_lanes(vector v) {
  const __m128 half = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
  const __m128 pair = _mm_add_ps(half, _mm_movehl_ps(half, half));
  return _mm_cvtss_f32(_mm_add_ss(pair, _mm_movehdup_ps(pair)));
}

// ---- Q6_K (transformer/rows_q6_k.h) ----

typedef __m256i code_run;
typedef vector group_scales;

// 32 codes of a half: the lower or the upper half of 32 bytes, and 2 bits of each of 32 bytes. Bits 6 and 7
// of the bytes are left over from others.
BL_ALWAYS_INLINE code_run load_code_run(const uint8_t *low_bits, const uint8_t *high_bits, size_t run) {
  const __m256i low = _mm256_loadu_si256((const __m256i *)(low_bits + run % 2 * 32));
  const __m256i high = _mm256_loadu_si256((const __m256i *)high_bits);
  const __m256i lower = _mm256_and_si256(run < 2 ? low : _mm256_srli_epi64(low, 4), _mm256_set1_epi8(15));
  const __m256i upper = run == 0   ? _mm256_slli_epi64(high, 4)
                        : run == 1 ? _mm256_slli_epi64(high, 2)
                        : run == 2 ? high
                                   : _mm256_srli_epi64(high, 2);
  return _mm256_or_si256(lower, _mm256_andnot_si256(_mm256_set1_epi8(15), upper));
}
BL_ALWAYS_INLINE vector codes_of_byte(code_run codes, size_t byte) {
  return _mm256_cvtepi32_ps(_mm256_and_si256(codes, _mm256_set1_epi32(63 << 8 * byte)));
}
BL_ALWAYS_INLINE group_scales load_group_scales(const uint8_t *scales, vector factor) {
  return multiply_vectors(load_int8(scales), factor);
}
BL_ALWAYS_INLINE vector scales_of_run(group_scales scales, size_t run) {
  const __m256i group = _mm256_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1);
  return _mm256_permutevar8x32_ps(scales, _mm256_add_epi32(group, _mm256_set1_epi32((int)run * 2)));
}

#endif
