#include "operands.h"

#include "random_numbers.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

const char *const fill_names[FILLS] = {"random", "largest", "smallest", "zero weights"};

size_t weight_bytes(bl_weight_kind kind) {
  return kind == BL_WEIGHTS_FLOAT ? sizeof(float) : sizeof(int8_t);
}

static size_t activation_bytes(bl_activation_kind kind) {
  return kind == BL_ACTIVATIONS_FLOAT ? sizeof(float) : sizeof(int8_t);
}

static void *allocate(size_t count, size_t bytes) {
  void *memory = calloc(count, bytes);
  if (!memory) {
    perror("no memory");
    exit(EXIT_FAILURE);
  }
  return memory;
}

// The least and greatest of a kind; kinds without a zero take only these two.
typedef struct range {
  int low, high;
  bool has_zero;
} range;

static range weight_range(bl_weight_kind kind) {
  if (kind == BL_WEIGHTS_INT8) return (range){-128, 127, true};
  return (range){-1, 1, kind == BL_WEIGHTS_TERNARY};
}

static range activation_range(bl_activation_kind kind) {
  switch (kind) {
    case BL_ACTIVATIONS_INT8:
      return (range){-128, 127, true};
    case BL_ACTIVATIONS_INT4:
      return (range){-8, 7, true};
    case BL_ACTIVATIONS_INT2:
      return (range){-2, 1, true};
    case BL_ACTIVATIONS_TERNARY:
      return (range){-1, 1, true};
    default:
      return (range){-1, 1, false};
  }
}

static void fill_integers(int8_t *values, size_t count, range range, fill fill, uint64_t *state) {
  for (size_t i = 0; i < count; i++) {
    int value = fill == FILL_LARGEST ? range.high : fill == FILL_SMALLEST ? range.low : 0;
    if (fill == FILL_RANDOM)
      value =
          range.has_zero ? random_integer(state, range.low, range.high) : random_integer(state, 0, 1) * 2 - 1;
    if (fill == FILL_ZERO_WEIGHTS) value = range.has_zero ? 0 : range.high;
    values[i] = (int8_t)value;
  }
}

static void fill_floats(float *values, size_t count, uint64_t *state) {
  for (size_t i = 0; i < count; i++) values[i] = random_float(state);
}

static void multiply_integers(operands *o) {
  o->product = allocate(o->m * o->n, sizeof *o->product);
  for (size_t token = 0; token < o->m; token++) {
    const int8_t *x = (const int8_t *)o->x.base + token * o->k;
    for (size_t row = 0; row < o->n; row++) {
      const int8_t *w = (const int8_t *)o->w.base + row * o->k;
      int32_t sum = 0;
      for (size_t i = 0; i < o->k; i++) sum += x[i] * w[i];
      o->product[token * o->n + row] = sum;
    }
  }
}

static void multiply_floats(operands *o) {
  o->float_product = allocate(o->m * o->n, sizeof(double));
  o->product_magnitudes = allocate(o->m * o->n, sizeof(double));
  o->activation_magnitudes = allocate(o->m, sizeof(double));
  for (size_t token = 0; token < o->m; token++) {
    const float *x = (const float *)o->x.base + token * o->k;
    for (size_t i = 0; i < o->k; i++) o->activation_magnitudes[token] += fabs((double)x[i]);
    for (size_t row = 0; row < o->n; row++) {
      const float *w = (const float *)o->w.base + row * o->k;
      double sum = 0, magnitudes = 0;
      for (size_t i = 0; i < o->k; i++) {
        const double product = (double)x[i] * (double)w[i];
        sum += product;
        magnitudes += fabs(product);
      }
      o->float_product[token * o->n + row] = sum;
      o->product_magnitudes[token * o->n + row] = magnitudes;
    }
  }
}

operands operands_make(const bl_kernel *kernel, size_t m, size_t n, size_t k, fill fill, uint64_t seed) {
  operands o = {.weight_kind = kernel->packing->weights,
                .activation_kind = kernel->activations,
                .m = m,
                .n = n,
                .k = k};
  uint64_t state = seed;
  o.w = guarded_allocate(n * k * weight_bytes(o.weight_kind), 0);
  o.x = guarded_allocate(m * k * activation_bytes(o.activation_kind), 0);
  if (o.weight_kind == BL_WEIGHTS_FLOAT) {
    fill_floats(o.w.base, n * k, &state);
    fill_floats(o.x.base, m * k, &state);
    multiply_floats(&o);
  } else {
    fill_integers(o.w.base, n * k, weight_range(o.weight_kind), fill, &state);
    fill_integers(o.x.base, m * k, activation_range(o.activation_kind),
                  fill == FILL_ZERO_WEIGHTS ? FILL_RANDOM : fill, &state);
    multiply_integers(&o);
  }
  return o;
}

void operands_free(operands *o) {
  guarded_free(o->w);
  guarded_free(o->x);
  free(o->product);
  free(o->float_product);
  free(o->product_magnitudes);
  free(o->activation_magnitudes);
}
