// Four floats as a structure, which compilers keep in registers, in vector ones where they have them.
#ifndef BL_TRANSFORMER_VECTORS_SCALAR_H
#define BL_TRANSFORMER_VECTORS_SCALAR_H

enum { LANES = 4, TILE_ELEMENTS = 4, TILE_VECTORS = 1, CHUNK_SUMS = 8 };

typedef struct vector {
  float lane[LANES];
} vector;

#define EACH_LANE(expression)                                       \
  vector result;                                                    \
  BL_UNROLL                                                         \
  for (size_t i = 0; i < LANES; i++) result.lane[i] = (expression); \
  return result

BL_ALWAYS_INLINE vector splat(float value) {
  EACH_LANE(value);
}
BL_ALWAYS_INLINE vector zero_vector(void) {
  return splat(0);
}
BL_ALWAYS_INLINE vector load_vector(const float *from) {
  EACH_LANE(from[i]);
}
// The first `count` elements, zeros behind them.
BL_ALWAYS_INLINE vector load_part(const float *from, size_t count) {
  EACH_LANE(i < count ? from[i] : 0);
}
BL_ALWAYS_INLINE void store_part(float *to, size_t count, vector v) {
  for (size_t i = 0; i < count; i++) to[i] = v.lane[i];
}
BL_ALWAYS_INLINE void store_vector(float *to, vector v) {
  store_part(to, LANES, v);
}
BL_ALWAYS_INLINE vector load_float16(const uint16_t *from) {
  EACH_LANE(bl_float_from_float16(from[i]));
}
BL_ALWAYS_INLINE vector load_float16_part(const uint16_t *from, size_t count) {
  EACH_LANE(i < count ? bl_float_from_float16(from[i]) : 0);
}
BL_ALWAYS_INLINE void store_float16(uint16_t *to, vector v) {
  for (size_t i = 0; i < LANES; i++) to[i] = bl_float16_from_float(v.lane[i]);
}
BL_ALWAYS_INLINE vector load_stored_float32(const uint8_t *from) {
  EACH_LANE(bl_stored_float32(from + i * sizeof(float)));
}
BL_ALWAYS_INLINE vector load_stored_float16(const uint8_t *from) {
  EACH_LANE(bl_stored_float16(from + i * sizeof(uint16_t)));
}
BL_ALWAYS_INLINE vector load_stored_bfloat16(const uint8_t *from) {
  EACH_LANE(bl_stored_bfloat16(from + i * sizeof(uint16_t)));
}
BL_ALWAYS_INLINE vector load_int8(const uint8_t *from) {
  EACH_LANE((float)(int8_t)from[i]);
}
// The lower and the upper half of each byte, less 8.
BL_ALWAYS_INLINE void load_nibbles(const uint8_t *from, vector *low, vector *high) {
  for (size_t i = 0; i < LANES; i++) {
    low->lane[i] = (float)((from[i] & 15) - 8);
    high->lane[i] = (float)((from[i] >> 4) - 8);
  }
}
BL_ALWAYS_INLINE vector splat_stored_float16(const uint8_t *from) {
  return splat(bl_stored_float16(from));
}
BL_ALWAYS_INLINE vector add_vectors(vector a, vector b) {
  EACH_LANE(a.lane[i] + b.lane[i]);
}
BL_ALWAYS_INLINE vector subtract_vectors(vector a, vector b) {
  EACH_LANE(a.lane[i] - b.lane[i]);
}
BL_ALWAYS_INLINE vector multiply_vectors(vector a, vector b) {
  EACH_LANE(a.lane[i] * b.lane[i]);
}
BL_ALWAYS_INLINE vector divide_vectors(vector a, vector b) {
  EACH_LANE(a.lane[i] / b.lane[i]);
}
// a * b + c, rounded once or twice.
BL_ALWAYS_INLINE vector multiply_add(vector a, vector b, vector c) {
  EACH_LANE(a.lane[i] * b.lane[i] + c.lane[i]);
}
// b where either is not a number.
BL_ALWAYS_INLINE vector larger(vector a, vector b) {
  EACH_LANE(a.lane[i] > b.lane[i] ? a.lane[i] : b.lane[i]);
}
BL_ALWAYS_INLINE vector smaller(vector a, vector b) {
  EACH_LANE(a.lane[i] < b.lane[i] ? a.lane[i] : b.lane[i]);
}
// a <= b ? yes : no
BL_ALWAYS_INLINE vector select_at_most(vector a, vector b, vector yes, vector no) {
  EACH_LANE(a.lane[i] <= b.lane[i] ? yes.lane[i] : no.lane[i]);
}
// To nearest, for magnitudes up to 2^22: adding 1.5 * 2^23 leaves no bits for a fraction. The sum is a vector
// of its own because some targets (FLT_EVAL_METHOD 1) would keep a nameless one in double precision.
BL_ALWAYS_INLINE vector whole_part(vector v) {
  const vector shift = splat(12582912.0f), shifted = add_vectors(v, shift);
  return subtract_vectors(shifted, shift);
}
// v * 2^power for whole powers; v and the result are normal numbers. Bits of `power` + 1.5 * 2^23 end in it.
BL_ALWAYS_INLINE vector scale_by_power(vector v, vector power) {
  const vector shifted = add_vectors(power, splat(12582912.0f));
  EACH_LANE(bl_float_of_bits(bl_bits_of_float(v.lane[i]) + (bl_bits_of_float(shifted.lane[i]) << 23)));
}

// There are registers enough.
BL_ALWAYS_INLINE void finish_before_next(vector *sum) {
  (void)sum;
}

// Rows become columns.
BL_ALWAYS_INLINE void transpose_vectors(vector v[LANES]) {
  vector columns[LANES];
  BL_UNROLL
  for (size_t i = 0; i < LANES; i++) {
    BL_UNROLL
    for (size_t j = 0; j < LANES; j++) columns[j].lane[i] = v[i].lane[j];
  }
  BL_UNROLL
  for (size_t i = 0; i < LANES; i++) v[i] = columns[i];
}

BL_ALWAYS_INLINE float sum_of_lanes(vector v) {
  return (v.lane[0] + v.lane[1]) + (v.lane[2] + v.lane[3]);
}
// Lane i is the sum of v[i].
BL_ALWAYS_INLINE vector sums_of_vectors(const vector v[LANES]) {
  EACH_LANE(sum_of_lanes(v[i]));
}

// ---- Q6_K (transformer/rows_q6_k.h) ----

typedef struct code_run {
  uint8_t code[4 * LANES];
} code_run;
typedef struct group_scales {
  float group[8];
} group_scales;

BL_ALWAYS_INLINE code_run load_code_run(const uint8_t *low_bits, const uint8_t *high_bits, size_t run) {
  code_run codes;
  for (size_t i = 0; i < sizeof codes.code; i++)
    codes.code[i] = bl_q6_k_code(low_bits, high_bits, run * sizeof codes.code + i);
  return codes;
}
BL_ALWAYS_INLINE vector codes_of_byte(code_run codes, size_t byte) {
  EACH_LANE((float)((uint32_t)codes.code[4 * i + byte] << 8 * byte));
}
BL_ALWAYS_INLINE group_scales load_group_scales(const uint8_t *scales, vector factor) {
  group_scales result;
  for (size_t i = 0; i < 8; i++) result.group[i] = factor.lane[0] * (float)(int8_t)scales[i];
  return result;
}
BL_ALWAYS_INLINE vector scales_of_run(group_scales scales, size_t run) {
  return splat(scales.group[run]);  // a run of 16 codes is a group
}

#endif
