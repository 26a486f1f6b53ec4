// mad-tq1-avx512vnni: five trits in a byte times int8 activations with vpdpbusd, on the public format TQ1_0.
//
// Idea: a byte q[0] is a fraction of 256; q[n+1] = 3 q[n] mod 256 and trit n is what left: 256 t[n] =
// 3 q[n] - q[n+1]. One token never needs the trits themselves:
//
//   256 * sum(t[n] x[n]) = 3 * sum(q[n] x[n]) - sum(q[n+1] x[n])
//
// so every fraction is multiplied twice, by its own activations and by those before, and the trit extraction
// (three more instructions each) falls away: 10 multiplies and 10 adds for five vectors of weights. For more
// tokens, and for the panel of the GEMM, trits are extracted once.
// Layout: packing/tq1.h;  x chunk = [trit][64]: the columns of trit n of the block's bytes, zeros elsewhere.
// Bound: decode by arithmetic, 20 instructions for 260 weights; prefill by the two multipliers of a core.
#include "common/bl_gemm_vnni.h"
#include "common/bl_int8_gemv_vnni.h"
#include "common/bl_register.h"
#include "mad/mad_trits.h"

#include <string.h>

#if BL_X86
BL_TARGET_BEGIN_AVX512_VNNI

enum {
  FEW_TOKENS = 4,  // most that are multiplied without a panel
  TRITS = 5,
  CHUNK_BYTES = TRITS * 64,  // of prepared activations
  // Blocks after which sums are folded: a lane takes 20 products from a block, 256 * 2 * 128 each when
  // scaled.
  FOLD_BLOCKS = 1024,
};

static size_t prepared_bytes(size_t m, size_t k) {
  return bl_int8_prepared_bytes(m, bl_divide_up(k, BL_TQ1_BLOCK_COLUMNS) * CHUNK_BYTES);
}

static void prepare_trits(const bl_prepare_task *task) {
  const size_t k = task->k, token_bytes = bl_divide_up(k, BL_TQ1_BLOCK_COLUMNS) * CHUNK_BYTES;
  for (size_t token = task->m_begin; token < task->m_end; token++) {
    const int8_t *x = (const int8_t *)task->x + token * k;
    int8_t *out = bl_int8_activations(task->prepared, task->m) + token * token_bytes;
    __m512i sum = _mm512_setzero_si512();
    for (size_t column = 0; column < k; column += BL_TQ1_BLOCK_COLUMNS, out += CHUNK_BYTES) {
      _Alignas(64) int8_t block[BL_TQ1_BLOCK_COLUMNS];
      for (size_t i = 0; i < BL_TQ1_BLOCK_COLUMNS; i += 64) {
        const __m512i v =
            column + i < k ? bl_load_first(x + column + i, k - column - i) : _mm512_setzero_si512();
        sum = _mm512_dpbusd_epi32(sum, _mm512_set1_epi8(1), v);
        _mm512_store_si512(block + i, v);
      }
      for (size_t trit = 0; trit < TRITS; trit++) {
        int8_t *trits = out + trit * 64;
        _mm512_store_si512(trits, _mm512_setzero_si512());
        for (size_t i = 0; i < BL_TQ1_PARTS; i++) {
          const bl_tq1_part part = bl_tq1_parts[i];
          if (trit < part.trits)
            memcpy(trits + part.first_byte, block + part.first_column + trit * part.bytes, part.bytes);
        }
      }
    }
    bl_int8_starts(task->prepared)[token] = -_mm512_reduce_add_epi32(sum);
  }
}

static void prepare(const bl_prepare_task *task) {
  if (task->m <= FEW_TOKENS)
    prepare_trits(task);
  else
    bl_gemm_vnni_prepare(task, 1);
}

BL_ALWAYS_INLINE __m512i next_fraction(__m512i fraction) {
  __m512i twice = _mm512_add_epi8(fraction, fraction);
  // Kept apart from the step before: a compiler that sees 9, 27 and 81 makes byte multiplies of them, for
  // which there is no instruction.
  __asm__("" : "+v"(twice));
  return _mm512_add_epi8(fraction, twice);
}

// floor(3 q / 256). With p = q - 1 (or 0), averages that round up give q / 2 and then (q + q / 2) / 2,
// rounded down, whose two highest bits are the trit for every q.
BL_ALWAYS_INLINE __m512i trit_of(__m512i fraction) {
  const __m512i p = _mm512_subs_epu8(fraction, _mm512_set1_epi8(1));
  const __m512i three_quarters = _mm512_avg_epu8(p, _mm512_avg_epu8(p, _mm512_setzero_si512()));
  return _mm512_and_si512(_mm512_srli_epi16(three_quarters, 6), _mm512_set1_epi8(3));
}

BL_ALWAYS_INLINE void decode(__m512i chunk, __m512i *codes) {
#pragma clang loop unroll(full)
  for (size_t trit = 0; trit < TRITS; trit++) {
    codes[trit] = trit_of(chunk);
    chunk = next_fraction(chunk);
  }
}

BL_ALWAYS_INLINE void one_token(size_t rows, const bl_int8_rows *shape, const uint8_t *packed,
                                const int8_t *x, __m512i *total) {
  const __mmask64 bytes = bl_first_64(shape->chunk_bytes);
  for (size_t chunk = 0; chunk < shape->chunks;) {
    __m512i own[BL_INT8_GEMV_ROWS], before[BL_INT8_GEMV_ROWS];
    for (size_t r = 0; r < rows; r++) own[r] = before[r] = _mm512_setzero_si512();
    const size_t fold = bl_min(chunk + FOLD_BLOCKS, shape->chunks);
    for (; chunk < fold; chunk++, packed += shape->chunk_stride, x += CHUNK_BYTES) {
      __m512i q[BL_INT8_GEMV_ROWS];
#pragma clang loop unroll(full)
      for (size_t r = 0; r < rows; r++) {
        q[r] = _mm512_maskz_loadu_epi8(bytes, packed + r * shape->stream_bytes);
        bl_prefetch_stream(packed + r * shape->stream_bytes, rows);
      }
#pragma clang loop unroll(full)
      for (size_t trit = 0; trit < TRITS; trit++) {
        const __m512i activations = _mm512_load_si512(x + 64 * trit);
#pragma clang loop unroll(full)
        for (size_t r = 0; r < rows; r++) {
          own[r] = _mm512_dpbusd_epi32(own[r], q[r], activations);
          q[r] = next_fraction(q[r]);
          before[r] = _mm512_dpbusd_epi32(before[r], q[r], activations);
        }
      }
    }
    for (size_t r = 0; r < rows; r++) {
      const __m512i thrice = _mm512_add_epi32(own[r], _mm512_add_epi32(own[r], own[r]));
      total[r] = _mm512_add_epi32(total[r], _mm512_srai_epi32(_mm512_sub_epi32(thrice, before[r]), 8));
    }
  }
}

// Elements v[0 .. count - 1] are bytes of a part from `first_byte` on; each trit of an element is a quad.
BL_ALWAYS_INLINE void unpack_elements(const bl_gemm_piece *piece, size_t quad, const bl_tq1_part part,
                                      size_t first_byte, const size_t count) {
  const size_t block = quad / (BL_TQ1_BLOCK_COLUMNS / 4);
  const size_t first_quad = (part.first_column + first_byte - part.first_byte) / 4;
#pragma clang loop unroll(full)
  for (size_t half = 0; half < 2; half++) {
    __m512i v[4];
    bl_load_4x16(piece->row_begin + 16 * half, block * BL_TQ1_BLOCK_BYTES + first_byte, count, v);
    uint8_t *panel = piece->panel + (quad - piece->quad_begin + first_quad) * 128 + half * 64;
#pragma clang loop unroll(full)
    for (size_t i = 0; i < count; i++) {
#pragma clang loop unroll(full)
      for (size_t trit = 0; trit < part.trits; trit++) {
        _mm512_store_si512(panel + (part.bytes / 4 * trit + i) * 128, trit_of(v[i]));
        v[i] = next_fraction(v[i]);
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
  const size_t k = task->k;
  if (task->m <= FEW_TOKENS) {
    const bl_int8_rows shape = {
        .row_bytes = bl_tq1_row_bytes(k),
        .chunk_stride = BL_TQ1_BLOCK_BYTES,
        .chunk_bytes = BL_TQ1_CODE_BYTES,
        .last_bytes = BL_TQ1_CODE_BYTES,
        .chunks = bl_divide_up(k, BL_TQ1_BLOCK_COLUMNS),
    };
    bl_int8_gemv_vnni((bl_int8_row_loops){FEW_TOKENS, TRITS, decode, one_token}, 0, shape, task);
  } else {
    const bl_gemm_weights weights = {
        .unpack = unpack,
        .quads = bl_divide_up(k, 4),
        .quad_step = BL_TQ1_BLOCK_COLUMNS / 4,
        .panels = 1,
        .row_bytes = bl_tq1_row_bytes(k),
        .step_bytes = BL_TQ1_BLOCK_BYTES,
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
  return bl_mad_tq1_cost(m, n, k);
}

BL_TARGET_END

static const bl_kernel mad_tq1_avx512vnni = {
    .name = "mad-tq1-avx512vnni",
    .family = "mad",
    .summary = "fractions multiplied by vpdpbusd before their trits are taken out; a panel for many tokens",
    .source = "ggml-org/llama.cpp pull 8151; multiplying fractions and the panel: bitlab",
    .explain =
        "decode takes 20 instructions for 260 weights where mad-i2s takes 8 for 256: bound by arithmetic on "
        "one core, "
        "ahead only where many cores share little bandwidth; prefill runs at the rate of vpdpbusd",
    .packing = &bl_packing_tq1,
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
BL_REGISTER(mad_tq1_avx512vnni);
#endif
