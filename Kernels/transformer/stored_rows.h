// Rows as GGUF files store them, little-endian whatever the machine, decoded in portable C.
//
//   type       block                                              element i of the block
//   F32, F16,  one value
//   BF16
//   Q8_0       float16 d, int8 q[32]                              d * q[i]
//   Q4_0       float16 d, uint8 q[16]                             d * (n - 8), n the lower half of q[i],
//                                                                 or for i >= 16 the upper half of q[i - 16]
//   Q6_K       uint8 low[128], uint8 high[64], int8 scale[16],    d * scale[i / 16] * (n - 32)
//              float16 d                                          n: 4 bits of `low`, 2 bits of `high`
//
// In Q6_K each half of 128 elements has 64 bytes of `low` and 32 of `high`. Element e of a half, in the
// quarter e / 32: its low bits are in byte e % 64, in the upper half of it from e = 64 on, and its high bits
// in byte e % 32 at bit 2 * (e / 32).
#ifndef BL_STORED_ROWS_H
#define BL_STORED_ROWS_H

#include "common/bl_float_convert.h"
#include "include/bitlab_transformer.h"

enum {
  BL_Q8_0_ELEMENTS = 32,
  BL_Q8_0_BYTES = 34,
  BL_Q4_0_ELEMENTS = 32,
  BL_Q4_0_BYTES = 18,
  BL_Q6_K_ELEMENTS = 256,
  BL_Q6_K_BYTES = 210,
  BL_Q6_K_HIGH = 128,  // offsets in a block
  BL_Q6_K_SCALES = 192,
  BL_Q6_K_FACTOR = 208,
};

static inline uint16_t bl_stored_uint16(const uint8_t *from) {
  return (uint16_t)(from[0] | from[1] << 8);
}
static inline float bl_stored_float16(const uint8_t *from) {
  return bl_float_from_float16(bl_stored_uint16(from));
}
static inline float bl_stored_bfloat16(const uint8_t *from) {
  return bl_float_from_bfloat16(bl_stored_uint16(from));
}
static inline float bl_stored_float32(const uint8_t *from) {
  return bl_float_of_bits(bl_stored_uint16(from) | (uint32_t)bl_stored_uint16(from + 2) << 16);
}

static inline size_t bl_row_bytes(bl_row_type type, size_t k) {
  switch (type) {
    case BL_ROWS_FLOAT32:
      return k * sizeof(float);
    case BL_ROWS_FLOAT16:
    case BL_ROWS_BFLOAT16:
      return k * sizeof(uint16_t);
    case BL_ROWS_Q8_0:
      return k / BL_Q8_0_ELEMENTS * BL_Q8_0_BYTES;
    case BL_ROWS_Q4_0:
      return k / BL_Q4_0_ELEMENTS * BL_Q4_0_BYTES;
    case BL_ROWS_Q6_K:
      return k / BL_Q6_K_ELEMENTS * BL_Q6_K_BYTES;
  }
  return 0;
}

static inline void bl_widen_q8_0(const uint8_t *block, float *y) {
  const float d = bl_stored_float16(block);
  for (size_t i = 0; i < BL_Q8_0_ELEMENTS; i++) y[i] = d * (float)(int8_t)block[2 + i];
}

static inline void bl_widen_q4_0(const uint8_t *block, float *y) {
  enum { HALF = BL_Q4_0_ELEMENTS / 2 };
  const float d = bl_stored_float16(block);
  for (size_t i = 0; i < HALF; i++) {
    y[i] = d * (float)((block[2 + i] & 15) - 8);
    y[HALF + i] = d * (float)((block[2 + i] >> 4) - 8);
  }
}

// Element e of a half, whose low and high bits begin there.
static inline uint8_t bl_q6_k_code(const uint8_t *low_bits, const uint8_t *high_bits, size_t e) {
  const uint8_t low = low_bits[e % 64], high = high_bits[e % 32];
  return (uint8_t)((low >> (e < 64 ? 0 : 4) & 15) | (high >> (2 * (e / 32)) & 3) << 4);
}

static inline void bl_widen_q6_k(const uint8_t *block, float *y) {
  const float d = bl_stored_float16(block + BL_Q6_K_FACTOR);
  for (size_t i = 0; i < BL_Q6_K_ELEMENTS; i++) {
    const size_t half = i / 128;
    const uint8_t code = bl_q6_k_code(block + half * 64, block + BL_Q6_K_HIGH + half * 32, i % 128);
    const float scale = d * (float)(int8_t)block[BL_Q6_K_SCALES + i / 16];  // exact: 11 and 8 bits
    y[i] = scale * (float)(code - 32);
  }
}

#endif
