// int8-i8-neoni8mm: the dense int8 baseline with smmla.
//
// Idea: few tokens are multiplied by sdot, as in int8_i8_neondotprod.c; many by smmla, 32 products an
// instruction where sdot has 16.
// Layout: packing/i8.h; x and the paths for few and many tokens: int8_i8_neon.h.
// Bound, by counting instructions (not measured on such a machine): decode by the bytes of weights, 8 bits
// each; prefill by the pipes that do smmla.
#include "common/bl_register.h"
#include "int8/int8_i8_neon.h"

#if BL_ARM64
BL_TARGET_BEGIN_NEON_DOTPROD

static const bl_gemm_neon_engine engine = {&bl_gemm_neoni8mm, 2};

static size_t prepared_bytes(size_t m, size_t k) {
  return bl_int8_neon_prepared_bytes(engine, m, k);
}

static void prepare(const bl_prepare_task *task) {
  bl_int8_neon_prepare(engine, task);
}

static void unpack(const bl_gemm_piece *piece) {
  bl_int8_neon_unpack(engine.unit_quads, piece);
}

static void multiply(const bl_multiply_task *task) {
  bl_int8_neon_multiply(engine, unpack, task);
}

static size_t workspace_bytes(size_t m, size_t n, size_t k) {
  (void)n;
  (void)k;
  return bl_int8_neon_workspace_bytes(engine, m);
}

static bl_cost cost(size_t m, size_t n, size_t k, const void *packed) {
  (void)packed;
  return bl_int8_cost(m, n, k);
}

BL_TARGET_END

static const bl_kernel int8_i8_neoni8mm = {
    .name = "int8-i8-neoni8mm",
    .family = "int8",
    .summary = "dense int8 weights with smmla for many tokens, sdot for few",
    .source = "bitlab",
    .explain =
        "decode is that of int8-i8-neondotprod; prefill runs at the rate of smmla as mad does, less the time "
        "to bring four times the bytes to the panel",
    .packing = &bl_packing_i8,
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
BL_REGISTER(int8_i8_neoni8mm);
#endif
