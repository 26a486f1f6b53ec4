// Conversions between float and the 16-bit formats in portable C: exact when widening, to nearest with ties
// to even when narrowing, as IEEE 754 and F16C do. Without tables, and widening selects instead of branching,
// so that compilers can vectorise loops over it.
#ifndef BL_FLOAT_CONVERT_H
#define BL_FLOAT_CONVERT_H

#include <stdint.h>
#include <string.h>

// And, or and shift operations in one widening, for cost formulae.
enum { BL_FLOAT16_WIDEN_LOGIC = 6, BL_BFLOAT16_WIDEN_LOGIC = 1 };

static inline uint32_t bl_bits_of_float(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}
static inline float bl_float_of_bits(uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

// IEEE binary16 (5 exponent bits of bias 15, 10 mantissa bits) to float: subnormals, infinities and NaN too.
static inline float bl_float_from_float16(uint16_t half) {
  const uint32_t exponent_mask = 0x1fu << 23;
  const uint32_t magnitude = (uint32_t)(half & 0x7fff) << 13;
  const uint32_t exponent = magnitude & exponent_mask;
  // The exponent's bias grows from 15 to 127, and by as much again where all ones mean infinity or NaN.
  const uint32_t rebased = magnitude + ((127u - 15) << 23);
  const uint32_t finite_or_not = exponent == exponent_mask ? rebased + ((127u - 15) << 23) : rebased;
  // A subnormal is mantissa * 2^-24: put the mantissa behind a leading one of value 2^-14 and take that away.
  const uint32_t two_to_minus_14 = (127u - 14) << 23;
  const float subnormal = bl_float_of_bits(magnitude + two_to_minus_14) - bl_float_of_bits(two_to_minus_14);
  const uint32_t unsigned_bits = exponent == 0 ? bl_bits_of_float(subnormal) : finite_or_not;
  return bl_float_of_bits(unsigned_bits | (uint32_t)(half & 0x8000) << 16);
}

// Magnitudes of 65520 and more become infinite, those below 2^-14 lose bits, 2^-25 and less become zero.
static inline uint16_t bl_float16_from_float(float value) {
  const uint32_t bits = bl_bits_of_float(value);
  const uint32_t magnitude = bits & 0x7fffffff;
  const uint32_t infinity = 0x7f800000, two_to_16 = (127u + 16) << 23, two_to_minus_14 = (127u - 14) << 23;
  uint32_t half;
  if (magnitude > infinity) {
    half = 0x7e00;
  } else if (magnitude >= two_to_16) {
    half = 0x7c00;
  } else if (magnitude < two_to_minus_14) {
    // Adding 1/2, whose last bit has the value 2^-24 of a subnormal's, lets the adder do the rounding.
    const float aligned = bl_float_of_bits(magnitude) + 0.5f;
    half = bl_bits_of_float(aligned) - bl_bits_of_float(0.5f);
  } else {
    const uint32_t odd = (magnitude >> 13) & 1;
    half = (magnitude - ((127u - 15) << 23) + 0xfff + odd) >> 13;
  }
  return (uint16_t)(half | (bits >> 16 & 0x8000));
}

// bfloat16 is the upper half of a float.
static inline float bl_float_from_bfloat16(uint16_t upper_half) {
  return bl_float_of_bits((uint32_t)upper_half << 16);
}

static inline uint16_t bl_bfloat16_from_float(float value) {
  const uint32_t bits = bl_bits_of_float(value);
  if ((bits & 0x7fffffff) > 0x7f800000) return (uint16_t)(bits >> 16 | 0x40);  // rounding must not lose a NaN
  return (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

#endif
