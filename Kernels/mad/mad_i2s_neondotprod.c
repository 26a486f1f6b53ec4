// mad-i2s-neondotprod: two-bit codes times int8 activations with sdot.
//
// Idea: for few tokens the fields of a byte are multiplied where they are and the scales come off at the end
// of a row; for many, 16 rows are unpacked once to bytes and a register tile of 16 rows x 6 tokens runs over
// them. Layout: packing/i2s.h; x for each path: mad_two_bit_neon.h. Bound, by counting instructions (not
// measured on such a machine): decode takes eight vector instructions for 64 weights, 16 bytes, so it reads 2
// bytes a cycle for each vector pipe that does one an instruction a cycle, or waits for memory; prefill by
// the pipes that do sdot.
#include "common/bl_register.h"
#include "mad/mad_two_bit_neon.h"

#if BL_ARM64
BL_TARGET_BEGIN_NEON_DOTPROD

static const bl_gemm_neon_engine engine = {&bl_gemm_neondotprod, 1};

static size_t prepared_bytes(size_t m, size_t k) {
  return bl_int8_prepared_bytes(m,
                                bl_mad_two_bit_neon_token_bytes(bl_mad_i2s_layout, m, k, engine.unit_quads));
}

static void prepare(const bl_prepare_task *task) {
  bl_mad_two_bit_prepare_neon(bl_mad_i2s_layout, engine, task);
}

BL_ALWAYS_INLINE void decode(const uint8_t *row, size_t chunk, int8x16_t *codes) {
  bl_mad_two_bit_decode_neon(bl_mad_i2s_layout, row, chunk, codes);
}

BL_ALWAYS_INLINE void one_token(size_t rows, const bl_int8_rows_neon *shape, const uint8_t *packed,
                                const int8_t *x, int32x4_t *total) {
  bl_mad_two_bit_one_token_neon(bl_mad_i2s_layout, rows, shape, packed, x, total);
}

static void unpack(const bl_gemm_piece *piece) {
  bl_mad_two_bit_unpack_neon(bl_mad_i2s_layout, engine.unit_quads, piece);
}

static void multiply(const bl_multiply_task *task) {
  const bl_int8_row_loops_neon loops = {8, decode, one_token};
  bl_mad_two_bit_multiply_neon(bl_mad_i2s_layout, loops, engine, unpack, task);
}

static size_t workspace_bytes(size_t m, size_t n, size_t k) {
  (void)n;
  (void)k;
  return bl_mad_two_bit_workspace_bytes_neon(engine, m);
}

static bl_cost cost(size_t m, size_t n, size_t k, const void *packed) {
  (void)packed;
  return bl_mad_two_bit_cost(bl_mad_i2s_layout, m, n, k);
}

BL_TARGET_END

static const bl_kernel mad_i2s_neondotprod = {
    .name = "mad-i2s-neondotprod",
    .family = "mad",
    .summary = "two-bit fields multiplied in place by sdot; unpacked once to a panel for many tokens",
    .source = "microsoft/BitNet, src/ggml-bitnet-mad.cpp; masking in place and the panel: bitlab",
    .explain =
        "decode takes four logic instructions and four sdot for 64 weights of 2 bits, so few vector pipes "
        "rather than memory may bound it; prefill runs at the rate of sdot, 16 products an instruction",
    .packing = &bl_packing_i2s,
    .isa = BL_ISA_NEON | BL_ISA_NEON_DOTPROD,
    .activations = BL_ACTIVATIONS_INT8,
    .exact = true,
    .m_tile = 1,
    .n_tile = BL_GEMM_NEON_ROWS,
    .prepared_bytes = prepared_bytes,
    .prepare = prepare,
    .workspace_bytes = workspace_bytes,
    .multiply = multiply,
    .cost = cost,
};
BL_REGISTER(mad_i2s_neondotprod);
#endif
