// int8-i8-neondotprod: the dense int8 baseline with sdot.
//
// Idea: sdot multiplies signed bytes by signed bytes, so that weights are used as they lie in memory.
// Layout: packing/i8.h; x and the paths for few and many tokens: int8_i8_neon.h.
// Bound, by counting instructions (not measured on such a machine): decode by the bytes of weights, 8 bits
// each; prefill by the pipes that do sdot.
#include "common/bl_register.h"
#include "int8/int8_i8_neon.h"

#if BL_ARM64
BL_TARGET_BEGIN_NEON_DOTPROD

static const bl_gemm_neon_engine engine = {&bl_gemm_neondotprod, 1};

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

static const bl_kernel int8_i8_neondotprod = {
    .name = "int8-i8-neondotprod",
    .family = "int8",
    .summary = "dense int8 weights with sdot",
    .source = "bitlab",
    .explain =
        "decode is bound by memory at 8 bits a weight, four to five times the bytes of a ternary packing, "
        "and "
        "takes one vector instruction for 16 weights where unpacking two bits takes two; prefill runs at the "
        "rate of sdot as mad does",
    .packing = &bl_packing_i8,
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
BL_REGISTER(int8_i8_neondotprod);
#endif
