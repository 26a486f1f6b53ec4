// int8-i8-avx2: the dense int8 baseline with vpmaddwd.
//
// Idea: AVX2's byte multiply saturates and wants an unsigned operand, so weights and activations are widened
// to 16 bits and vpmaddwd adds exact pairs of products in 32 bits; activations once, in prepare(), weights
// once for all tokens. Few tokens: widened in registers; many: panels of 16-bit pairs
// (common/bl_gemm_avx2.h).
//
// Layout: packing/i8.h; x as int16 in natural order, padded to 64 columns, or in panels with
//
//   quads 2 i, 2 i + 1:   columns 4 i, 4 i + 2   and   4 i + 1, 4 i + 3       the shifts of a 32-bit element
//
// Bound: decode by the bytes of weights, 8 bits each; prefill by two instructions for 16 products.
#include "common/bl_gemm_avx2.h"
#include "common/bl_register.h"
#include "common/bl_weight_streams.h"
#include "int8/int8_cost.h"

#if BL_X86
BL_TARGET_BEGIN_AVX2

enum { FEW_TOKENS = 4 };

static size_t row_quads(size_t k) {
  return 2 * bl_divide_up(k, 4);
}

static size_t token_bytes(size_t k) {
  return bl_round_up(k, 64) * sizeof(int16_t);
}

static size_t prepared_bytes(size_t m, size_t k) {
  return bl_int8_prepared_bytes(m, token_bytes(k));
}

// The even and the odd bytes of each pair, widened.
BL_ALWAYS_INLINE __m256i even_bytes(__m256i v) {
  return _mm256_srai_epi16(_mm256_slli_epi16(v, 8), 8);
}
BL_ALWAYS_INLINE __m256i odd_bytes(__m256i v) {
  return _mm256_srai_epi16(v, 8);
}

BL_ALWAYS_INLINE void load_quads(const int8_t *x, size_t columns, int8_t *out) {
  int8_t natural[16];
  bl_copy_padded(x, columns, 16, natural);
  const __m256i v = _mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)natural));
  const __m128i even = _mm256_castsi256_si128(even_bytes(v)), odd = _mm256_castsi256_si128(odd_bytes(v));
  _mm_storeu_si128((__m128i *)out, _mm_unpacklo_epi32(even, odd));
  _mm_storeu_si128((__m128i *)(out + 16), _mm_unpackhi_epi32(even, odd));
}

static void prepare(const bl_prepare_task *task) {
  const size_t k = task->k;
  if (task->m > FEW_TOKENS) {
    bl_gemm_avx2_pack(task, row_quads(k), 16, 8, 0, load_quads);
    return;
  }
  for (size_t token = task->m_begin; token < task->m_end; token++) {
    const int8_t *x = (const int8_t *)task->x + token * k;
    int8_t *out = bl_int8_activations(task->prepared, task->m) + token * token_bytes(k);
    for (size_t column = 0; column < bl_round_up(k, 64); column += 16) {
      int8_t natural[16];
      bl_copy_padded(x + bl_min(column, k), k - bl_min(column, k), 16, natural);
      _mm256_store_si256((__m256i *)(out + 2 * column),
                         _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)natural)));
    }
    bl_int8_starts(task->prepared)[token] = 0;
  }
}

// `rows` rows, `row_step` apart from `row` on: each the next of a long stream of its own, because prefetchers
// follow one stream a page.
BL_ALWAYS_INLINE void multiply_rows(const size_t rows, const size_t tokens, const bl_multiply_task *task,
                                    size_t row, size_t row_step) {
  const size_t k = task->k, row_bytes = bl_i8_row_bytes(k), stream_bytes = row_step * row_bytes;
  const int8_t *weights = (const int8_t *)task->packed + row * row_bytes;
  const int8_t *x = bl_int8_activations(task->prepared, tokens);
  __m256i sum[FEW_TOKENS][4];
#pragma clang loop unroll(full)
  for (size_t t = 0; t < tokens; t++)
    for (size_t r = 0; r < 4; r++) sum[t][r] = _mm256_setzero_si256();
  for (size_t column = 0; column < row_bytes; column += 64) {
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) bl_prefetch_stream(weights + r * stream_bytes + column, rows);
    for (size_t i = column; i < column + 64; i += 16) {
#pragma clang loop unroll(full)
      for (size_t r = 0; r < rows; r++) {
        const __m256i w =
            _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(weights + r * stream_bytes + i)));
#pragma clang loop unroll(full)
        for (size_t t = 0; t < tokens; t++) {
          const __m256i activations = _mm256_load_si256((const __m256i *)(x + t * token_bytes(k) + 2 * i));
          sum[t][r] = _mm256_add_epi32(sum[t][r], _mm256_madd_epi16(w, activations));
        }
      }
    }
  }
#pragma clang loop unroll(full)
  for (size_t t = 0; t < tokens; t++) {
    int32_t y[4];
    _mm_storeu_si128((__m128i *)y, bl_sum_4x8(sum[t][0], sum[t][1], sum[t][2], sum[t][3]));
    for (size_t r = 0; r < rows; r++) ((int32_t *)task->y)[t * task->n + row + r * row_step] = y[r];
  }
}

BL_ALWAYS_INLINE void multiply_few(const size_t tokens, const bl_multiply_task *task) {
  const size_t rows = tokens == 1 ? 4 : 2;
  size_t row = task->n_begin;
  while (task->n_end - row >= rows) {
    const size_t stream_rows = bl_stream_rows((task->n_end - row) / rows, bl_i8_row_bytes(task->k));
    for (size_t i = 0; i < stream_rows; i++) multiply_rows(rows, tokens, task, row + i, stream_rows);
    row += rows * stream_rows;
  }
  for (; row < task->n_end; row++) multiply_rows(1, tokens, task, row, 0);
}

static void unpack(const bl_gemm_piece *piece) {
  for (size_t quad = piece->quad_begin; quad < piece->quad_end; quad += 8) {
    uint8_t *panel = piece->panel + (quad - piece->quad_begin) * 64;
#pragma clang loop unroll(full)
    for (size_t half = 0; half < 2; half++) {
      __m256i v[4];
      bl_load_4x8(piece->row_begin + 8 * half, quad * 2, 4, v);
#pragma clang loop unroll(full)
      for (size_t i = 0; i < 4; i++) {
        _mm256_store_si256((__m256i *)(panel + 2 * i * 64 + half * 32), even_bytes(v[i]));
        _mm256_store_si256((__m256i *)(panel + (2 * i + 1) * 64 + half * 32), odd_bytes(v[i]));
      }
    }
  }
}

static void multiply(const bl_multiply_task *task) {
  const bl_gemm_weights weights = {
      .unpack = unpack,
      .quads = row_quads(task->k),
      .quad_step = 8,
      .panels = 1,
      .row_bytes = bl_i8_row_bytes(task->k),
      .step_bytes = 16,
  };
  switch (task->m) {
    case 1:
      multiply_few(1, task);
      break;
    case 2:
      multiply_few(2, task);
      break;
    case 3:
      multiply_few(3, task);
      break;
    case 4:
      multiply_few(4, task);
      break;
    default:
      bl_gemm_multiply(&bl_gemm_avx2_wide, &weights, task);
  }
}

static size_t workspace_bytes(size_t m, size_t n, size_t k) {
  (void)n;
  (void)k;
  return m <= FEW_TOKENS ? 0 : bl_gemm_workspace_bytes(&bl_gemm_avx2_wide, 1, m);
}

static bl_cost cost(size_t m, size_t n, size_t k, const void *packed) {
  (void)packed;
  return bl_int8_cost(m, n, k);
}

BL_TARGET_END

static const bl_kernel int8_i8_avx2 = {
    .name = "int8-i8-avx2",
    .family = "int8",
    .summary = "dense int8 weights widened to 16 bits, vpmaddwd",
    .source = "bitlab",
    .explain =
        "decode is bound by memory at 8 bits a weight; prefill takes two instructions for 16 products "
        "because AVX2 has no "
        "exact byte dot product: codes of ternary weights are small enough for twice that",
    .packing = &bl_packing_i8,
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
BL_REGISTER(int8_i8_avx2);
#endif
