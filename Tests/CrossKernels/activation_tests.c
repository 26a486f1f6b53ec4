#include "guarded_memory.h"
#include "include/bitlab_kernels.h"
#include "isa_levels.h"
#include "random_numbers.h"
#include "report.h"
#include "tests.h"

#include <math.h>
#include <string.h>

enum { TOKENS = 2, KINDS = 5 };

static const char *const kind_names[KINDS] = {"int8", "int4", "int2", "ternary", "sign"};

// ---- quantising ----

// What q must be with the scale that was chosen.
static int8_t quantised(bl_activation_kind kind, float x, float scale) {
  static const float low[] = {-128, -8, -2, -1}, high[] = {127, 7, 1, 1};
  if (kind == BL_ACTIVATIONS_SIGN) return x >= 0 ? 1 : -1;
  return (int8_t)fminf(fmaxf(rintf(x * scale), low[kind]), high[kind]);  // rintf: half to even
}

// The scale in double precision, of which the order of additions may cost a few bits.
static double exact_scale(bl_activation_kind kind, const float *x, size_t k) {
  static const double levels[] = {127, 7, 1};
  double largest = 0, sum = 0;
  for (size_t i = 0; i < k; i++) {
    largest = fmax(largest, fabs((double)x[i]));
    sum += fabs((double)x[i]);
  }
  if (kind == BL_ACTIVATIONS_TERNARY || kind == BL_ACTIVATIONS_SIGN) return 1 / fmax(sum / (double)k, 1e-5);
  return levels[kind] / fmax(largest, 1e-5);
}

static void check_quantised(bl_activation_kind kind, uint32_t isa, size_t k, const float *x, const int8_t *q,
                            const float *scales) {
  for (size_t token = 0; token < TOKENS; token++) {
    const double scale = exact_scale(kind, x + token * k, k);
    if (!(fabs((double)scales[token] - scale) <= scale * 1e-5))
      report_failure("ISA 0x%x, K=%zu: scale %g instead of %g", isa, k, (double)scales[token], scale);
    for (size_t i = token * k; i < (token + 1) * k && !report_has_failed(); i++) {
      const int8_t expected = quantised(kind, x[i], scales[token]);
      if (q[i] != expected)
        report_failure("ISA 0x%x, K=%zu: %g * %g gives %d instead of %d", isa, k, (double)x[i],
                       (double)scales[token], q[i], expected);
    }
  }
}

static void test_quantising(bl_activation_kind kind) {
  static const size_t widths[] = {1, 2, 15, 16, 17, 33, 100, 257, 1021};
  static const float magnitudes[] = {0, 1e-7f, 0.4f, 3, 1e20f};
  report_test("quantising to %s", kind_names[kind]);
  uint32_t isas[MOST_ISAS];
  const size_t levels = isa_levels(isas);
  uint64_t state = 5;
  for (size_t width = 0; width < sizeof widths / sizeof *widths; width++) {
    for (size_t magnitude = 0; magnitude < sizeof magnitudes / sizeof *magnitudes; magnitude++) {
      const size_t k = widths[width];
      const guarded_memory x = guarded_allocate(TOKENS * k * sizeof(float), 0);
      for (size_t i = 0; i < TOKENS * k; i++)
        ((float *)x.base)[i] = random_float(&state) * magnitudes[magnitude];
      const guarded_memory first = guarded_allocate(TOKENS * k, 0);
      float first_scales[TOKENS];
      for (size_t level = 0; level < levels && !report_has_failed(); level++) {
        const guarded_memory q = guarded_allocate(TOKENS * k, 99);
        float scales[TOKENS];
        bl_quantise_activations(kind, isas[level], k, 0, 1, x.base, q.base, scales);
        bl_quantise_activations(kind, isas[level], k, 1, TOKENS, x.base, q.base, scales);
        check_quantised(kind, isas[level], k, x.base, q.base, scales);
        if (level == 0) {
          memcpy(first.base, q.base, TOKENS * k);
          memcpy(first_scales, scales, sizeof scales);
        } else if (memcmp(first.base, q.base, TOKENS * k) != 0 ||
                   memcmp(first_scales, scales, sizeof scales) != 0) {
          report_failure("ISA 0x%x, K=%zu: other bits than in portable C", isas[level], k);
        }
        guarded_free(q);
      }
      guarded_free(first);
      guarded_free(x);
    }
  }
}

// ---- rescaling ----

static void test_rescaling(void) {
  enum { MOST = 100 };
  report_test("rescaling in place");
  uint32_t isas[MOST_ISAS];
  const size_t levels = isa_levels(isas);
  for (size_t level = 0; level < levels; level++) {
    for (size_t count = 0; count <= MOST; count++) {
      const guarded_memory y = guarded_allocate(count * sizeof(float), 0);
      int32_t sums[MOST];
      for (size_t i = 0; i < count; i++) sums[i] = (int32_t)i * 1000003 - 50000000;
      memcpy(y.base, sums, count * sizeof *sums);
      bl_rescale(isas[level], count, 0.125f, y.base, y.base);
      for (size_t i = 0; i < count && !report_has_failed(); i++)
        if (((float *)y.base)[i] != (float)sums[i] * 0.125f)
          report_failure("ISA 0x%x: %d * 0.125 gives %g", isas[level], sums[i], (double)((float *)y.base)[i]);
      guarded_free(y);
    }
  }
}

void test_activations(void) {
  for (int kind = 0; kind < KINDS; kind++) test_quantising((bl_activation_kind)kind);
  test_rescaling();
}
