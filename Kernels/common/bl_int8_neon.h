// Small NEON pieces shared by the integer dot-product kernels.
#ifndef BL_INT8_NEON_H
#define BL_INT8_NEON_H

#include "common/bl_math.h"
#include "common/bl_target.h"

#include <stdint.h>
#include <string.h>

#if BL_ARM64

// The first min(columns, 16) of x, then zeros.
BL_ALWAYS_INLINE int8x16_t bl_load_first_neon(const int8_t *x, size_t columns) {
  if (columns >= 16) return vld1q_s8(x);
  int8_t padded[16] = {0};
  memcpy(padded, x, columns);
  return vld1q_s8(padded);
}

// The sum of k activations: at most 2^15 times 128 before a lane of 32 bits takes it.
BL_ALWAYS_INLINE int32_t bl_sum_bytes_neon(const int8_t *x, size_t k) {
  int32x4_t sums = vdupq_n_s32(0);
  size_t i = 0;
  for (; i + 16 <= k; i += 16) sums = vpadalq_s16(sums, vpaddlq_s8(vld1q_s8(x + i)));
  int32_t sum = vaddvq_s32(sums);
  for (; i < k; i++) sum += x[i];
  return sum;
}

// The sums of the four elements of each of four vectors.
BL_ALWAYS_INLINE int32x4_t bl_sum_4x4_neon(int32x4_t a, int32x4_t b, int32x4_t c, int32x4_t d) {
  return vpaddq_s32(vpaddq_s32(a, b), vpaddq_s32(c, d));
}

// Sixteen bytes of each of four rows, `bytes` into them, as 32-bit elements: v[i] holds element i of the four
// rows.
BL_ALWAYS_INLINE void bl_load_4x4_neon(const uint8_t *const rows[4], size_t bytes, uint8x16_t v[4]) {
  uint32x4_t r[4];
  for (size_t i = 0; i < 4; i++) r[i] = vreinterpretq_u32_u8(vld1q_u8(rows[i] + bytes));
  const uint64x2_t a = vreinterpretq_u64_u32(vtrn1q_u32(r[0], r[1]));
  const uint64x2_t b = vreinterpretq_u64_u32(vtrn2q_u32(r[0], r[1]));
  const uint64x2_t c = vreinterpretq_u64_u32(vtrn1q_u32(r[2], r[3]));
  const uint64x2_t d = vreinterpretq_u64_u32(vtrn2q_u32(r[2], r[3]));
  v[0] = vreinterpretq_u8_u64(vtrn1q_u64(a, c));
  v[1] = vreinterpretq_u8_u64(vtrn1q_u64(b, d));
  v[2] = vreinterpretq_u8_u64(vtrn2q_u64(a, c));
  v[3] = vreinterpretq_u8_u64(vtrn2q_u64(b, d));
}

#endif
#endif
