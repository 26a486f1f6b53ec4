// The vectors of the float kernels for NEON: 4 rows each, a register tile of 4 vectors x 6 tokens (24 sums, 4
// weights, and activations of which each multiplies from lane 0 of a register: 32 in all).
#ifndef BL_FLOAT_NEON_H
#define BL_FLOAT_NEON_H

#define TOKENS 6
enum {
  LANES = 4,
  VECTORS = 4,         // V of the register tile
  STREAM_VECTORS = 8,  // V for a single token, which leaves room for more rows
};
// Half of the smallest L2 cache of a core that is found with NEON and out-of-order execution (256 KiB).
enum { ACTIVATION_CACHE_BYTES = 128 << 10 };

typedef float32x4_t vector;

BL_ALWAYS_INLINE vector zero_vector(void) {
  return vdupq_n_f32(0);
}
BL_ALWAYS_INLINE vector load_vector(const float *from) {
  return vld1q_f32(from);
}
BL_ALWAYS_INLINE void store_vector(float *to, vector v) {
  vst1q_f32(to, v);
}
BL_ALWAYS_INLINE vector add_vectors(vector a, vector b) {
  return vaddq_f32(a, b);
}
BL_ALWAYS_INLINE float32x4_t load_activations(const float *x) {
  return vld1q_f32(x);
}
BL_ALWAYS_INLINE vector multiply_add(vector w, const float *x, vector sum) {
  return vfmaq_n_f32(sum, w, *x);
}

#endif
