// mad-tq2-avx512vnni: as mad-i2s-avx512vnni, on the public format TQ2_0.
//
// Idea: fields masked and multiplied where they are, scales taken off at the end of a row; a panel of
// unpacked codes for many tokens. Layout: packing/tq2.h; how x is laid out for each path: mad_two_bit_vnni.h.
// Bound: decode by the bytes of weights, 2.0625 bits each because of a scale per block that is never read;
// blocks of 66 bytes put every vector load across two cache lines. Prefill by the multipliers.
#include "common/bl_register.h"
#include "mad/mad_two_bit_vnni.h"

#if BL_X86
BL_TARGET_BEGIN_AVX512_VNNI

static size_t prepared_bytes(size_t m, size_t k) {
  return bl_int8_prepared_bytes(m, bl_mad_two_bit_activation_bytes(k));
}

static void prepare(const bl_prepare_task *task) {
  bl_mad_two_bit_prepare(bl_mad_tq2_layout, task);
}

static void unpack(const bl_gemm_piece *piece) {
  bl_mad_two_bit_unpack(bl_mad_tq2_layout, piece);
}

static void multiply(const bl_multiply_task *task) {
  bl_mad_two_bit_multiply(bl_mad_tq2_layout, task, unpack);
}

static size_t workspace_bytes(size_t m, size_t n, size_t k) {
  (void)n;
  (void)k;
  return m <= BL_MAD_TWO_BIT_TOKENS ? 0 : bl_gemm_workspace_bytes(&bl_gemm_vnni, 1, m);
}

static bl_cost cost(size_t m, size_t n, size_t k, const void *packed) {
  (void)packed;
  return bl_mad_two_bit_cost(bl_mad_tq2_layout, m, n, k);
}

BL_TARGET_END

static const bl_kernel mad_tq2_avx512vnni = {
    .name = "mad-tq2-avx512vnni",
    .family = "mad",
    .summary = "the two-bit fields of TQ2_0 multiplied in place by vpdpbusd; a panel for many tokens",
    .source = "ggml-org/llama.cpp pull 8151; masking in place and the panel: bitlab",
    .explain =
        "decode is bound by memory like mad-i2s and reads 3 percent more for block scales it does not need; "
        "every load crosses a cache line; prefill runs at the rate of vpdpbusd",
    .packing = &bl_packing_tq2,
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
BL_REGISTER(mad_tq2_avx512vnni);
#endif
