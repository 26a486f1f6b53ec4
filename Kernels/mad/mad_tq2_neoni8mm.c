// mad-tq2-neoni8mm: two-bit codes times int8 activations with smmla.
//
// Idea: few tokens are multiplied by sdot, as in mad_tq2_neondotprod.c: half of a matrix product would be
// idle. For many, 16 rows are unpacked once to bytes and a register tile of 16 rows x 6 tokens runs over them
// with smmla, 32 products an instruction where sdot has 16. Layout: packing/tq2.h; x for each path:
// mad_two_bit_neon.h. Bound, by counting instructions (not measured on such a machine): decode as
// mad_tq2_neondotprod.c; prefill by the pipes that do smmla.
#include "common/bl_register.h"
#include "mad/mad_two_bit_neon.h"

#if BL_ARM64
BL_TARGET_BEGIN_NEON_DOTPROD

static const bl_gemm_neon_engine engine = {&bl_gemm_neoni8mm, 2};

static size_t prepared_bytes(size_t m, size_t k) {
  return bl_int8_prepared_bytes(m,
                                bl_mad_two_bit_neon_token_bytes(bl_mad_tq2_layout, m, k, engine.unit_quads));
}

static void prepare(const bl_prepare_task *task) {
  bl_mad_two_bit_prepare_neon(bl_mad_tq2_layout, engine, task);
}

BL_ALWAYS_INLINE void decode(const uint8_t *row, size_t chunk, int8x16_t *codes) {
  bl_mad_two_bit_decode_neon(bl_mad_tq2_layout, row, chunk, codes);
}

BL_ALWAYS_INLINE void one_token(size_t rows, const bl_int8_rows_neon *shape, const uint8_t *packed,
                                const int8_t *x, int32x4_t *total) {
  bl_mad_two_bit_one_token_neon(bl_mad_tq2_layout, rows, shape, packed, x, total);
}

static void unpack(const bl_gemm_piece *piece) {
  bl_mad_two_bit_unpack_neon(bl_mad_tq2_layout, engine.unit_quads, piece);
}

static void multiply(const bl_multiply_task *task) {
  const bl_int8_row_loops_neon loops = {8, decode, one_token};
  bl_mad_two_bit_multiply_neon(bl_mad_tq2_layout, loops, engine, unpack, task);
}

static size_t workspace_bytes(size_t m, size_t n, size_t k) {
  (void)n;
  (void)k;
  return bl_mad_two_bit_workspace_bytes_neon(engine, m);
}

static bl_cost cost(size_t m, size_t n, size_t k, const void *packed) {
  (void)packed;
  return bl_mad_two_bit_cost(bl_mad_tq2_layout, m, n, k);
}

BL_TARGET_END

static const bl_kernel mad_tq2_neoni8mm = {
    .name = "mad-tq2-neoni8mm",
    .family = "mad",
    .summary = "as the dotprod kernel for few tokens; unpacked once to a panel for smmla for many",
    .source = "ggml-org/llama.cpp, TQ2_0 (pull 8151); masking in place and the panel: bitlab",
    .explain =
        "as mad-i2s-neoni8mm, with 3 % more bytes because each block of 256 weights carries a scale of its "
        "own that nothing reads",
    .packing = &bl_packing_tq2,
    .isa = BL_ISA_NEON | BL_ISA_NEON_DOTPROD | BL_ISA_NEON_I8MM,
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
BL_REGISTER(mad_tq2_neoni8mm);
#endif
