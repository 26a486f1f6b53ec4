// Activation quantisation, shared by all integer families: it is part of every operator's time.
//
// Every instruction set gives the same bits: the mean is added up in 16 lanes whatever the vectors, a maximum
// does not depend on the order, and all round half to even.
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
  return __builtin_fabsf(value);
}

BL_ALWAYS_INLINE float largest_magnitude(const float *x, size_t k) {
  float largest = 0;
  for (size_t i = 0; i < k; i++) {
    const float value = magnitude(x[i]);
    largest = value > largest ? value : largest;
  }
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

// What an instruction set brings: the largest magnitude of a token, whose order does not matter, and the
// rounded columns begin..end, or their signs.
typedef struct {
  float (*largest)(const float *x, size_t k);
  float (*mean)(const float *x, size_t k);
  void (*round)(quantisation to, float factor, const float *x, int8_t *q, size_t begin, size_t end);
  void (*sign)(const float *x, int8_t *q, size_t begin, size_t end);
} quantiser;

static void round_columns(quantisation to, float factor, const float *x, int8_t *q, size_t begin,
                          size_t end) {
  for (size_t i = begin; i < end; i++) q[i] = round_clamped(x[i] * factor, to.low, to.high);
}

BL_ALWAYS_INLINE void sign_columns(const float *x, int8_t *q, size_t begin, size_t end) {
  for (size_t i = begin; i < end; i++) q[i] = x[i] >= 0 ? 1 : -1;
}

static const quantiser quantiser_scalar = {largest_magnitude, mean_magnitude, round_columns, sign_columns};

#if BL_X86
BL_TARGET_BEGIN_AVX2

static float largest_magnitude_avx2(const float *x, size_t k) {
  enum { VECTORS = 4, FLOATS = 8 * VECTORS };
  const __m256 no_sign = _mm256_castsi256_ps(_mm256_set1_epi32(INT32_MAX));
  __m256 most[VECTORS];
  for (size_t v = 0; v < VECTORS; v++) most[v] = _mm256_setzero_ps();
  size_t i = 0;
  for (; i + FLOATS <= k; i += FLOATS)
    for (size_t v = 0; v < VECTORS; v++)
      most[v] = _mm256_max_ps(most[v], _mm256_and_ps(_mm256_loadu_ps(x + i + 8 * v), no_sign));
  float lanes[8];
  _mm256_storeu_ps(lanes, _mm256_max_ps(_mm256_max_ps(most[0], most[1]), _mm256_max_ps(most[2], most[3])));
  const float whole = largest_magnitude(lanes, 8), rest = largest_magnitude(x + i, k - i);
  return whole > rest ? whole : rest;
}

static float mean_magnitude_avx2(const float *x, size_t k) {
  return mean_magnitude(x, k);
}

static void sign_columns_avx2(const float *x, int8_t *q, size_t begin, size_t end) {
  sign_columns(x, q, begin, end);
}

static void round_columns_avx2(quantisation to, float factor, const float *x, int8_t *q, size_t begin,
                               size_t end) {
  const __m256 factors = _mm256_set1_ps(factor), low = _mm256_set1_ps(to.low), high = _mm256_set1_ps(to.high);
  const __m256i order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
  size_t i = begin;
  for (; i + 32 <= end; i += 32) {
    __m256i rounded[4];
    for (size_t v = 0; v < 4; v++) {
      const __m256 value = _mm256_mul_ps(_mm256_loadu_ps(x + i + 8 * v), factors);
      const __m256 clamped = _mm256_min_ps(_mm256_max_ps(value, low), high);
      rounded[v] =
          _mm256_cvtps_epi32(_mm256_round_ps(clamped, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
    }
    const __m256i bytes = _mm256_packs_epi16(_mm256_packs_epi32(rounded[0], rounded[1]),
                                             _mm256_packs_epi32(rounded[2], rounded[3]));
    _mm256_storeu_si256((__m256i *)(q + i), _mm256_permutevar8x32_epi32(bytes, order));
  }
  round_columns(to, factor, x, q, i, end);
}

BL_TARGET_END
static const quantiser quantiser_avx2 = {largest_magnitude_avx2, mean_magnitude_avx2, round_columns_avx2,
                                         sign_columns_avx2};

BL_TARGET_BEGIN_AVX512

static float largest_magnitude_avx512(const float *x, size_t k) {
  enum { VECTORS = 4, FLOATS = 16 * VECTORS };
  __m512 most[VECTORS];
  for (size_t v = 0; v < VECTORS; v++) most[v] = _mm512_setzero_ps();
  size_t i = 0;
  for (; i + FLOATS <= k; i += FLOATS)
    for (size_t v = 0; v < VECTORS; v++)
      most[v] = _mm512_max_ps(most[v], _mm512_abs_ps(_mm512_loadu_ps(x + i + 16 * v)));
  for (; i < k; i += 16) {
    const __mmask16 exists = k - i >= 16 ? 0xffff : (__mmask16)((1u << (k - i)) - 1);
    most[0] = _mm512_max_ps(most[0], _mm512_abs_ps(_mm512_maskz_loadu_ps(exists, x + i)));
  }
  return _mm512_reduce_max_ps(
      _mm512_max_ps(_mm512_max_ps(most[0], most[1]), _mm512_max_ps(most[2], most[3])));
}

static float mean_magnitude_avx512(const float *x, size_t k) {
  return mean_magnitude(x, k);
}

static void sign_columns_avx512(const float *x, int8_t *q, size_t begin, size_t end) {
  sign_columns(x, q, begin, end);
}

BL_ALWAYS_INLINE __m512i round_vector_avx512(quantisation to, float factor, __m512 x) {
  const __m512 value = _mm512_mul_ps(x, _mm512_set1_ps(factor));
  const __m512 clamped = _mm512_min_ps(_mm512_max_ps(value, _mm512_set1_ps(to.low)), _mm512_set1_ps(to.high));
  return _mm512_cvt_roundps_epi32(clamped, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
}

// Whole vectors of bytes are put together in registers: a narrowing store of a part takes AMD's cores as long
// as all the arithmetic of 64 columns.
static void round_columns_avx512(quantisation to, float factor, const float *x, int8_t *q, size_t begin,
                                 size_t end) {
  const __m512i order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
  size_t i = begin;
  for (; i + 64 <= end; i += 64) {
    __m512i rounded[4];
    for (size_t v = 0; v < 4; v++)
      rounded[v] = round_vector_avx512(to, factor, _mm512_loadu_ps(x + i + 16 * v));
    const __m512i bytes = _mm512_packs_epi16(_mm512_packs_epi32(rounded[0], rounded[1]),
                                             _mm512_packs_epi32(rounded[2], rounded[3]));
    _mm512_storeu_si512(q + i, _mm512_permutexvar_epi32(order, bytes));
  }
  for (; i < end; i += 16) {
    const __mmask16 exists = end - i >= 16 ? 0xffff : (__mmask16)((1u << (end - i)) - 1);
    const __m512i rounded = round_vector_avx512(to, factor, _mm512_maskz_loadu_ps(exists, x + i));
    _mm512_mask_cvtepi32_storeu_epi8(q + i, exists, rounded);
  }
}

BL_TARGET_END
static const quantiser quantiser_avx512 = {largest_magnitude_avx512, mean_magnitude_avx512,
                                           round_columns_avx512, sign_columns_avx512};
#endif

static const quantiser *quantiser_for(uint32_t isa) {
#if BL_X86
  if (isa & BL_ISA_AVX512) return &quantiser_avx512;
  if (isa & BL_ISA_AVX2) return &quantiser_avx2;
#else
  (void)isa;
#endif
  return &quantiser_scalar;
}

void bl_quantise_columns(bl_activation_kind kind, uint32_t isa, size_t k, size_t k_begin, size_t k_end,
                         const float *x, int8_t *q, float *scale) {
  const quantiser *quantiser = quantiser_for(isa);
  const quantisation to = quantisation_of(kind);
  const float smallest = 1e-5f;
  const float range = to.levels > 0 ? quantiser->largest(x, k) : quantiser->mean(x, k);
  const float factor = (to.levels > 0 ? to.levels : 1) / (range > smallest ? range : smallest);
  *scale = factor;
  if (kind == BL_ACTIVATIONS_SIGN) {
    quantiser->sign(x, q, k_begin, k_end);
  } else {
    quantiser->round(to, factor, x, q, k_begin, k_end);
  }
}

void bl_quantise_activations(bl_activation_kind kind, uint32_t isa, size_t k, size_t m_begin, size_t m_end,
                             const float *x, int8_t *q, float *scale) {
  for (size_t token = m_begin; token < m_end; token++)
    bl_quantise_columns(kind, isa, k, 0, k, x + token * k, q + token * k, scale + token);
}
