// mad-i2s-avx2: two-bit codes times int8 activations with vpmaddubsw.
//
// Idea: one token: half of the fields are multiplied where they are, times 4, so that 128 weights take 13
// instructions (mad_fields_avx2.h). Many tokens: 16 rows are unpacked once to bytes and a register tile of 16
// rows x 6 tokens runs over them. Layout: packing/i2s.h; x for each path: mad_two_bit_avx2.h.
// Bound: decode by 13.5 instructions for 32 bytes of weights on three vector ports, 4.5 cycles (four ports:
// 3.4), or by memory where it is slower than that; prefill by those ports.
#include "common/bl_register.h"
#include "mad/mad_two_bit_avx2.h"

#if BL_X86
BL_TARGET_BEGIN_AVX2

static size_t prepared_bytes(size_t m, size_t k) {
  return bl_mad_two_bit_prepared_bytes_avx2(m, k);
}

static void prepare(const bl_prepare_task *task) {
  bl_mad_two_bit_prepare_avx2(bl_mad_i2s_layout, task);
}

BL_ALWAYS_INLINE __m256i load(const uint8_t *row, size_t chunk, const bl_int8_rows_avx2 *shape) {
  (void)shape;
  return _mm256_loadu_si256((const __m256i *)(row + bl_mad_two_bit_run_bytes(bl_mad_i2s_layout, chunk)));
}

BL_ALWAYS_INLINE void one_token(size_t rows, const bl_int8_rows_avx2 *shape, const uint8_t *packed,
                                const int8_t *x, __m256i *total) {
  bl_mad_fields_one_token_avx2(2, load, load, rows, shape, packed, x, total);
}

static void unpack(const bl_gemm_piece *piece) {
  bl_mad_two_bit_unpack_avx2(bl_mad_i2s_layout, piece);
}

static void multiply(const bl_multiply_task *task) {
  const bl_int8_row_loops_avx2 loops = {4, load, bl_mad_two_bit_decode_avx2, one_token, 4};
  bl_mad_two_bit_multiply_avx2(bl_mad_i2s_layout, loops, unpack, task);
}

static size_t workspace_bytes(size_t m, size_t n, size_t k) {
  (void)n;
  (void)k;
  return m <= BL_INT8_GEMV_AVX2_TOKENS ? 0 : bl_gemm_workspace_bytes(&bl_gemm_avx2, 1, m);
}

static bl_cost cost(size_t m, size_t n, size_t k, const void *packed) {
  (void)packed;
  return bl_mad_two_bit_cost(bl_mad_i2s_layout, m, n, k);
}

BL_TARGET_END

static const bl_kernel mad_i2s_avx2 = {
    .name = "mad-i2s-avx2",
    .family = "mad",
    .summary = "two-bit fields multiplied in place by vpmaddubsw; unpacked once to a panel for many tokens",
    .source = "microsoft/BitNet, src/ggml-bitnet-mad.cpp; masking in place and the panel: bitlab",
    .explain =
        "decode takes 13.5 vector instructions for 128 weights, 32 bytes (4 with AVX-512 VNNI): 4.5 cycles "
        "on three ports, 7 bytes a cycle and core, so memory of 20 GB/s a core is out of reach below 2.8 "
        "GHz; prefill takes two instructions for 32 products, which is all that AVX2 has",
    .packing = &bl_packing_i2s,
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
BL_REGISTER(mad_i2s_avx2);
#endif
