// Root mean square normalisation. Squares are added up in SUMS vectors of floats: the sum, of positive
// numbers, is off by at most (count / (SUMS * LANES) + 8) * 2^-24 of itself, and the result by half of that
// and four roundings.
#ifndef BL_TRANSFORMER_NORM_H
#define BL_TRANSFORMER_NORM_H

static float sum_of_squares(size_t count, const float *x) {
  enum { SUMS = 8 };
  vector sums[SUMS];
  BL_UNROLL
  for (size_t s = 0; s < SUMS; s++) sums[s] = zero_vector();
  size_t i = 0;
  for (; i + SUMS * LANES <= count; i += SUMS * LANES) {
    BL_UNROLL
    for (size_t s = 0; s < SUMS; s++) {
      const vector v = load_vector(x + i + s * LANES);
      sums[s] = multiply_add(v, v, sums[s]);
    }
  }
  for (; i < count; i += LANES) {
    const vector v = load_part(x + i, bl_min(LANES, count - i));
    sums[0] = multiply_add(v, v, sums[0]);
  }
  for (size_t half = SUMS / 2; half > 0; half /= 2)
    for (size_t s = 0; s < half; s++) sums[s] = add_vectors(sums[s], sums[s + half]);
  return sum_of_lanes(sums[0]);
}

static void rms_norm(size_t count, const float *x, const float *weight, float epsilon, float *y) {
  const float mean = sum_of_squares(count, x) / (float)count;
  const float factor = 1 / sqrtf(mean + epsilon);
  const vector factors = splat(factor);
  size_t i = 0;
  for (; i + LANES <= count; i += LANES)
    store_vector(y + i,
                 multiply_vectors(multiply_vectors(load_vector(x + i), factors), load_vector(weight + i)));
  const size_t rest = count - i;
  if (!rest) return;
  const vector scaled = multiply_vectors(load_part(x + i, rest), factors);
  store_part(y + i, rest, multiply_vectors(scaled, load_part(weight + i, rest)));
}

#endif
