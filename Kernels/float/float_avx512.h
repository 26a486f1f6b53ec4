// The vectors of the float kernels for AVX-512: 16 rows each, a register tile of 2 vectors x 14 tokens (28
// sums, 2 weights, 1 activation of 32 registers).
#ifndef BL_FLOAT_AVX512_H
#define BL_FLOAT_AVX512_H

#define TOKENS 14
enum {
  LANES = 16,
  VECTORS = 2,         // V of the register tile
  STREAM_VECTORS = 4,  // V for a single token, which leaves room for more rows
};
// Half of the smallest L2 cache found with AVX-512 (1 MiB).
enum { ACTIVATION_CACHE_BYTES = 512 << 10 };

typedef __m512 vector;

BL_ALWAYS_INLINE vector zero_vector(void) {
  return _mm512_setzero_ps();
}
BL_ALWAYS_INLINE vector load_vector(const float *from) {
  return _mm512_loadu_ps(from);
}
BL_ALWAYS_INLINE void store_vector(float *to, vector v) {
  _mm512_storeu_ps(to, v);
}
BL_ALWAYS_INLINE vector add_vectors(vector a, vector b) {
  return _mm512_add_ps(a, b);
}
BL_ALWAYS_INLINE vector multiply_add_floats(vector w, const float *x, vector sum) {
  return _mm512_fmadd_ps(w, _mm512_set1_ps(*x), sum);
}

#endif
