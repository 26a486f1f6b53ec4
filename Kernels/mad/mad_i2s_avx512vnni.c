// mad-i2s-avx512vnni: two-bit codes times int8 activations with vpdpbusd.
//
// Idea: for few tokens the fields of a byte are multiplied where they are, masked but not shifted, and the
// scales 1, 4, 16, 64 come off the four sums at the end of a row: two instructions for 64 weights. For many
// tokens 32 rows are unpacked once to bytes and a register tile of 32 rows x 12 tokens runs over them.
// Layout: packing/i2s.h; how x is laid out for each path: mad_two_bit_vnni.h.
// Bound: decode by the bytes of weights (2 bits each); prefill by the two multipliers of a core.
#include "common/bl_register.h"
#include "mad/mad_two_bit_vnni.h"

#if BL_X86
BL_TARGET_BEGIN_AVX512_VNNI

static size_t prepared_bytes(size_t m, size_t k) {
  return bl_int8_prepared_bytes(m, bl_mad_two_bit_activation_bytes(k));
}

static void prepare(const bl_prepare_task *task) {
  bl_mad_two_bit_prepare(bl_mad_i2s_layout, task);
}

static void unpack(const bl_gemm_piece *piece) {
  bl_mad_two_bit_unpack(bl_mad_i2s_layout, piece);
}

static void multiply(const bl_multiply_task *task) {
  bl_mad_two_bit_multiply(bl_mad_i2s_layout, task, unpack);
}

static size_t workspace_bytes(size_t m, size_t n, size_t k) {
  (void)n;
  (void)k;
  return m <= BL_MAD_TWO_BIT_TOKENS ? 0 : bl_gemm_workspace_bytes(&bl_gemm_vnni, 1, m);
}

static bl_cost cost(size_t m, size_t n, size_t k, const void *packed) {
  (void)packed;
  return bl_mad_two_bit_cost(bl_mad_i2s_layout, m, n, k);
}

BL_TARGET_END

static const bl_kernel mad_i2s_avx512vnni = {
    .name = "mad-i2s-avx512vnni",
    .family = "mad",
    .summary = "two-bit fields multiplied in place by vpdpbusd; unpacked once to a panel for many tokens",
    .source = "microsoft/BitNet, src/ggml-bitnet-mad.cpp; masking in place and the panel: bitlab",
    .explain =
        "decode reads 2 bits a weight with 2 instructions for 64 weights, so memory bounds it, and 1.6-bit "
        "packings can pass it by a fifth; prefill runs at the rate of vpdpbusd, the most any int8 kernel "
        "gets",
    .packing = &bl_packing_i2s,
    .isa = BL_ISA_AVX2 | BL_ISA_AVX512 | BL_ISA_AVX512_VNNI,
    .activations = BL_ACTIVATIONS_INT8,
    .exact = true,
    .m_tile = 1,
    .n_tile = BL_GEMM_VNNI_ROWS,
    .prepared_bytes = prepared_bytes,
    .prepare = prepare,
    .workspace_bytes = workspace_bytes,
    .multiply = multiply,
    .cost = cost,
};
BL_REGISTER(mad_i2s_avx512vnni);
#endif
