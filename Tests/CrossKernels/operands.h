// Weights and activations of a trial, and what their product must be.
#ifndef CROSS_OPERANDS_H
#define CROSS_OPERANDS_H

#include "guarded_memory.h"
#include "include/bitlab_kernels.h"

// Random values, or the ones that make the largest sums.
typedef enum fill { FILL_RANDOM, FILL_LARGEST, FILL_SMALLEST, FILL_ZERO_WEIGHTS, FILLS } fill;

extern const char *const fill_names[FILLS];

typedef struct operands {
  bl_weight_kind weight_kind;
  bl_activation_kind activation_kind;
  size_t m, n, k;
  guarded_memory w, x;  // w[n][k] and x[m][k] in the C types of their kinds, guarded as the contract says
  // Of integers: the int32 product. Of floats: the product, and the sums that its error is measured against.
  int32_t *product;
  double *float_product, *product_magnitudes, *activation_magnitudes;
} operands;

size_t weight_bytes(bl_weight_kind kind);

operands operands_make(const bl_kernel *kernel, size_t m, size_t n, size_t k, fill fill, uint64_t seed);
void operands_free(operands *operands);

#endif
