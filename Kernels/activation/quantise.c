// Activation quantisation, shared by all integer families: it is part of every operator's time.
//
// One portable body is compiled for each instruction set; the loops over 16 lanes are there for the
// compiler's vectoriser, and they fix the order of the additions, so that every instruction set gives the
// same bits.
#include "common/bl_math.h"
#include "common/bl_target.h"
#include "include/bitlab_kernels.h"

enum { LANES = 16 };

typedef struct {
  float levels;  // scale = levels / max|x|; 0 for kinds scaled by the mean
  float low, high;
} quantisation;

static quantisation quantisation_of(bl_activation_kind kind) {
  switch (kind) {
    case BL_ACTIVATIONS_INT8:
      return (quantisation){127, -128, 127};
    case BL_ACTIVATIONS_INT4:
      return (quantisation){7, -8, 7};
    case BL_ACTIVATIONS_INT2:
      return (quantisation){1, -2, 1};
    default:
      return (quantisation){0, -1, 1};
  }
}

BL_ALWAYS_INLINE float magnitude(float value) {
  return value < 0 ? -value : value;
}

BL_ALWAYS_INLINE float largest_magnitude(const float *x, size_t k) {
  float lanes[LANES] = {0};
  size_t i = 0;
  for (; i + LANES <= k; i += LANES)
    for (size_t lane = 0; lane < LANES; lane++) {
      const float value = magnitude(x[i + lane]);
      lanes[lane] = value > lanes[lane] ? value : lanes[lane];
    }
  for (; i < k; i++) lanes[0] = magnitude(x[i]) > lanes[0] ? magnitude(x[i]) : lanes[0];
  float largest = 0;
  for (size_t lane = 0; lane < LANES; lane++) largest = lanes[lane] > largest ? lanes[lane] : largest;
  return largest;
}

BL_ALWAYS_INLINE float mean_magnitude(const float *x, size_t k) {
  float lanes[LANES] = {0};
  size_t i = 0;
  for (; i + LANES <= k; i += LANES)
    for (size_t lane = 0; lane < LANES; lane++) lanes[lane] += magnitude(x[i + lane]);
  for (size_t lane = 0; i < k; i++, lane++) lanes[lane] += magnitude(x[i]);
  for (size_t half = LANES / 2; half > 0; half /= 2)
    for (size_t lane = 0; lane < half; lane++) lanes[lane] += lanes[lane + half];
  return lanes[0] / (float)k;
}

// Rounds half to even for |value| <= 2^22: adding 1.5 * 2^23 leaves no bits for a fraction. The sum has a
// name because some targets (FLT_EVAL_METHOD 1) would keep a nameless one in double precision.
BL_ALWAYS_INLINE int8_t round_clamped(float value, float low, float high) {
  value = value > low ? value : low;
  value = value < high ? value : high;
  const float shifted = value + 12582912.0f;
  return (int8_t)(int32_t)(shifted - 12582912.0f);
}

BL_ALWAYS_INLINE void quantise_token(quantisation to, bool signs, size_t k, const float *x, int8_t *q,
                                     float *scale) {
  const float smallest = 1e-5f;
  const float range = to.levels > 0 ? largest_magnitude(x, k) : mean_magnitude(x, k);
  const float factor = (to.levels > 0 ? to.levels : 1) / (range > smallest ? range : smallest);
  *scale = factor;
  if (signs) {
    for (size_t i = 0; i < k; i++) q[i] = x[i] >= 0 ? 1 : -1;
  } else {
    for (size_t i = 0; i < k; i++) q[i] = round_clamped(x[i] * factor, to.low, to.high);
  }
}

typedef void (*quantise_token_function)(quantisation, bool, size_t, const float *, int8_t *, float *);

static void quantise_token_scalar(quantisation to, bool signs, size_t k, const float *x, int8_t *q,
                                  float *scale) {
  quantise_token(to, signs, k, x, q, scale);
}

#if BL_X86
BL_TARGET_BEGIN_AVX2
static void quantise_token_avx2(quantisation to, bool signs, size_t k, const float *x, int8_t *q,
                                float *scale) {
  quantise_token(to, signs, k, x, q, scale);
}
BL_TARGET_END
BL_TARGET_BEGIN_AVX512
static void quantise_token_avx512(quantisation to, bool signs, size_t k, const float *x, int8_t *q,
                                  float *scale) {
  quantise_token(to, signs, k, x, q, scale);
}
BL_TARGET_END
#endif

static quantise_token_function quantise_token_for(uint32_t isa) {
#if BL_X86
  if (isa & BL_ISA_AVX512) return quantise_token_avx512;
  if (isa & BL_ISA_AVX2) return quantise_token_avx2;
#else
  (void)isa;
#endif
  return quantise_token_scalar;
}

void bl_quantise_activations(bl_activation_kind kind, uint32_t isa, size_t k, size_t m_begin, size_t m_end,
                             const float *x, int8_t *q, float *scale) {
  const quantise_token_function token_function = quantise_token_for(isa);
  const quantisation to = quantisation_of(kind);
  for (size_t token = m_begin; token < m_end; token++)
    token_function(to, kind == BL_ACTIVATIONS_SIGN, k, x + token * k, q + token * k, scale + token);
}
