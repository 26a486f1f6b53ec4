// The vectors of the float kernels for AVX2 and FMA: 8 rows each, a register tile of 2 vectors x 6 tokens (12
// sums, 2 weights, 1 activation of 16 registers).
#ifndef BL_FLOAT_AVX2_H
#define BL_FLOAT_AVX2_H

#define TOKENS 6
enum {
  LANES = 8,
  VECTORS = 2,         // V of the register tile
  STREAM_VECTORS = 4,  // V for a single token, which leaves room for more rows
};
// Half of the smallest L2 cache found with AVX2 (256 KiB).
enum { ACTIVATION_CACHE_BYTES = 128 << 10 };

typedef __m256 vector;

BL_ALWAYS_INLINE vector zero_vector(void) {
  return _mm256_setzero_ps();
}
BL_ALWAYS_INLINE vector load_vector(const float *from) {
  return _mm256_loadu_ps(from);
}
BL_ALWAYS_INLINE void store_vector(float *to, vector v) {
  _mm256_storeu_ps(to, v);
}
BL_ALWAYS_INLINE vector add_vectors(vector a, vector b) {
  return _mm256_add_ps(a, b);
}
BL_ALWAYS_INLINE vector multiply_add_floats(vector w, const float *x, vector sum) {
  return _mm256_fmadd_ps(w, _mm256_set1_ps(*x), sum);
}

#endif
