// mad-b1-avx2: one-bit weights times int8 activations with vpmaddubsw.
//
// Idea: as mad-i2s-avx2 with eight fields of one bit. Bit 1 is weight +1, 0 is -1, so dot(weights, x) =
// 2 dot(bits, x) - sum(x). One token: bits multiplied where they are, times 1, 2, 4 and 8
// (mad_fields_avx2.h); many: a panel of codes 0 and 2 (common/bl_gemm_avx2.h).
//
// Layout: packing/b1.h. Bit f of byte p is column 8 p + f, so
//
//   x chunk for few tokens:   [f][32]: columns f, 8 + f, 16 + f, ... of 256
//   quad f of 32 columns:     columns f, 8 + f, 16 + f, 24 + f: one bit of each byte of a 32-bit element
//
// Bound: arithmetic: 26 instructions for 256 weights of 32 bytes in decode, two for 32 products in prefill.
#include "common/bl_gemm_avx2.h"
#include "common/bl_register.h"
#include "mad/mad_b1.h"
#include "mad/mad_fields_avx2.h"

#if BL_X86
BL_TARGET_BEGIN_AVX2

enum { CHUNK_COLUMNS = 256, QUADS_OF_32 = 8 };

static size_t prepared_bytes(size_t m, size_t k) {
  return bl_int8_prepared_bytes(m, bl_round_up(k, CHUNK_COLUMNS));
}

static size_t row_quads(size_t k) {
  return bl_divide_up(k, 32) * QUADS_OF_32;
}

BL_ALWAYS_INLINE void load_quads(const int8_t *x, size_t columns, int8_t *out) {
  int8_t natural[32];
  bl_copy_padded(x, columns, 32, natural);
  bl_group_bits_avx2(natural, out);
}

static void prepare(const bl_prepare_task *task) {
  const size_t k = task->k, token_bytes = bl_round_up(k, CHUNK_COLUMNS);
  if (task->m > BL_INT8_GEMV_AVX2_TOKENS) {
    bl_gemm_avx2_pack(task, row_quads(k), 32, QUADS_OF_32, 1, load_quads);
    return;
  }
  for (size_t token = task->m_begin; token < task->m_end; token++) {
    const int8_t *x = (const int8_t *)task->x + token * k;
    int8_t *out = bl_int8_activations(task->prepared, task->m) + token * token_bytes;
    for (size_t column = 0; column < token_bytes; column += 32) {
      int8_t quads[32];
      load_quads(x + bl_min(column, k), k - bl_min(column, k), quads);
      int8_t *chunk = out + column / CHUNK_COLUMNS * CHUNK_COLUMNS;
      for (size_t bit = 0; bit < 8; bit++)
        memcpy(chunk + bit * 32 + column % CHUNK_COLUMNS / 8, quads + 4 * bit, 4);
    }
    bl_int8_starts(task->prepared)[token] = -bl_sum_bytes_avx2(x, k);
  }
}

BL_ALWAYS_INLINE __m256i load_whole(const uint8_t *row, size_t chunk, const bl_int8_rows_avx2 *shape) {
  (void)shape;
  return _mm256_loadu_si256((const __m256i *)(row + 32 * chunk));
}

BL_ALWAYS_INLINE __m256i load(const uint8_t *row, size_t chunk, const bl_int8_rows_avx2 *shape) {
  const size_t bytes = shape->row_bytes - 32 * chunk;
  if (bytes >= 32) return load_whole(row, chunk, shape);
  const __m256i words =
      _mm256_cmpgt_epi64(_mm256_set1_epi64x((int64_t)bytes / 8), _mm256_setr_epi64x(0, 1, 2, 3));
  return _mm256_maskload_epi64((const long long *)(row + 32 * chunk), words);
}

BL_ALWAYS_INLINE void decode(__m256i chunk, __m256i *codes) {
  bl_mad_fields_decode_avx2(1, chunk, codes);
}

BL_ALWAYS_INLINE void one_token(size_t rows, const bl_int8_rows_avx2 *shape, const uint8_t *packed,
                                const int8_t *x, __m256i *total) {
  bl_mad_fields_one_token_avx2(1, load_whole, load, rows, shape, packed, x, total);
}

// 16 bytes of each row, 128 columns, of which `count` groups of 32 are there.
BL_ALWAYS_INLINE void unpack_columns(const bl_gemm_piece *piece, size_t quad, const size_t count) {
  const __m256i mask = _mm256_set1_epi8(2);
  for (size_t half = 0; half < 2; half++) {
    __m256i v[4];
    bl_load_4x8(piece->row_begin + 8 * half, quad / QUADS_OF_32 * 4, count, v);
    uint8_t *panel = piece->panel + (quad - piece->quad_begin) * 64 + half * 32;
#pragma clang loop unroll(full)
    for (size_t i = 0; i < count; i++) {
#pragma clang loop unroll(full)
      for (int bit = 0; bit < 8; bit++) {
        const __m256i placed = bit ? _mm256_srli_epi32(v[i], bit - 1) : _mm256_slli_epi32(v[i], 1);
        _mm256_store_si256((__m256i *)(panel + (i * QUADS_OF_32 + (size_t)bit) * 64),
                           _mm256_and_si256(placed, mask));
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

static void multiply(const bl_multiply_task *task) {
  const size_t k = task->k, row_bytes = bl_b1_row_words(k) * 8;
  if (task->m <= BL_INT8_GEMV_AVX2_TOKENS) {
    const bl_int8_rows_avx2 shape = {.row_bytes = row_bytes, .chunks = bl_divide_up(row_bytes, 32)};
    bl_int8_gemv_avx2((bl_int8_row_loops_avx2){8, load, decode, one_token, 2}, 1, shape, task);
  } else {
    const bl_gemm_weights weights = {
        .unpack = unpack,
        .quads = row_quads(k),
        .quad_step = 4 * QUADS_OF_32,
        .panels = 1,
        .row_bytes = row_bytes,
        .step_bytes = 16,
    };
    bl_gemm_multiply(&bl_gemm_avx2, &weights, task);
  }
}

static size_t workspace_bytes(size_t m, size_t n, size_t k) {
  (void)n;
  (void)k;
  return m <= BL_INT8_GEMV_AVX2_TOKENS ? 0 : bl_gemm_workspace_bytes(&bl_gemm_avx2, 1, m);
}

static bl_cost cost(size_t m, size_t n, size_t k, const void *packed) {
  (void)packed;
  return bl_mad_b1_cost(m, n, k);
}

BL_TARGET_END

static const bl_kernel mad_b1_avx2 = {
    .name = "mad-b1-avx2",
    .family = "mad",
    .summary = "bits multiplied in place by vpmaddubsw; unpacked once to a panel for many tokens",
    .source = "bitlab; binary weights: arXiv 2310.11453",
    .explain =
        "decode takes 26 instructions for 256 weights, as many for a weight as mad-i2s-avx2, and half the "
        "bytes: bound "
        "by them; prefill takes two instructions for 32 products, which is all that AVX2 has",
    .packing = &bl_packing_b1,
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
BL_REGISTER(mad_b1_avx2);
#endif
