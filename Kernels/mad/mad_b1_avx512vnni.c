// mad-b1-avx512vnni: one-bit weights times int8 activations with vpdpbusd.
//
// Idea: as mad-i2s-avx512vnni with eight fields of one bit. Bit 1 is weight +1, 0 is -1, so dot(weights, x) =
// 2 dot(bits, x) - sum(x). Few tokens: bits masked and multiplied in place (mad_fields_vnni.h); many: a panel
// of codes 0 and 2 (common/bl_gemm_vnni.h).
//
// Layout: packing/b1.h. Bit f of byte p is column 8 p + f, so
//
//   x chunk for few tokens:   [f][64]: columns f, 8 + f, 16 + f, ... of 512
//   quad f of 32 columns:     columns f, 8 + f, 16 + f, 24 + f: one bit of each byte of a 32-bit element
//
// Bound: decode by the bytes of weights, 1 bit each, until the two instructions for 64 weights take longer:
// from 64 bytes in 8 cycles on; prefill by the two multipliers of a core.
#include "common/bl_gemm_vnni.h"
#include "common/bl_register.h"
#include "mad/mad_b1.h"
#include "mad/mad_fields_vnni.h"

#if BL_X86
BL_TARGET_BEGIN_AVX512_VNNI

enum {
  FEW_TOKENS = 6,  // most that are multiplied without a panel
  CHUNK_COLUMNS = 512,
  QUADS_OF_32 = 8,
};

static size_t prepared_bytes(size_t m, size_t k) {
  return bl_int8_prepared_bytes(m, bl_round_up(k, CHUNK_COLUMNS));
}

// Bytes 8 i + f of each lane to place 2 f + i: pairs of one bit from two packed bytes.
BL_ALWAYS_INLINE __m512i pair_bits(__m512i v) {
  const __m128i order = _mm_setr_epi8(0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15);
  return _mm512_shuffle_epi8(v, _mm512_broadcast_i32x4(order));
}

static void prepare_fields(const bl_prepare_task *task) {
  const size_t k = task->k, token_bytes = bl_round_up(k, CHUNK_COLUMNS);
  // Words 8 l + f (lane l) to place 4 f + l: after pair_bits, element f of 64 bits is bit f of 8 packed
  // bytes.
  const __m512i order = _mm512_set_epi16(31, 23, 15, 7, 30, 22, 14, 6, 29, 21, 13, 5, 28, 20, 12, 4, 27, 19,
                                         11, 3, 26, 18, 10, 2, 25, 17, 9, 1, 24, 16, 8, 0);
  const __m512i places = _mm512_set_epi64(448, 384, 320, 256, 192, 128, 64, 0);
  for (size_t token = task->m_begin; token < task->m_end; token++) {
    const int8_t *x = (const int8_t *)task->x + token * k;
    int8_t *out = bl_int8_activations(task->prepared, task->m) + token * token_bytes;
    __m512i sum = _mm512_setzero_si512();
    for (size_t column = 0; column < token_bytes; column += 64) {
      const __m512i v = column < k ? bl_load_first(x + column, k - column) : _mm512_setzero_si512();
      sum = _mm512_dpbusd_epi32(sum, _mm512_set1_epi8(1), v);
      int8_t *chunk = out + column / CHUNK_COLUMNS * CHUNK_COLUMNS;
      _mm512_i64scatter_epi64(chunk + column % CHUNK_COLUMNS / 8, places,
                              _mm512_permutexvar_epi16(order, pair_bits(v)), 1);
    }
    bl_int8_starts(task->prepared)[token] = -_mm512_reduce_add_epi32(sum);
  }
}

BL_ALWAYS_INLINE __m512i load_quads(const int8_t *x, size_t columns) {
  // Words 16 h + 8 l + f (half h, lane l of it) to place 16 h + 2 f + l.
  const __m512i order = _mm512_set_epi16(31, 23, 30, 22, 29, 21, 28, 20, 27, 19, 26, 18, 25, 17, 24, 16, 15,
                                         7, 14, 6, 13, 5, 12, 4, 11, 3, 10, 2, 9, 1, 8, 0);
  return _mm512_permutexvar_epi16(order, pair_bits(bl_load_first(x, columns)));
}

static size_t row_quads(size_t k) {
  return bl_divide_up(k, 32) * QUADS_OF_32;
}

static void prepare(const bl_prepare_task *task) {
  if (task->m <= FEW_TOKENS)
    prepare_fields(task);
  else
    bl_gemm_vnni_pack(task, row_quads(task->k), 64, 1, load_quads);
}

// 16 bytes of each row, 128 columns, of which `count` groups of 32 are there.
BL_ALWAYS_INLINE void unpack_columns(const bl_gemm_piece *piece, size_t quad, const size_t count) {
  const __m512i mask = _mm512_set1_epi8(2);
  for (size_t half = 0; half < 2; half++) {
    __m512i v[4];
    bl_load_4x16(piece->row_begin + 16 * half, quad / QUADS_OF_32 * 4, count, v);
    uint8_t *panel = piece->panel + (quad - piece->quad_begin) * 128 + half * 64;
#pragma clang loop unroll(full)
    for (size_t i = 0; i < count; i++) {
#pragma clang loop unroll(full)
      for (unsigned bit = 0; bit < 8; bit++) {
        const __m512i placed = bit ? _mm512_srli_epi32(v[i], bit - 1) : _mm512_slli_epi32(v[i], 1);
        _mm512_store_si512(panel + (i * QUADS_OF_32 + bit) * 128, _mm512_and_si512(placed, mask));
      }
    }
  }
}

static void unpack(const bl_gemm_piece *piece) {
  const size_t words = bl_b1_row_words(piece->task->k);
  for (size_t quad = piece->quad_begin; quad < piece->quad_end; quad += 4 * QUADS_OF_32) {
    if (quad / (4 * QUADS_OF_32) * 2 + 2 <= words)
      unpack_columns(piece, quad, 4);
    else
      unpack_columns(piece, quad, 2);
  }
}

BL_ALWAYS_INLINE void decode(__m512i chunk, __m512i *codes) {
  bl_mad_fields_decode(1, chunk, codes);
}

BL_ALWAYS_INLINE void one_token(size_t rows, const bl_int8_rows *shape, const uint8_t *packed,
                                const int8_t *x, __m512i *total) {
  bl_mad_fields_one_token(1, rows, shape, packed, x, total);
}

static void multiply(const bl_multiply_task *task) {
  const size_t k = task->k, row_bytes = bl_b1_row_words(k) * 8;
  if (task->m <= FEW_TOKENS) {
    const bl_int8_rows shape = {
        .row_bytes = row_bytes,
        .chunk_stride = 64,
        .chunk_bytes = 64,
        .last_bytes = (row_bytes - 1) % 64 + 1,
        .chunks = bl_divide_up(row_bytes, 64),
    };
    bl_int8_gemv_vnni((bl_int8_row_loops){FEW_TOKENS, 8, decode, one_token}, 1, shape, task);
  } else {
    const bl_gemm_weights weights = {
        .unpack = unpack,
        .quads = row_quads(k),
        .quad_step = 4 * QUADS_OF_32,
        .panels = 1,
        .row_bytes = row_bytes,
        .step_bytes = 16,
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
  return bl_mad_b1_cost(m, n, k);
}

BL_TARGET_END

static const bl_kernel mad_b1_avx512vnni = {
    .name = "mad-b1-avx512vnni",
    .family = "mad",
    .summary = "bits multiplied in place by vpdpbusd; unpacked once to a panel for many tokens",
    .source = "bitlab; binary weights: arXiv 2310.11453",
    .explain =
        "decode takes 2 instructions for 64 weights as mad-i2s does but reads half the bytes, so a core with "
        "much "
        "bandwidth is bound by them; prefill runs at the rate of vpdpbusd",
    .packing = &bl_packing_b1,
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
BL_REGISTER(mad_b1_avx512vnni);
#endif
