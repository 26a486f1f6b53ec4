// Products with rows as files store them. Several streams of rows are read side by side, so that each vector
// of x is loaded once for all of them. The value of a row is computed in one order however many there are.
#ifndef BL_TRANSFORMER_ROWS_H
#define BL_TRANSFORMER_ROWS_H

#include "transformer/rows_q6_k.h"

enum { SUMS = 2 };  // for each row: with 4 rows enough to hide the latency of multiply-add

// ---- floating-point rows ----

BL_ALWAYS_INLINE vector load_stored(bl_row_type type, const uint8_t *row, size_t i) {
  if (type == BL_ROWS_FLOAT32) return load_stored_float32(row + i * sizeof(float));
  if (type == BL_ROWS_FLOAT16) return load_stored_float16(row + i * sizeof(uint16_t));
  return load_stored_bfloat16(row + i * sizeof(uint16_t));
}

BL_ALWAYS_INLINE float stored_element(bl_row_type type, const uint8_t *row, size_t i) {
  if (type == BL_ROWS_FLOAT32) return bl_stored_float32(row + i * sizeof(float));
  if (type == BL_ROWS_FLOAT16) return bl_stored_float16(row + i * sizeof(uint16_t));
  return bl_stored_bfloat16(row + i * sizeof(uint16_t));
}

BL_ALWAYS_INLINE void multiply_float_rows(bl_row_type type, size_t streams, size_t k,
                                          const uint8_t *const *rows, const float *x, float *products) {
  const size_t element_bytes = type == BL_ROWS_FLOAT32 ? sizeof(float) : sizeof(uint16_t);
  vector sums[STREAMS][SUMS];
  BL_UNROLL
  for (size_t s = 0; s < streams; s++) sums[s][0] = sums[s][1] = zero_vector();
  size_t i = 0;
  for (; i + SUMS * LANES <= k; i += SUMS * LANES) {
    BL_UNROLL
    for (size_t v = 0; v < SUMS; v++) {
      const size_t at = i + v * LANES;
      const vector shared = load_vector(x + at);
      BL_UNROLL
      for (size_t s = 0; s < streams; s++)
        sums[s][v] = multiply_add(load_stored(type, rows[s], at), shared, sums[s][v]);
    }
    BL_UNROLL
    for (size_t s = 0; s < streams; s++) {
      BL_UNROLL
      for (size_t line = 0; line < SUMS * LANES * element_bytes; line += 64)
        bl_prefetch_stream(rows[s] + i * element_bytes + line, streams);
    }
  }
  for (size_t s = 0; s < streams; s++) {
    float rest = 0;
    for (size_t e = i; e < k; e++) rest += stored_element(type, rows[s], e) * x[e];
    products[s] = sum_of_lanes(add_vectors(sums[s][0], sums[s][1])) + rest;
  }
}

// ---- quantised rows ----

// The sum of one block's weights, without its scale, times x.
BL_ALWAYS_INLINE vector multiply_q8_0(const uint8_t *block, const float *x) {
  vector sum = multiply_vectors(load_int8(block + 2), load_vector(x));
  BL_UNROLL
  for (size_t i = LANES; i < BL_Q8_0_ELEMENTS; i += LANES)
    sum = multiply_add(load_int8(block + 2 + i), load_vector(x + i), sum);
  return sum;
}

BL_ALWAYS_INLINE vector multiply_q4_0(const uint8_t *block, const float *x) {
  vector sum = zero_vector();
  BL_UNROLL
  for (size_t i = 0; i < BL_Q4_0_ELEMENTS / 2; i += LANES) {
    vector low, high;
    load_nibbles(block + 2 + i, &low, &high);
    sum = multiply_add(low, load_vector(x + i), sum);
    sum = multiply_add(high, load_vector(x + BL_Q4_0_ELEMENTS / 2 + i), sum);
  }
  return sum;
}

BL_ALWAYS_INLINE void multiply_block_rows(bl_row_type type, size_t streams, size_t k,
                                          const uint8_t *const *rows, const float *x, float *products) {
  const size_t elements = BL_Q8_0_ELEMENTS, bytes = type == BL_ROWS_Q8_0 ? BL_Q8_0_BYTES : BL_Q4_0_BYTES;
  vector sums[STREAMS];
  BL_UNROLL
  for (size_t s = 0; s < streams; s++) sums[s] = zero_vector();
  for (size_t block = 0; block < k / elements; block++) {
    BL_UNROLL
    for (size_t s = 0; s < streams; s++) {
      const uint8_t *at = rows[s] + block * bytes;
      const float *inputs = x + block * elements;
      const vector sum = type == BL_ROWS_Q8_0 ? multiply_q8_0(at, inputs) : multiply_q4_0(at, inputs);
      sums[s] = multiply_add(sum, splat_stored_float16(at), sums[s]);
      bl_prefetch_stream(at, streams);
    }
  }
  BL_UNROLL
  for (size_t s = 0; s < streams; s++) products[s] = sum_of_lanes(sums[s]);
}

// ---- all types ----

BL_ALWAYS_INLINE void multiply_side_by_side(bl_row_type type, size_t streams, size_t k,
                                            const uint8_t *const *rows, const float *x, float *products) {
  if (type == BL_ROWS_Q6_K)
    multiply_q6_k_rows(streams, k, rows, x, products);
  else if (type == BL_ROWS_Q8_0 || type == BL_ROWS_Q4_0)
    multiply_block_rows(type, streams, k, rows, x, products);
  else
    multiply_float_rows(type, streams, k, rows, x, products);
}

// Columns of rows that lie row_bytes apart: k of them, from the one at `rows` on. Adds to y, or sets it.
typedef struct row_columns {
  size_t k;
  const uint8_t *rows;
  size_t row_bytes;
  const float *x;
  bool adds;
  float *y;
} row_columns;

BL_ALWAYS_INLINE void multiply_streams(bl_row_type type, size_t streams, const row_columns *columns,
                                       size_t first_row, size_t stream_rows) {
  for (size_t row = first_row; row < first_row + stream_rows; row++) {
    const uint8_t *rows[STREAMS];
    float products[STREAMS];
    BL_UNROLL
    for (size_t s = 0; s < streams; s++)
      rows[s] = columns->rows + (row + s * stream_rows) * columns->row_bytes;
    multiply_side_by_side(type, streams, columns->k, rows, columns->x, products);
    BL_UNROLL
    for (size_t s = 0; s < streams; s++) {
      float *sum = &columns->y[row + s * stream_rows];
      *sum = columns->adds ? *sum + products[s] : products[s];
    }
  }
}

// Four streams of neighbouring rows each, as long as there are enough rows, then one.
BL_ALWAYS_INLINE void multiply_columns(bl_row_type type, const row_columns *columns, size_t row_begin,
                                       size_t row_end) {
  size_t row = row_begin;
  while (row_end - row >= STREAMS) {
    const size_t stream_rows = bl_stream_rows((row_end - row) / STREAMS, columns->row_bytes);
    multiply_streams(type, STREAMS, columns, row, stream_rows);
    row += STREAMS * stream_rows;
  }
  multiply_streams(type, 1, columns, row, row_end - row);
}

BL_ALWAYS_INLINE void multiply_rows_of(bl_row_type type, size_t k, size_t row_begin, size_t row_end,
                                       const uint8_t *rows, const float *x, float *y) {
  const row_columns columns = {k, rows, bl_row_bytes(type, k), x, false, y};
  multiply_columns(type, &columns, row_begin, row_end);
}

// x is put in the order of the codes, as much of it as has room on the stack at a time.
static void multiply_rows_q6_k(size_t k, size_t row_begin, size_t row_end, const void *rows, const float *x,
                               float *y) {
  const size_t row_bytes = bl_row_bytes(BL_ROWS_Q6_K, k);
  for (size_t row = row_begin; k == 0 && row < row_end; row++) y[row] = 0;
  for (size_t column = 0; column < k; column += Q6_K_COLUMNS) {
    _Alignas(64) float ordered[Q6_K_COLUMNS / BL_Q6_K_ELEMENTS * Q6_K_BLOCK_FLOATS];
    const size_t count = bl_min(Q6_K_COLUMNS, k - column);
    order_for_q6_k(count, x + column, ordered);
    const uint8_t *from = (const uint8_t *)rows + bl_row_bytes(BL_ROWS_Q6_K, column);
    const row_columns columns = {count, from, row_bytes, ordered, column > 0, y};
    multiply_columns(BL_ROWS_Q6_K, &columns, row_begin, row_end);
  }
}

#define MULTIPLY_ROWS_FUNCTION(name, type)                                                                   \
  static void name(size_t k, size_t row_begin, size_t row_end, const void *rows, const float *x, float *y) { \
    multiply_rows_of(type, k, row_begin, row_end, rows, x, y);                                               \
  }
MULTIPLY_ROWS_FUNCTION(multiply_float32_rows, BL_ROWS_FLOAT32)
MULTIPLY_ROWS_FUNCTION(multiply_float16_rows, BL_ROWS_FLOAT16)
MULTIPLY_ROWS_FUNCTION(multiply_bfloat16_rows, BL_ROWS_BFLOAT16)
MULTIPLY_ROWS_FUNCTION(multiply_rows_q8_0, BL_ROWS_Q8_0)
MULTIPLY_ROWS_FUNCTION(multiply_rows_q4_0, BL_ROWS_Q4_0)
#undef MULTIPLY_ROWS_FUNCTION

static void multiply_rows(bl_row_type type, size_t k, size_t row_begin, size_t row_end, const void *rows,
                          const float *x, float *y) {
  switch (type) {
    case BL_ROWS_FLOAT32:
      return multiply_float32_rows(k, row_begin, row_end, rows, x, y);
    case BL_ROWS_FLOAT16:
      return multiply_float16_rows(k, row_begin, row_end, rows, x, y);
    case BL_ROWS_BFLOAT16:
      return multiply_bfloat16_rows(k, row_begin, row_end, rows, x, y);
    case BL_ROWS_Q8_0:
      return multiply_rows_q8_0(k, row_begin, row_end, rows, x, y);
    case BL_ROWS_Q4_0:
      return multiply_rows_q4_0(k, row_begin, row_end, rows, x, y);
    case BL_ROWS_Q6_K:
      return multiply_rows_q6_k(k, row_begin, row_end, rows, x, y);
  }
}

static void widen_row(bl_row_type type, size_t k, const void *row, float *y) {
  const uint8_t *from = row;
  switch (type) {
    case BL_ROWS_FLOAT32:
    case BL_ROWS_FLOAT16:
    case BL_ROWS_BFLOAT16:
      for (size_t i = 0; i < k; i++) y[i] = stored_element(type, from, i);
      return;
    case BL_ROWS_Q8_0:
      for (size_t i = 0; i < k; i += BL_Q8_0_ELEMENTS, from += BL_Q8_0_BYTES) bl_widen_q8_0(from, y + i);
      return;
    case BL_ROWS_Q4_0:
      for (size_t i = 0; i < k; i += BL_Q4_0_ELEMENTS, from += BL_Q4_0_BYTES) bl_widen_q4_0(from, y + i);
      return;
    case BL_ROWS_Q6_K:
      for (size_t i = 0; i < k; i += BL_Q6_K_ELEMENTS, from += BL_Q6_K_BYTES) bl_widen_q6_k(from, y + i);
      return;
  }
}

#endif
