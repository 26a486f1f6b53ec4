// Rotary position embedding of heads side by side.
#ifndef BL_TRANSFORMER_ROTARY_H
#define BL_TRANSFORMER_ROTARY_H

static void rotate_halves(size_t half, const float *cosines, const float *sines, float *head) {
  float *low = head, *high = head + half;
  for (size_t i = 0; i < half; i += LANES) {
    const size_t count = bl_min(LANES, half - i);
    const vector cosine = load_part(cosines + i, count), sine = load_part(sines + i, count);
    const vector a = load_part(low + i, count), b = load_part(high + i, count);
    store_part(low + i, count, subtract_vectors(multiply_vectors(a, cosine), multiply_vectors(b, sine)));
    store_part(high + i, count, add_vectors(multiply_vectors(b, cosine), multiply_vectors(a, sine)));
  }
}

static void rotate_neighbours(size_t half, const float *cosines, const float *sines, float *restrict head) {
  for (size_t i = 0; i < half; i++) {
    const float a = head[2 * i], b = head[2 * i + 1];
    head[2 * i] = a * cosines[i] - b * sines[i];
    head[2 * i + 1] = b * cosines[i] + a * sines[i];
  }
}

static void rotate(bl_rotary_pairs pairs, size_t heads, size_t dimension, const float *cosines,
                   const float *sines, float *x) {
  for (size_t head = 0; head < heads; head++) {
    if (pairs == BL_ROTARY_HALVES)
      rotate_halves(dimension / 2, cosines, sines, x + head * dimension);
    else
      rotate_neighbours(dimension / 2, cosines, sines, x + head * dimension);
  }
}

#endif
