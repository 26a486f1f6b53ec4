// The transformer's functions at every instruction set level against double precision.
#include "guarded_memory.h"
#include "include/bitlab_kernels.h"
#include "include/bitlab_transformer.h"
#include "isa_levels.h"
#include "random_numbers.h"
#include "report.h"
#include "tests.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const size_t counts[] = {1, 2, 7, 15, 16, 17, 63, 64, 65, 127, 256, 1000};
enum { COUNTS = sizeof counts / sizeof *counts };

static guarded_memory random_floats(size_t count, uint64_t *state, float magnitude) {
  const guarded_memory memory = guarded_allocate(count * sizeof(float), 0);
  for (size_t i = 0; i < count; i++) ((float *)memory.base)[i] = random_float(state) * magnitude;
  return memory;
}

static void check(const char *what, uint32_t isa, size_t at, double value, double expected, double bound) {
  if (!(fabs(value - expected) <= bound) && !report_has_failed())
    report_failure("%s, ISA 0x%x, element %zu: %.9g instead of %.9g, bound %g", what, isa, at, value,
                   expected, bound);
}

// ---- one element at a time, and the norm ----

static void test_vectors_of(uint32_t isa, size_t count) {
  uint64_t state = count;
  const guarded_memory x = random_floats(count, &state, 20), w = random_floats(count, &state, 2);
  const guarded_memory y = random_floats(count, &state, 1),
                       halves = guarded_allocate(count * sizeof(uint16_t), 0);
  const float *in = x.base, *up = w.base;
  float *out = y.base;

  double squares = 0;
  for (size_t i = 0; i < count; i++) squares += (double)in[i] * (double)in[i];
  const double factor = 1 / sqrt(squares / (double)count + 1e-5);
  bl_rms_norm(isa, count, in, up, 1e-5f, out);
  for (size_t i = 0; i < count; i++) {
    const double expected = (double)in[i] * factor * (double)up[i];
    check("norm", isa, i, (double)out[i], expected, fabs(expected) * 5e-6);
  }
  bl_gate_silu(isa, count, in, up, out);
  for (size_t i = 0; i < count; i++) {
    const double expected = (double)in[i] / (1 + exp(-(double)in[i])) * (double)up[i];
    check("silu", isa, i, (double)out[i], expected, fabs(expected) * 0x1p-20);
  }
  bl_gate_squared_relu(isa, count, in, up, out);
  for (size_t i = 0; i < count; i++) {
    const double positive = fmax((double)in[i], 0), expected = positive * positive * (double)up[i];
    check("squared ReLU", isa, i, (double)out[i], expected, fabs(expected) * 0x1p-22);
  }
  memcpy(out, up, count * sizeof *out);
  bl_add(isa, count, in, out);
  for (size_t i = 0; i < count; i++)
    check("add", isa, i, (double)out[i], (double)in[i] + (double)up[i], fabs((double)out[i]) * 0x1p-23);
  bl_narrow_float16(isa, count, in, halves.base);
  for (size_t i = 0; i < count; i++) {
    const uint16_t half = ((uint16_t *)halves.base)[i];
    const uint8_t stored[2] = {(uint8_t)half, (uint8_t)(half >> 8)};
    float back;
    bl_widen_row(isa, BL_ROWS_FLOAT16, 1, stored, &back);
    check("narrow", isa, i, (double)back, (double)in[i], fabs((double)in[i]) * 0x1p-11 + 0x1p-25);
  }
  guarded_free(x), guarded_free(w), guarded_free(y), guarded_free(halves);
}

static void test_rotation(uint32_t isa, bl_rotary_pairs pairs, size_t half) {
  enum { HEADS = 3 };
  uint64_t state = half;
  const guarded_memory x = random_floats(HEADS * 2 * half, &state, 1),
                       angles = random_floats(2 * half, &state, 1);
  const guarded_memory y = guarded_allocate(HEADS * 2 * half * sizeof(float), 0);
  const float *in = x.base, *cosines = angles.base, *sines = cosines + half;
  float *out = y.base;
  memcpy(out, in, HEADS * 2 * half * sizeof *out);
  bl_rotate(isa, pairs, HEADS, 2 * half, cosines, sines, out);
  for (size_t head = 0; head < HEADS; head++) {
    for (size_t i = 0; i < half; i++) {
      const size_t a = head * 2 * half + (pairs == BL_ROTARY_HALVES ? i : 2 * i);
      const size_t b = a + (pairs == BL_ROTARY_HALVES ? half : 1);
      const double c = (double)cosines[i], s = (double)sines[i];
      check("rotary", isa, a, (double)out[a], (double)in[a] * c - (double)in[b] * s, 0x1p-22);
      check("rotary", isa, b, (double)out[b], (double)in[b] * c + (double)in[a] * s, 0x1p-22);
    }
  }
  guarded_free(x), guarded_free(angles), guarded_free(y);
}

// ---- stored rows ----

static const struct {
  bl_row_type type;
  const char *name;
  size_t elements, bytes;
} types[] = {
    {BL_ROWS_FLOAT32, "F32", 1, 4}, {BL_ROWS_FLOAT16, "F16", 1, 2}, {BL_ROWS_BFLOAT16, "BF16", 1, 2},
    {BL_ROWS_Q8_0, "Q8_0", 32, 34}, {BL_ROWS_Q4_0, "Q4_0", 32, 18}, {BL_ROWS_Q6_K, "Q6_K", 256, 210},
};

static double half_value(const uint8_t *bytes) {
  const unsigned half = bytes[0] | (unsigned)bytes[1] << 8, exponent = half >> 10 & 31,
                 mantissa = half & 1023;
  const double magnitude = exponent ? ldexp(1 + mantissa / 1024.0, (int)exponent - 15) : ldexp(mantissa, -24);
  return half >> 15 ? -magnitude : magnitude;
}

static double single_value(uint32_t bits) {
  const int exponent = (int)(bits >> 23 & 255);
  const double mantissa = bits & 0x7fffff;
  const double magnitude = exponent ? ldexp(1 + mantissa / 0x1p23, exponent - 127) : ldexp(mantissa, -149);
  return bits >> 31 ? -magnitude : magnitude;
}

// Element i of a row, from the description of the format.
static double stored_value(bl_row_type type, const uint8_t *row, size_t i) {
  switch (type) {
    case BL_ROWS_FLOAT32:
      return single_value(row[4 * i] | (uint32_t)row[4 * i + 1] << 8 | (uint32_t)row[4 * i + 2] << 16 |
                          (uint32_t)row[4 * i + 3] << 24);
    case BL_ROWS_FLOAT16:
      return half_value(row + 2 * i);
    case BL_ROWS_BFLOAT16:
      return single_value((uint32_t)row[2 * i] << 16 | (uint32_t)row[2 * i + 1] << 24);
    case BL_ROWS_Q8_0:
      row += i / 32 * 34;
      return half_value(row) * (row[2 + i % 32] < 128 ? row[2 + i % 32] : row[2 + i % 32] - 256);
    case BL_ROWS_Q4_0:
      row += i / 32 * 18;
      return half_value(row) * ((i % 32 < 16 ? row[2 + i % 32] % 16 : row[2 + i % 32 - 16] / 16) - 8);
    case BL_ROWS_Q6_K:
      break;
  }
  row += i / 256 * 210;
  i %= 256;
  // Halves of 128: element 32 q + l has 4 bits in byte l (q even) or 32 + l (q odd), 2 bits in byte l of
  // `high`.
  const size_t half = i / 128, quarter = i % 128 / 32, l = i % 32;
  const int low = row[64 * half + (quarter % 2) * 32 + l] >> (quarter / 2 * 4) & 15;
  const int high = row[128 + 32 * half + l] >> (2 * quarter) & 3;
  const int scale = row[192 + i / 16] < 128 ? row[192 + i / 16] : row[192 + i / 16] - 256;
  return half_value(row + 208) * scale * (low + 16 * high - 32);
}

// Random bytes are fine for quantised weights; floating-point numbers must be small.
static void fill_rows(size_t type, size_t blocks, uint8_t *rows, uint64_t *state) {
  for (size_t i = 0; i < blocks * types[type].bytes; i++) rows[i] = (uint8_t)random_next(state);
  for (size_t block = 0; block < blocks; block++) {
    uint8_t *at = rows + block * types[type].bytes;
    uint8_t *top = types[type].type == BL_ROWS_Q6_K ? at + 209
                   : types[type].elements > 1       ? at + 1
                                                    : at + types[type].bytes - 1;
    *top = (uint8_t)((*top & 0x80) |
                     (types[type].type == BL_ROWS_FLOAT32 || types[type].type == BL_ROWS_BFLOAT16 ? 0x3e
                                                                                                  : 0x28));
  }
}

static void test_rows(size_t type, uint32_t isa, size_t rows, size_t k) {
  uint64_t state = rows * 7 + k;
  const size_t row_bytes = k / types[type].elements * types[type].bytes;
  const guarded_memory stored = guarded_allocate(rows * row_bytes, 0), x = random_floats(k, &state, 1);
  const guarded_memory y = guarded_allocate(rows * sizeof(float), 0),
                       widened = guarded_allocate(k * sizeof(float), 0);
  const guarded_memory parts = guarded_allocate(rows * sizeof(float), 0);
  const float *in = x.base;
  float *out = y.base, *wide = widened.base;
  // Rows at the very end of the memory: the slack of guarded memory would hide what is read behind them.
  uint8_t *base = (uint8_t *)stored.base + (64 - rows * row_bytes % 64) % 64;
  fill_rows(type, rows * row_bytes / types[type].bytes, base, &state);
  bl_multiply_rows(isa, types[type].type, k, 0, rows, base, in, out);
  for (size_t row = 0; row < rows; row++) {
    double sum = 0, magnitude = 0;
    bl_widen_row(isa, types[type].type, k, base + row * row_bytes, wide);
    for (size_t i = 0; i < k; i++) {
      const double weight = stored_value(types[type].type, base + row * row_bytes, i);
      if ((double)wide[i] != (double)(float)weight) check("widened", isa, i, (double)wide[i], weight, 0);
      sum += weight * (double)in[i];
      magnitude += fabs(weight * (double)in[i]);
    }
    check("rows", isa, row, (double)out[row], sum, magnitude * 1e-5 + 1e-30);
  }
  const size_t splits[] = {0, rows / 3, rows - rows / 4, rows};
  for (size_t part = 0; part < 3; part++)
    bl_multiply_rows(isa, types[type].type, k, splits[part], splits[part + 1], base, in, parts.base);
  if (memcmp(out, parts.base, rows * sizeof *out) != 0)
    report_failure("ISA 0x%x: other values in parts", isa);
  guarded_free(stored), guarded_free(x), guarded_free(y), guarded_free(widened), guarded_free(parts);
}

// ---- attention ----

typedef struct shape {
  size_t queries, first_position, heads, dimension;
} shape;

static void check_attention(uint32_t isa, const shape *shape, const bl_attention_task *task,
                            const float *keys, const float *values) {
  const size_t dimension = shape->dimension;
  double *weights = malloc((shape->first_position + shape->queries) * sizeof *weights);
  for (size_t row = 0; weights && row < shape->queries * shape->heads; row++) {
    const size_t token = row / shape->heads, head = row % shape->heads,
                 positions = shape->first_position + token + 1;
    const float *q = task->q + token * task->q_stride + head * dimension;
    double largest = -INFINITY, total = 0;
    for (size_t position = 0; position < positions; position++) {
      weights[position] = 0;
      for (size_t i = 0; i < dimension; i++)
        weights[position] += (double)q[i] * (double)keys[position * dimension + i];
      weights[position] *= (double)task->scale;
      largest = fmax(largest, weights[position]);
    }
    for (size_t position = 0; position < positions; position++)
      total += weights[position] = exp(weights[position] - largest);
    for (size_t i = 0; i < dimension; i++) {
      double expected = 0;
      for (size_t position = 0; position < positions; position++)
        expected += weights[position] / total * (double)values[position * dimension + i];
      const double y = (double)task->y[token * task->y_stride + head * dimension + i];
      check("attention", isa, row * dimension + i, y, expected, 2e-5);
    }
  }
  free(weights);
}

static void test_attention_of(uint32_t isa, const shape *shape) {
  uint64_t state = shape->queries + shape->dimension;
  const size_t positions = shape->first_position + shape->queries, dimension = shape->dimension;
  const size_t width = shape->heads * dimension, cached = positions * dimension;
  const guarded_memory q = random_floats(shape->queries * width, &state, 3),
                       k = random_floats(cached, &state, 2);
  const guarded_memory v = random_floats(cached, &state, 1),
                       y = guarded_allocate(shape->queries * width * sizeof(float), 0);
  const size_t slack = (64 - cached * sizeof(uint16_t) % 64) % 64;
  const guarded_memory keys = guarded_allocate(cached * sizeof(uint16_t), 0);
  const guarded_memory values = guarded_allocate(cached * sizeof(uint16_t), 0);
  const guarded_memory workspace =
      guarded_allocate(bl_attention_workspace_bytes(shape->queries, shape->heads, dimension), 0xff);
  uint16_t *key = (uint16_t *)((char *)keys.base + slack), *value = (uint16_t *)((char *)values.base + slack);
  bl_narrow_float16(isa, cached, k.base, key);
  bl_narrow_float16(isa, cached, v.base, value);
  for (size_t i = 0; i < cached; i++) {
    const uint8_t stored_key[2] = {(uint8_t)key[i], (uint8_t)(key[i] >> 8)};
    const uint8_t stored_value[2] = {(uint8_t)value[i], (uint8_t)(value[i] >> 8)};
    ((float *)k.base)[i] = (float)half_value(stored_key);
    ((float *)v.base)[i] = (float)half_value(stored_value);
  }
  const bl_attention_task task = {
      .queries = shape->queries,
      .first_position = shape->first_position,
      .heads = shape->heads,
      .dimension = dimension,
      .q = q.base,
      .q_stride = width,
      .keys = key,
      .values = value,
      .cache_stride = dimension,
      .scale = (float)(1 / sqrt((double)dimension)),
      .y = y.base,
      .y_stride = width,
      .workspace = workspace.base,
  };
  bl_attend(isa, &task);
  check_attention(isa, shape, &task, k.base, v.base);
  guarded_free(q), guarded_free(k), guarded_free(v), guarded_free(y);
  guarded_free(keys), guarded_free(values), guarded_free(workspace);
}

void test_transformer(void) {
  static const shape shapes[] = {{1, 0, 1, 2},    {1, 0, 4, 128},   {1, 70, 3, 100}, {2, 63, 1, 64},
                                 {1, 200, 8, 80}, {5, 0, 1, 18},    {7, 60, 2, 96},  {33, 3, 3, 6},
                                 {64, 0, 2, 256}, {70, 130, 5, 40}, {97, 31, 1, 34}};
  uint32_t isas[MOST_ISAS];
  const size_t levels = isa_levels(isas);
  report_test("transformer: vectors and rotary embedding");
  for (size_t i = 0; i < COUNTS * levels; i++) {
    test_vectors_of(isas[i % levels], counts[i / levels]);
    test_rotation(isas[i % levels], BL_ROTARY_HALVES, counts[i / levels]);
    test_rotation(isas[i % levels], BL_ROTARY_NEIGHBOURS, counts[i / levels]);
  }
  for (size_t type = 0; type < sizeof types / sizeof *types; type++) {
    report_test("transformer: rows of %s", types[type].name);
    for (size_t level = 0; level < levels; level++) {
      for (size_t rows = 1; rows <= 21; rows += 5) {
        for (size_t i = 0; types[type].elements == 1 && i < COUNTS; i++)
          test_rows(type, isas[level], rows, counts[i]);
        for (size_t blocks = 1; types[type].elements > 1 && blocks <= 7; blocks += 2)
          test_rows(type, isas[level], rows, blocks * types[type].elements);
      }
    }
  }
  report_test("transformer: attention");
  for (size_t level = 0; level < levels; level++)
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) test_attention_of(isas[level], &shapes[i]);
}
