// mad-tq2-avx2: as mad-i2s-avx2, on the public format TQ2_0.
//
// Idea: one token: half of the fields multiplied where they are; many: a panel of unpacked codes. Layout:
// packing/tq2.h; x for each path: mad_two_bit_avx2.h.
// Bound: as mad-i2s-avx2, with 3 percent more bytes for block scales that are never read and loads that cross
// cache lines.
#include "common/bl_register.h"
#include "mad/mad_two_bit_avx2.h"

#if BL_X86
BL_TARGET_BEGIN_AVX2

static size_t prepared_bytes(size_t m, size_t k) {
  return bl_mad_two_bit_prepared_bytes_avx2(m, k);
}

static void prepare(const bl_prepare_task *task) {
  bl_mad_two_bit_prepare_avx2(bl_mad_tq2_layout, task);
}

BL_ALWAYS_INLINE __m256i load(const uint8_t *row, size_t chunk, const bl_int8_rows_avx2 *shape) {
  (void)shape;
  return _mm256_loadu_si256((const __m256i *)(row + bl_mad_two_bit_run_bytes(bl_mad_tq2_layout, chunk)));
}

BL_ALWAYS_INLINE void one_token(size_t rows, const bl_int8_rows_avx2 *shape, const uint8_t *packed,
                                const int8_t *x, __m256i *total) {
  bl_mad_fields_one_token_avx2(2, load, load, rows, shape, packed, x, total);
}

static void unpack(const bl_gemm_piece *piece) {
  bl_mad_two_bit_unpack_avx2(bl_mad_tq2_layout, piece);
}

static void multiply(const bl_multiply_task *task) {
  const bl_int8_row_loops_avx2 loops = {4, load, bl_mad_two_bit_decode_avx2, one_token, 4};
  bl_mad_two_bit_multiply_avx2(bl_mad_tq2_layout, loops, unpack, task);
}

static size_t workspace_bytes(size_t m, size_t n, size_t k) {
  (void)n;
  (void)k;
  return m <= BL_INT8_GEMV_AVX2_TOKENS ? 0 : bl_gemm_workspace_bytes(&bl_gemm_avx2, 1, m);
}

static bl_cost cost(size_t m, size_t n, size_t k, const void *packed) {
  (void)packed;
  return bl_mad_two_bit_cost(bl_mad_tq2_layout, m, n, k);
}

BL_TARGET_END

static const bl_kernel mad_tq2_avx2 = {
    .name = "mad-tq2-avx2",
    .family = "mad",
    .summary = "the two-bit fields of TQ2_0 multiplied in place by vpmaddubsw; a panel for many tokens",
    .source = "ggml-org/llama.cpp pull 8151; masking in place and the panel: bitlab",
    .explain =
        "decode takes 13 instructions for 128 weights as mad-i2s-avx2 and reads 3 percent more for block "
        "scales it does "
        "not need; prefill takes two instructions for 32 products, which is all that AVX2 has",
    .packing = &bl_packing_tq2,
    .isa = BL_ISA_AVX2,
    .activations = BL_ACTIVATIONS_INT8,
    .exact = true,
    .m_tile = 1,
    .n_tile = BL_GEMM_AVX2_ROWS,
    .prepared_bytes = prepared_bytes,
    .prepare = prepare,
    .workspace_bytes = workspace_bytes,
    .multiply = multiply,
    .cost = cost,
};
BL_REGISTER(mad_tq2_avx2);
#endif
