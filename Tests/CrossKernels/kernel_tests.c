#include "report.h"
#include "tests.h"
#include "trial.h"

#include <string.h>

static bool is_offered(const bl_kernel *kernel) {
  return (kernel->isa & ~bl_cpu_isa()) == 0;
}

static bool is_float(const bl_kernel *kernel) {
  return kernel->packing->weights == BL_WEIGHTS_FLOAT;
}

// ---- exactness ----

#define COUNT(array) (sizeof(array) / sizeof *(array))

// One, primes, and just under, at and over the tiles of the kernels.
static const size_t tokens[] = {1, 2, 3, 4, 5, 8, 9, 12, 13, 37};
static const size_t rows[] = {1, 2, 15, 17, 31, 33, 63, 64, 67, 129};
static const size_t columns[] = {1,  2,  3,   4,   5,   7,   31,  32,  63,  64,
                                 65, 67, 127, 128, 129, 191, 255, 257, 511, 641};

// Of all combinations those with little work, and of the others every third: an emulator is slow.
static void test_awkward_shapes(const bl_kernel *kernel) {
  enum { CHEAP = 4000, EVERY = 3 };
  report_test("%s, awkward shapes", kernel->name);
  uint64_t seed = 0;
  for (size_t i = 0; i < COUNT(tokens); i++)
    for (size_t j = 0; j < COUNT(rows); j++)
      for (size_t l = 0; l < COUNT(columns) && !report_has_failed(); l++) {
        const trial trial = {kernel, tokens[i], rows[j], columns[l], FILL_RANDOM, ++seed};
        if (trial.m * trial.n * trial.k <= CHEAP || seed % EVERY == 0) trial_run(&trial);
      }
}

// The largest sums that narrow partial sums may meet: on the models' awkward widths, and far beyond them
// where int32 can hold the result.
static void test_extremes(const bl_kernel *kernel) {
  static const size_t shapes[][3] = {
      {1, 67, 8640}, {3, 65, 5460}, {13, 5, 8640}, {61, 5, 640}, {1, 1, 1100000}};
  const size_t most_columns =
      kernel->packing->weights == BL_WEIGHTS_INT8 ? INT32_MAX / (128 * 128) : (size_t)1 << 24;
  report_test("%s, extremes", kernel->name);
  for (size_t i = 0; i < COUNT(shapes); i++) {
    const size_t m = shapes[i][0], n = shapes[i][1], k = shapes[i][2];
    for (int fill = 0; fill < (is_float(kernel) ? 1 : FILLS) && !report_has_failed(); fill++)
      if (k <= most_columns) trial_run(&(trial){kernel, m, n, k, (enum fill)fill, 1 + i});
  }
}

// ---- descriptors ----

static bool are_variants(const bl_kernel *a, const bl_kernel *b) {
  return strcmp(a->family, b->family) == 0 && a->packing == b->packing && a->activations == b->activations;
}

static const bl_kernel *portable_variant(const bl_kernel *kernel) {
  for (size_t i = 0; i < bl_kernel_total(); i++) {
    const bl_kernel *other = bl_kernel_at(i);
    if (other->isa == BL_ISA_SCALAR && are_variants(kernel, other)) return other;
  }
  return NULL;
}

static bool operations_are_equal(const bl_cost *a, const bl_cost *b) {
  return a->adds == b->adds && a->multiplies == b->multiplies && a->table_reads == b->table_reads &&
         a->table_writes == b->table_writes && a->popcounts == b->popcounts &&
         a->logic_operations == b->logic_operations && a->weight_bytes == b->weight_bytes;
}

// A vector kernel executes the portable kernel's algorithm, so the two declare the same operations.
static void test_cost(const bl_kernel *kernel) {
  static const size_t shapes[][3] = {{1, 1, 1}, {1, 64, 60}, {1, 67, 129}, {3, 33, 257}, {13, 65, 640}};
  report_test("%s, cost", kernel->name);
  const bl_kernel *portable = portable_variant(kernel);
  if (!portable) {
    report_failure("has no portable variant");
    return;
  }
  for (size_t i = 0; i < COUNT(shapes); i++) {
    const size_t m = shapes[i][0], n = shapes[i][1], k = shapes[i][2];
    const bl_cost cost = kernel->cost(m, n, k, NULL), expected = portable->cost(m, n, k, NULL);
    if (!operations_are_equal(&cost, &expected))
      report_failure("M=%zu N=%zu K=%zu: not the operations of %s", m, n, k, portable->name);
    if (cost.activation_bytes != m * k * (is_float(kernel) ? sizeof(float) : 1) ||
        cost.output_bytes != m * n * sizeof(int32_t))
      report_failure("M=%zu N=%zu K=%zu: not the bytes of the operands", m, n, k);
  }
}

static bool has_text(const char *text) {
  return text && *text;
}

static void test_descriptor(const bl_kernel *kernel) {
  static const struct {
    const char *suffix;
    uint32_t isa;
  } sets[] = {
      {"-scalar", BL_ISA_SCALAR},
      {"-neon", BL_ISA_NEON},
      {"-neondotprod", BL_ISA_NEON | BL_ISA_NEON_DOTPROD},
      {"-neoni8mm", BL_ISA_NEON | BL_ISA_NEON_DOTPROD | BL_ISA_NEON_I8MM},
  };
  report_test("%s, descriptor", kernel->name);
  for (size_t i = 0; i < COUNT(sets); i++) {
    const char *suffix = strrchr(kernel->name, '-');
    if (suffix && strcmp(suffix, sets[i].suffix) == 0 && kernel->isa != sets[i].isa)
      report_failure("needs other instruction sets than its name says");
  }
  for (size_t i = 0; i < bl_kernel_total(); i++)
    if (bl_kernel_at(i) != kernel && strcmp(bl_kernel_at(i)->name, kernel->name) == 0)
      report_failure("not the only one of its name");
  if (!has_text(kernel->summary) || !has_text(kernel->source) || !has_text(kernel->explain))
    report_failure("a text is missing");
  if (kernel->m_tile == 0 || kernel->n_tile == 0 || kernel->n_tile % kernel->packing->n_multiple != 0)
    report_failure("impossible tiles");
  if (kernel->exact == is_float(kernel) || kernel->exact != (kernel->rounding_error == 0))
    report_failure("exactness and rounding error disagree");
}

void test_kernels(const char *part) {
  for (size_t i = 0; i < bl_kernel_total(); i++) {
    const bl_kernel *kernel = bl_kernel_at(i);
    if (!is_offered(kernel) || !strstr(kernel->name, part)) continue;
    test_descriptor(kernel);
    test_cost(kernel);
    test_awkward_shapes(kernel);
    test_extremes(kernel);
  }
}
