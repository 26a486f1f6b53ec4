// int8-i8-avx512vnni: the dense int8 baseline with vpdpbusd.
//
// Idea: vpdpbusd wants one unsigned operand, so a weight becomes the code weight + 128 (flip the top bit) and
// dot(weights, x) = dot(codes, x) - 128 sum(x), exact for every int8. Few tokens: codes are made in registers
// (common/bl_int8_gemv_vnni.h); many: 32 rows are transposed once to a panel (common/bl_gemm_vnni.h).
// Layout: packing/i8.h; x in natural order, padded to 64 columns, or in panels.
// Bound: decode by the bytes of weights, 8 bits each; prefill by the two multipliers of a core.
#include "common/bl_gemm_vnni.h"
#include "common/bl_int8_gemv_vnni.h"
#include "common/bl_register.h"
#include "int8/int8_cost.h"

#if BL_X86
BL_TARGET_BEGIN_AVX512_VNNI

enum {
  FEW_TOKENS = 8,  // most that are multiplied without a panel
  ZERO_POINT = 128,
};

static size_t prepared_bytes(size_t m, size_t k) {
  return bl_int8_prepared_bytes(m, bl_round_up(k, 64));
}

static void prepare(const bl_prepare_task *task) {
  const size_t k = task->k, chunks = bl_divide_up(k, 64);
  if (task->m > FEW_TOKENS) {
    bl_gemm_vnni_prepare(task, ZERO_POINT);
    return;
  }
  for (size_t token = task->m_begin; token < task->m_end; token++) {
    const int8_t *x = (const int8_t *)task->x + token * k;
    int8_t *out = bl_int8_activations(task->prepared, task->m) + token * chunks * 64;
    __m512i sum = _mm512_setzero_si512();
    for (size_t column = 0; column < k; column += 64) {
      const __m512i v = bl_load_first(x + column, k - column);
      sum = _mm512_dpbusd_epi32(sum, _mm512_set1_epi8(1), v);
      _mm512_store_si512(out + column, v);
    }
    bl_int8_starts(task->prepared)[token] = -ZERO_POINT * _mm512_reduce_add_epi32(sum);
  }
}

BL_ALWAYS_INLINE __m512i codes_of(__m512i weights) {
  return _mm512_xor_si512(weights, _mm512_set1_epi8((char)0x80));
}

BL_ALWAYS_INLINE void decode(__m512i chunk, __m512i *codes) {
  codes[0] = codes_of(chunk);
}

static void unpack(const bl_gemm_piece *piece) {
  for (size_t quad = piece->quad_begin; quad < piece->quad_end; quad += 8) {
    uint8_t *panel = piece->panel + (quad - piece->quad_begin) * 128;
#pragma clang loop unroll(full)
    for (size_t half = 0; half < 2; half++) {
      __m512i v[8];
      bl_load_8x16(piece->row_begin + 16 * half, quad * 4, v);
#pragma clang loop unroll(full)
      for (size_t i = 0; i < 8; i++) _mm512_store_si512(panel + i * 128 + half * 64, codes_of(v[i]));
    }
  }
}

static void multiply(const bl_multiply_task *task) {
  const size_t k = task->k;
  if (task->m <= FEW_TOKENS) {
    const bl_int8_rows shape = {
        .row_bytes = bl_i8_row_bytes(k),
        .chunk_stride = 64,
        .chunk_bytes = 64,
        .last_bytes = 64,
        .chunks = bl_divide_up(k, 64),
    };
    bl_int8_gemv_vnni((bl_int8_row_loops){FEW_TOKENS, 1, decode, NULL}, 0, shape, task);
  } else {
    const bl_gemm_weights weights = {
        .unpack = unpack,
        .quads = bl_divide_up(k, 4),
        .quad_step = 16,
        .panels = 1,
        .row_bytes = bl_i8_row_bytes(k),
        .step_bytes = 64,
    };
    bl_gemm_multiply(&bl_gemm_vnni, &weights, task);
  }
}

static size_t workspace_bytes(size_t m, size_t n, size_t k) {
  (void)n;
  (void)k;
  return m <= FEW_TOKENS ? 0 : bl_gemm_workspace_bytes(&bl_gemm_vnni, 1, m);
}

static bl_cost cost(size_t m, size_t n, size_t k, const void *packed) {
  (void)packed;
  return bl_int8_cost(m, n, k);
}

BL_TARGET_END

static const bl_kernel int8_i8_avx512vnni = {
    .name = "int8-i8-avx512vnni",
    .family = "int8",
    .summary = "dense int8 weights with vpdpbusd, the top bit flipped to make them unsigned",
    .source = "bitlab; the zero-point correction is that of gemmlowp",
    .explain =
        "decode is bound by memory at 8 bits a weight, four to five times the bytes of a ternary packing; "
        "prefill runs at the rate of vpdpbusd as mad does, less the time to bring four times the bytes to "
        "the panel",
    .packing = &bl_packing_i8,
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
BL_REGISTER(int8_i8_avx512vnni);
#endif
