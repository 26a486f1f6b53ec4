// The two ways in which a feed-forward network's gate acts on its other half.
#ifndef BL_TRANSFORMER_GATES_H
#define BL_TRANSFORMER_GATES_H

#include "transformer/exponential.h"

BL_ALWAYS_INLINE vector squared_relu(vector gate, vector up) {
  const vector positive = larger(zero_vector(), gate);
  return multiply_vectors(multiply_vectors(positive, positive), up);
}

// The factor of gates up to LEAST_EXPONENT, below 2^-125, becomes 0.
BL_ALWAYS_INLINE vector silu(vector gate, vector up) {
  const vector e = exponential(subtract_vectors(zero_vector(), gate));
  const vector active = divide_vectors(gate, add_vectors(splat(1), e));
  return multiply_vectors(select_at_most(gate, splat(LEAST_EXPONENT), zero_vector(), active), up);
}

BL_ALWAYS_INLINE void apply_gate(vector (*function)(vector gate, vector up), size_t count, const float *gate,
                                 const float *up, float *y) {
  size_t i = 0;
  for (; i + LANES <= count; i += LANES)
    store_vector(y + i, function(load_vector(gate + i), load_vector(up + i)));
  const size_t rest = count - i;
  if (rest) store_part(y + i, rest, function(load_part(gate + i, rest), load_part(up + i, rest)));
}

static void gate_squared_relu(size_t count, const float *gate, const float *up, float *y) {
  apply_gate(squared_relu, count, gate, up, y);
}

static void gate_silu(size_t count, const float *gate, const float *up, float *y) {
  apply_gate(silu, count, gate, up, y);
}

#endif
