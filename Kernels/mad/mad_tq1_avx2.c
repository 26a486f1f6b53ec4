// mad-tq1-avx2: five trits in a byte times int8 activations with vpmaddubsw, on the public format TQ1_0.
//
// Idea: a byte q is a fraction of 256, its trit floor(3 q / 256), and 3 q mod 256 the fraction of the next.
// Kept as q - 128 (3 * 128 is 128 mod 256, so the same steps hold), the trit is two signed compares:
// 1 + (q > 170) - (q < 86). Few tokens: trits in registers (common/bl_int8_gemv_avx2.h); many: a panel
// (common/bl_gemm_avx2.h).
//
// Layout: packing/tq1.h; a block is two chunks, bytes 0..31 and 32..51;
//
//   x chunk = [trit][32]: the columns of that trit of the chunk's bytes, zeros after the 20 of the second
//
// Bound: arithmetic: 8 instructions for each trit vector of at most 32 weights.
#include "common/bl_gemm_avx2.h"
#include "common/bl_int8_gemv_avx2.h"
#include "common/bl_register.h"
#include "mad/mad_trits.h"

#if BL_X86
BL_TARGET_BEGIN_AVX2

enum {
  TRITS = 5,
  CHUNK_BYTES = TRITS * 32,  // of prepared activations
};

static size_t prepared_bytes(size_t m, size_t k) {
  return bl_int8_prepared_bytes(m, bl_divide_up(k, BL_TQ1_BLOCK_COLUMNS) * 2 * CHUNK_BYTES);
}

static void prepare(const bl_prepare_task *task) {
  const size_t k = task->k, token_bytes = bl_divide_up(k, BL_TQ1_BLOCK_COLUMNS) * 2 * CHUNK_BYTES;
  if (task->m > BL_INT8_GEMV_AVX2_TOKENS) {
    bl_gemm_avx2_pack(task, bl_divide_up(k, 4), 32, 8, 1, bl_gemm_avx2_load_natural);
    return;
  }
  for (size_t token = task->m_begin; token < task->m_end; token++) {
    const int8_t *x = (const int8_t *)task->x + token * k;
    int8_t *out = bl_int8_activations(task->prepared, task->m) + token * token_bytes;
    for (size_t column = 0; column < k; column += BL_TQ1_BLOCK_COLUMNS, out += 2 * CHUNK_BYTES) {
      int8_t block[BL_TQ1_BLOCK_COLUMNS];
      bl_copy_padded(x + column, k - column, BL_TQ1_BLOCK_COLUMNS, block);
      memset(out, 0, 2 * CHUNK_BYTES);
      for (size_t i = 0; i < BL_TQ1_PARTS; i++) {
        const bl_tq1_part part = bl_tq1_parts[i];
        for (size_t trit = 0; trit < part.trits; trit++)
          memcpy(out + part.first_byte / 32 * CHUNK_BYTES + trit * 32 + part.first_byte % 32,
                 block + part.first_column + trit * part.bytes, part.bytes);
      }
    }
    bl_int8_starts(task->prepared)[token] = -bl_sum_bytes_avx2(x, k);
  }
}

// Fractions less 128.
BL_ALWAYS_INLINE __m256i signed_fractions(__m256i bytes) {
  return _mm256_xor_si256(bytes, _mm256_set1_epi8((char)0x80));
}

BL_ALWAYS_INLINE __m256i next_fraction(__m256i fraction) {
  __m256i twice = _mm256_add_epi8(fraction, fraction);
  // Kept apart from the step before: a compiler that sees 9, 27 and 81 makes byte multiplies of them, for
  // which there is no instruction.
  __asm__("" : "+x"(twice));
  return _mm256_add_epi8(fraction, twice);
}

BL_ALWAYS_INLINE __m256i trit_of(__m256i fraction) {
  const __m256i below = _mm256_cmpgt_epi8(_mm256_set1_epi8(86 - 128), fraction);
  const __m256i above = _mm256_cmpgt_epi8(fraction, _mm256_set1_epi8(170 - 128));
  return _mm256_sub_epi8(_mm256_add_epi8(_mm256_set1_epi8(1), below), above);
}

BL_ALWAYS_INLINE __m256i load(const uint8_t *row, size_t chunk, const bl_int8_rows_avx2 *shape) {
  (void)shape;
  const uint8_t *block = row + chunk / 2 * BL_TQ1_BLOCK_BYTES;
  if (chunk % 2 == 0) return _mm256_loadu_si256((const __m256i *)block);
  return _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)(block + 32))),
                                 _mm_loadu_si32(block + 48), 1);
}

BL_ALWAYS_INLINE void decode(__m256i chunk, __m256i *codes) {
  __m256i fraction = signed_fractions(chunk);
#pragma clang loop unroll(full)
  for (size_t trit = 0; trit < TRITS; trit++) {
    codes[trit] = trit_of(fraction);
    fraction = next_fraction(fraction);
  }
}

// Elements v[0 .. count - 1] are bytes of a part from `first_byte` on; each trit of an element is a quad.
BL_ALWAYS_INLINE void unpack_elements(const bl_gemm_piece *piece, size_t quad, const bl_tq1_part part,
                                      size_t first_byte, const size_t count) {
  const size_t block = quad / (BL_TQ1_BLOCK_COLUMNS / 4);
  const size_t first_quad = (part.first_column + first_byte - part.first_byte) / 4;
#pragma clang loop unroll(full)
  for (size_t half = 0; half < 2; half++) {
    __m256i v[4];
    bl_load_4x8(piece->row_begin + 8 * half, block * BL_TQ1_BLOCK_BYTES + first_byte, count, v);
    uint8_t *panel = piece->panel + (quad - piece->quad_begin + first_quad) * 64 + half * 32;
#pragma clang loop unroll(full)
    for (size_t i = 0; i < count; i++) {
      __m256i fraction = signed_fractions(v[i]);
#pragma clang loop unroll(full)
      for (size_t trit = 0; trit < part.trits; trit++) {
        _mm256_store_si256((__m256i *)(panel + (part.bytes / 4 * trit + i) * 64), trit_of(fraction));
        fraction = next_fraction(fraction);
      }
    }
  }
}

static void unpack(const bl_gemm_piece *piece) {
  for (size_t quad = piece->quad_begin; quad < piece->quad_end; quad += BL_TQ1_BLOCK_COLUMNS / 4) {
    unpack_elements(piece, quad, bl_tq1_parts[0], 0, 4);
    unpack_elements(piece, quad, bl_tq1_parts[0], 16, 4);
    unpack_elements(piece, quad, bl_tq1_parts[1], 32, 4);
    unpack_elements(piece, quad, bl_tq1_parts[2], 48, 1);
  }
}

static void multiply(const bl_multiply_task *task) {
  const size_t k = task->k, blocks = bl_divide_up(k, BL_TQ1_BLOCK_COLUMNS);
  if (task->m <= BL_INT8_GEMV_AVX2_TOKENS) {
    const bl_int8_rows_avx2 shape = {.row_bytes = bl_tq1_row_bytes(k), .chunks = 2 * blocks};
    bl_int8_gemv_avx2((bl_int8_row_loops_avx2){.vectors = TRITS, .load = load, .decode = decode}, 0, shape,
                      task);
  } else {
    const bl_gemm_weights weights = {
        .unpack = unpack,
        .quads = bl_divide_up(k, 4),
        .quad_step = BL_TQ1_BLOCK_COLUMNS / 4,
        .panels = 1,
        .row_bytes = bl_tq1_row_bytes(k),
        .step_bytes = BL_TQ1_BLOCK_BYTES,
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
  return bl_mad_tq1_cost(m, n, k);
}

BL_TARGET_END

static const bl_kernel mad_tq1_avx2 = {
    .name = "mad-tq1-avx2",
    .family = "mad",
    .summary = "trits by two compares of fractions, multiplied by vpmaddubsw; a panel for many tokens",
    .source = "ggml-org/llama.cpp pull 8151; compares of signed fractions and the panel: bitlab",
    .explain =
        "decode takes about 80 instructions for 256 weights where mad-i2s-avx2 takes 26: bound by "
        "arithmetic; prefill "
        "takes two instructions for 32 products, which is all that AVX2 has",
    .packing = &bl_packing_tq1,
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
BL_REGISTER(mad_tq1_avx2);
#endif
