// Products with rows of Q6_K (transformer/stored_rows.h).
//
// A *run* is the codes of 4 * LANES neighbouring elements, a byte each, in the 32-bit lanes of a vector:
//
//   lane 0: elements 0 1 2 3    lane 1: 4 5 6 7    ...
//
// Byte b of all lanes at once is masked and converted where it is, which makes code * 256^b: neither shifts
// nor shuffles, of which Zen 4 does few. The elements of x are put in the same order once, times 256^-b,
// which is exact, and the offset of the codes is taken off with the first product: sum of x (code - 32) = -32
// sum of x + ... Four neighbouring lanes have one scale.
#ifndef BL_TRANSFORMER_ROWS_Q6_K_H
#define BL_TRANSFORMER_ROWS_Q6_K_H

#if defined(__clang__)
#define NO_UNROLL BL_PRAGMA(clang loop unroll(disable))
#else
#define NO_UNROLL BL_PRAGMA(GCC unroll 1)
#endif

enum {
  STREAMS = 4,    // rows side by side, of all types
  RUN_BYTES = 4,  // elements in a lane
  HALVES = 2,     // of a block, 128 elements with 8 scales
  RUNS = BL_Q6_K_ELEMENTS / HALVES / (RUN_BYTES * LANES),
  RUN_FLOATS = (RUN_BYTES + 1) * LANES,  // of x: a vector for each byte, and what is taken off
  Q6_K_BLOCK_FLOATS = HALVES * RUNS * RUN_FLOATS,
  Q6_K_COLUMNS = 4096,
};

static void order_for_q6_k(size_t columns, const float *x, float *ordered) {
  for (size_t i = 0; i < columns; i += RUN_BYTES * LANES, ordered += RUN_FLOATS) {
    for (size_t lane = 0; lane < LANES; lane++) {
      const float *four = x + i + RUN_BYTES * lane;
      for (size_t b = 0; b < RUN_BYTES; b++)
        ordered[b * LANES + lane] = four[b] / (float)((uint32_t)1 << 8 * b);
      ordered[RUN_BYTES * LANES + lane] = -32 * ((four[0] + four[1]) + (four[2] + four[3]));
    }
  }
}

// The loop over halves stays one: with all runs of a block in a row, compilers have no registers for the
// constants.
BL_ALWAYS_INLINE void multiply_q6_k_rows(size_t streams, size_t k, const uint8_t *const *rows,
                                         const float *ordered, float *products) {
  vector sums[STREAMS];
  BL_UNROLL
  for (size_t s = 0; s < streams; s++) sums[s] = zero_vector();
  for (size_t at = 0; at < k / BL_Q6_K_ELEMENTS * BL_Q6_K_BYTES; at += BL_Q6_K_BYTES) {
    vector factors[STREAMS];
    BL_UNROLL
    for (size_t s = 0; s < streams; s++) {
      factors[s] = splat_stored_float16(rows[s] + at + BL_Q6_K_FACTOR);
      BL_UNROLL
      for (size_t line = 0; line < BL_Q6_K_BYTES; line += 64)
        bl_prefetch_stream(rows[s] + at + line, streams);
    }
    NO_UNROLL
    for (size_t half = 0; half < HALVES; half++, ordered += RUNS * RUN_FLOATS) {
      group_scales scales[STREAMS];
      BL_UNROLL
      for (size_t s = 0; s < streams; s++)
        scales[s] = load_group_scales(rows[s] + at + BL_Q6_K_SCALES + half * 8, factors[s]);
      BL_UNROLL
      for (size_t run = 0; run < RUNS; run++) {
        const float *x = ordered + run * RUN_FLOATS;
        BL_UNROLL
        for (size_t s = 0; s < streams; s++) {
          const uint8_t *block = rows[s] + at;
          const code_run codes = load_code_run(block + half * 64, block + BL_Q6_K_HIGH + half * 32, run);
          vector sum = load_vector(x + RUN_BYTES * LANES);
          BL_UNROLL
          for (size_t b = 0; b < RUN_BYTES; b++)
            sum = multiply_add(codes_of_byte(codes, b), load_vector(x + b * LANES), sum);
          sums[s] = multiply_add(sum, scales_of_run(scales[s], run), sums[s]);
        }
      }
    }
  }
  BL_UNROLL
  for (size_t s = 0; s < streams; s++) products[s] = sum_of_lanes(sums[s]);
}

#endif
