// Functions of one element at a time: addition, and narrowing for the cache of keys and values.
#ifndef BL_TRANSFORMER_ELEMENTWISE_H
#define BL_TRANSFORMER_ELEMENTWISE_H

static void add(size_t count, const float *x, float *y) {
  size_t i = 0;
  for (; i + LANES <= count; i += LANES)
    store_vector(y + i, add_vectors(load_vector(y + i), load_vector(x + i)));
  const size_t rest = count - i;
  if (rest) store_part(y + i, rest, add_vectors(load_part(y + i, rest), load_part(x + i, rest)));
}

static void narrow_float16(size_t count, const float *x, uint16_t *y) {
  size_t i = 0;
  for (; i + LANES <= count; i += LANES) store_float16(y + i, load_vector(x + i));
  for (; i < count; i++) y[i] = bl_float16_from_float(x[i]);
}

#endif
