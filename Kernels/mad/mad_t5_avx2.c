// mad-t5-avx2: five trits in a byte, 64 rows interleaved, looked up one by one and multiplied by vpmaddubsw.
//
// Idea: four bytes of a row, 20 columns, become one 32-bit element by interleaving vectors of 32 rows. A byte
// is taken apart into the indices of a triple and a pair of trits (common/bl_t5_avx2.h); each trit is then a
// look-up, with the sign of the byte, and one is added to make it a code.
//
//   quad t of 20 columns:  columns t, 5 + t, 10 + t, 15 + t            t = 0..4: trit t of the four bytes
//
// Each vector of codes belongs to 8 rows, so a token's quad is a broadcast. One or two tokens are multiplied
// with codes in registers, more use the panels of common/bl_gemm_avx2.h, four for the 64 rows of a tile.
//
// Layout: packing/t5.h; activations: common/bl_gemm_avx2.h, with the quads above, for any number of tokens.
//
// Bound: arithmetic: 2 instructions to interleave, 23 to make 160 codes, and two to multiply each 32 of them:
// 35, or 11.7 cycles on three ports for 32 bytes; lut-t5-avx2 needs 19.2. Prefill: the two.
#include "common/bl_gemm_avx2.h"
#include "common/bl_register.h"
#include "common/bl_t5_avx2.h"
#include "mad/mad_trits.h"

#if BL_X86
BL_TARGET_BEGIN_AVX2

enum {
  QUAD_BYTES = 4,                             // bytes of a row that make a 32-bit element
  STEP_COLUMNS = QUAD_BYTES * BL_T5_COLUMNS,  // 20
  STEP_QUADS = BL_T5_COLUMNS,                 // a quad for each trit
  HALF_ROWS = BL_T5_ROWS / 2,                 // rows of a vector of bytes
  FEW_TOKENS = 2,                             // most that are multiplied without a panel
  NARROW_STEPS = 64 / STEP_QUADS,             // before 16-bit sums are widened: see bl_gemm_avx2.h
  PREFETCH_BYTES = 4096,
};

static size_t row_quads(size_t k) {
  return bl_divide_up(k, STEP_COLUMNS) * STEP_QUADS;
}

static size_t prepared_bytes(size_t m, size_t k) {
  return bl_int8_prepared_bytes(m, row_quads(k) * 4);
}

BL_ALWAYS_INLINE void load_quads(const int8_t *x, size_t columns, int8_t *out) {
  int8_t padded[STEP_COLUMNS];
  const int8_t *natural = x;
  if (columns < STEP_COLUMNS) {
    bl_copy_padded(x, columns, STEP_COLUMNS, padded);
    natural = padded;
  }
  const __m128i first = _mm_loadu_si128((const __m128i *)natural);       // columns 0..15
  const __m128i last = _mm_loadu_si128((const __m128i *)(natural + 4));  // columns 4..19
  const __m128i quads0123 = _mm_or_si128(
      _mm_shuffle_epi8(first, _mm_setr_epi8(0, 5, 10, 15, 1, 6, 11, -1, 2, 7, 12, -1, 3, 8, 13, -1)),
      _mm_shuffle_epi8(last, _mm_setr_epi8(-1, -1, -1, -1, -1, -1, -1, 12, -1, -1, -1, 13, -1, -1, -1, 14)));
  _mm_storeu_si128((__m128i *)out, quads0123);
  for (size_t byte = 0; byte < QUAD_BYTES; byte++) out[16 + byte] = natural[BL_T5_COLUMNS * byte + 4];
}

static void prepare(const bl_prepare_task *task) {
  bl_gemm_avx2_pack(task, row_quads(task->k), STEP_COLUMNS, STEP_QUADS, 1, load_quads);
}

// What each index stands for in one place of five.
BL_ALWAYS_INLINE __m256i trits_of_index(const size_t place) {
  static const int8_t divisor[STEP_QUADS] = {9, 3, 1, 3, 1};
  int8_t trits[16];
  for (int index = 0; index < 16; index++) {
    const int value = place < 3 ? index + 13 : (int)bl_t5_pair_of_nibble((unsigned)index);
    trits[index] = (int8_t)(value / divisor[place] % 3 - 1);
  }
  return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)trits));
}

BL_ALWAYS_INLINE void decode(__m256i bytes, __m256i codes[STEP_QUADS]) {
  const bl_t5_indices index = bl_t5_indices_avx2(bytes);
#pragma clang loop unroll(full)
  for (size_t place = 0; place < STEP_QUADS; place++) {
    const __m256i trits = _mm256_shuffle_epi8(trits_of_index(place), place < 3 ? index.triple : index.pair);
    codes[place] = _mm256_add_epi8(_mm256_sign_epi8(trits, bytes), _mm256_set1_epi8(1));
  }
}

// Step `step` of half a tile as 32-bit elements: 128-bit lane l of v[i] holds rows 16 l + 4 i .. 16 l + 4 i
// + 3. Groups past the row are zeros, which are valid bytes of zero weights.
BL_ALWAYS_INLINE void load_elements(const uint8_t *half, size_t step, size_t groups, __m256i v[4]) {
  const uint8_t *bytes = half + step * QUAD_BYTES * BL_T5_ROWS;
  const size_t count = groups - step * QUAD_BYTES;
  __m256i g[QUAD_BYTES];
#pragma clang loop unroll(full)
  for (size_t i = 0; i < QUAD_BYTES; i++)
    g[i] = i < count ? _mm256_load_si256((const __m256i *)(bytes + i * BL_T5_ROWS)) : _mm256_setzero_si256();
  const __m256i low01 = _mm256_unpacklo_epi8(g[0], g[1]), high01 = _mm256_unpackhi_epi8(g[0], g[1]);
  const __m256i low23 = _mm256_unpacklo_epi8(g[2], g[3]), high23 = _mm256_unpackhi_epi8(g[2], g[3]);
  v[0] = _mm256_unpacklo_epi16(low01, low23);
  v[1] = _mm256_unpackhi_epi16(low01, low23);
  v[2] = _mm256_unpacklo_epi16(high01, high23);
  v[3] = _mm256_unpackhi_epi16(high01, high23);
}

static void unpack(const bl_gemm_piece *piece) {
  const size_t k = piece->task->k, groups = bl_t5_groups(k);
  const uint8_t *tile = (const uint8_t *)piece->task->packed + piece->row / BL_T5_ROWS * bl_t5_tile_bytes(k);
  for (size_t quad = piece->quad_begin; quad < piece->quad_end; quad += STEP_QUADS) {
    for (size_t half = 0; half < 2; half++) {
      __m256i v[4];
      load_elements(tile + half * HALF_ROWS, quad / STEP_QUADS, groups, v);
      // Eight rows a vector: rows 8 i .. 8 i + 7.
      const __m256i rows[4] = {
          _mm256_permute2x128_si256(v[0], v[1], 0x20), _mm256_permute2x128_si256(v[2], v[3], 0x20),
          _mm256_permute2x128_si256(v[0], v[1], 0x31), _mm256_permute2x128_si256(v[2], v[3], 0x31)};
#pragma clang loop unroll(full)
      for (size_t i = 0; i < 4; i++) {
        uint8_t *panel = piece->panel + (2 * half + i / 2) * BL_GEMM_PANEL_BYTES +
                         (quad - piece->quad_begin) * 64 + i % 2 * 32;
        __m256i codes[STEP_QUADS];
        decode(rows[i], codes);
#pragma clang loop unroll(full)
        for (size_t trit = 0; trit < STEP_QUADS; trit++)
          _mm256_store_si256((__m256i *)(panel + trit * 64), codes[trit]);
      }
    }
  }
}

BL_ALWAYS_INLINE __m256i broadcast_quad(const int8_t *x) {
  int32_t four;
  memcpy(&four, x, sizeof four);
  return _mm256_set1_epi32(four);
}

// total[t][i] += codes of half a tile's rows (as load_elements orders them) times token t.
BL_ALWAYS_INLINE void multiply_half(const size_t tokens, const uint8_t *half, size_t groups, const int8_t *x,
                                    __m256i total[][4]) {
  const size_t steps = bl_divide_up(groups, QUAD_BYTES);
  for (size_t step = 0; step < steps;) {
    __m256i sum[FEW_TOKENS][4];
#pragma clang loop unroll(full)
    for (size_t t = 0; t < tokens; t++)
      for (size_t i = 0; i < 4; i++) sum[t][i] = _mm256_setzero_si256();
    const size_t end = bl_min(step + NARROW_STEPS, steps);
    for (; step < end; step++, x += STEP_QUADS * 4 * tokens) {
      __m256i v[4];
      load_elements(half, step, groups, v);
      for (size_t i = 0; i < QUAD_BYTES; i++)
        _mm_prefetch((const char *)half + (step * QUAD_BYTES + i) * BL_T5_ROWS + PREFETCH_BYTES, _MM_HINT_T0);
#pragma clang loop unroll(full)
      for (size_t i = 0; i < 4; i++) {
        __m256i codes[STEP_QUADS];
        decode(v[i], codes);
#pragma clang loop unroll(full)
        for (size_t trit = 0; trit < STEP_QUADS; trit++) {
#pragma clang loop unroll(full)
          for (size_t t = 0; t < tokens; t++)
            sum[t][i] = _mm256_add_epi16(
                sum[t][i], _mm256_maddubs_epi16(codes[trit], broadcast_quad(x + (trit * tokens + t) * 4)));
        }
      }
    }
#pragma clang loop unroll(full)
    for (size_t t = 0; t < tokens; t++)
      for (size_t i = 0; i < 4; i++) total[t][i] = _mm256_add_epi32(total[t][i], bl_widen_avx2(sum[t][i]));
  }
}

BL_ALWAYS_INLINE void multiply_few(const size_t tokens, const bl_multiply_task *task) {
  const size_t groups = bl_t5_groups(task->k);
  const int32_t *starts = bl_int8_starts(task->prepared);
  const int8_t *x = bl_int8_activations(task->prepared, tokens);
  for (size_t row = task->n_begin; row < task->n_end; row += HALF_ROWS) {
    const uint8_t *half =
        (const uint8_t *)task->packed + row / BL_T5_ROWS * bl_t5_tile_bytes(task->k) + row % BL_T5_ROWS;
    __m256i total[FEW_TOKENS][4];
#pragma clang loop unroll(full)
    for (size_t t = 0; t < tokens; t++)
      for (size_t i = 0; i < 4; i++) total[t][i] = _mm256_set1_epi32(starts[t]);
    multiply_half(tokens, half, groups, x, total);
    for (size_t t = 0; t < tokens; t++) {
      int32_t sums[HALF_ROWS];
      for (size_t i = 0; i < 4; i++) {
        _mm_storeu_si128((__m128i *)(sums + 4 * i), _mm256_castsi256_si128(total[t][i]));
        _mm_storeu_si128((__m128i *)(sums + 16 + 4 * i), _mm256_extracti128_si256(total[t][i], 1));
      }
      memcpy((int32_t *)task->y + t * task->n + row, sums,
             bl_min(HALF_ROWS, task->n_end - row) * sizeof(int32_t));
    }
  }
}

static void multiply(const bl_multiply_task *task) {
  const bl_gemm_weights weights = {
      .unpack = unpack, .quads = row_quads(task->k), .quad_step = STEP_QUADS, .panels = 4};
  if (task->m == 1)
    multiply_few(1, task);
  else if (task->m == 2)
    multiply_few(2, task);
  else
    bl_gemm_multiply(&bl_gemm_avx2, &weights, task);
}

static size_t workspace_bytes(size_t m, size_t n, size_t k) {
  (void)n;
  (void)k;
  return m <= FEW_TOKENS ? 0 : bl_gemm_workspace_bytes(&bl_gemm_avx2, 4, m);
}

static bl_cost cost(size_t m, size_t n, size_t k, const void *packed) {
  (void)packed;
  return bl_mad_t5_cost(m, n, k);
}

BL_TARGET_END

static const bl_kernel mad_t5_avx2 = {
    .name = "mad-t5-avx2",
    .family = "mad",
    .summary = "trits looked up by vpshufb, multiplied by vpmaddubsw; panels for many tokens",
    .source = "bitlab; five trits in eight bits: ggml-org/llama.cpp pull 8151",
    .explain =
        "decode takes 35 vector instructions for 160 weights, of which 25 make codes, where lut-t5-avx2 "
        "takes "
        "19.2 to look up sums for three and two weights at once: bound by arithmetic; prefill takes two "
        "instructions for 32 products, which is all that AVX2 has",
    .packing = &bl_packing_t5,
    .isa = BL_ISA_AVX2,
    .activations = BL_ACTIVATIONS_INT8,
    .exact = true,
    .m_tile = 1,
    .n_tile = BL_T5_ROWS,
    .prepared_bytes = prepared_bytes,
    .prepare = prepare,
    .workspace_bytes = workspace_bytes,
    .multiply = multiply,
    .cost = cost,
};
BL_REGISTER(mad_t5_avx2);
#endif
