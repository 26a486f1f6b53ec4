// What prepare() leaves for the integer dot-product kernels: one start value per token, then the activations
// in whatever order the kernel reads them.
//
//   prepared:  int32 start[m], padded to 64 bytes | activations
//
// Codes are unsigned (weight + zero point) because the multiply instructions take one unsigned operand, so
// dot(weights, x) = dot(codes, x) - zero point * sum(x): sums begin at start = -zero point * sum(x).
#ifndef BL_INT8_PREPARED_H
#define BL_INT8_PREPARED_H

#include "common/bl_math.h"
#include "include/bitlab_kernels.h"

static inline size_t bl_int8_starts_bytes(size_t m) {
  return bl_round_up(m * sizeof(int32_t), BL_ALIGNMENT_BYTES);
}

// Bytes for m tokens of `activation_bytes` each.
static inline size_t bl_int8_prepared_bytes(size_t m, size_t activation_bytes) {
  return bl_int8_starts_bytes(m) + m * activation_bytes;
}

static inline int32_t *bl_int8_starts(const void *prepared) {
  return (int32_t *)(uintptr_t)prepared;
}

static inline int8_t *bl_int8_activations(const void *prepared, size_t m) {
  return (int8_t *)(uintptr_t)prepared + bl_int8_starts_bytes(m);
}

#endif
