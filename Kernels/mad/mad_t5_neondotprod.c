// mad-t5-neondotprod: five trits in a byte, 64 rows interleaved, with balanced digits by compares and sdot.
//
// Idea: four bytes of a row, 20 columns, become one 32-bit element by interleaving vectors of 16 rows. A byte
// made the signed number v, |v| <= 121, is taken apart by two compares a trit: the trit of weight 81 is +1
// when v > 40 and -1 when v < -40, for the others cannot make more than 40; what it stands for is subtracted,
// and so on for 27, 9 and 3; the last trit is what is left. Trits are signed, as sdot wants them.
//
//   quad t of 20 columns:  columns t, 5 + t, 10 + t, 15 + t            t = 0..4: trit t of the four bytes
//
// Each vector of trits belongs to 4 rows, so a token's quad is one lane for all of them. One or two tokens
// are multiplied with trits in registers, 32 rows at a time and the columns in chunks, so that the other half
// of each cache line is still in level 1 when its turn comes; more tokens use the panels of
// common/bl_gemm_neon.h, four for the 64 rows of a tile.
//
// Layout: packing/t5.h; activations: common/bl_gemm_neon.h, with the quads above, for any number of tokens.
//
// Bound, by counting instructions (not measured on such a machine): decode takes 2 to interleave, 19 to take
// apart and 5 to multiply 80 weights, where i2s takes 10; prefill by the pipes that do sdot.
#include "common/bl_gemm_neon.h"
#include "common/bl_register.h"
#include "mad/mad_trits.h"

#if BL_ARM64
BL_TARGET_BEGIN_NEON_DOTPROD

enum {
  QUAD_BYTES = 4,                             // bytes of a row that make a 32-bit element
  STEP_COLUMNS = QUAD_BYTES * BL_T5_COLUMNS,  // 20
  STEP_QUADS = BL_T5_COLUMNS,                 // a quad for each trit
  PART_ROWS = 16,                             // rows of a vector of bytes
  HALF_PARTS = 2,                             // vectors of bytes that are multiplied together
  FEW_TOKENS = 2,                             // most that are multiplied without a panel
  CHUNK_STEPS = 16,                           // 4 KiB of a tile
  PREFETCH_BYTES = 4096,
};

static const bl_gemm_neon_engine engine = {&bl_gemm_neondotprod, 1};

static size_t row_quads(size_t k) {
  return bl_divide_up(k, STEP_COLUMNS) * STEP_QUADS;
}

static size_t prepared_bytes(size_t m, size_t k) {
  return bl_int8_prepared_bytes(m, row_quads(k) * 4);
}

BL_ALWAYS_INLINE void load_quads(const int8_t *x, size_t columns, int8_t *out) {
  int8_t natural[STEP_COLUMNS] = {0};
  memcpy(natural, x, bl_min(columns, STEP_COLUMNS));
  for (size_t trit = 0; trit < STEP_QUADS; trit++)
    for (size_t byte = 0; byte < QUAD_BYTES; byte++)
      out[trit * QUAD_BYTES + byte] = natural[BL_T5_COLUMNS * byte + trit];
}

static void prepare(const bl_prepare_task *task) {
  bl_gemm_neon_pack(task, engine, row_quads(task->k), STEP_COLUMNS, STEP_QUADS, 0, load_quads);
}

// One trit of weight `weight` of the signed numbers v, which keep the rest.
BL_ALWAYS_INLINE int8x16_t take_trit(const int8_t weight, int8x16_t *v) {
  const int8_t rest = (int8_t)((weight - 1) / 2);
  const int8x16_t above = vreinterpretq_s8_u8(vcgtq_s8(*v, vdupq_n_s8(rest)));  // -1 where it is
  const int8x16_t below = vreinterpretq_s8_u8(vcgtq_s8(vdupq_n_s8((int8_t)-rest), *v));
  const int8x16_t trit = vsubq_s8(below, above);
  *v = vmlsq_s8(*v, trit, vdupq_n_s8(weight));
  return trit;
}

BL_ALWAYS_INLINE void decode(int8x16_t bytes, int8x16_t trits[STEP_QUADS]) {
  // A byte with its sign bit is magnitude - 128 as a signed number.
  int8x16_t v = vbslq_s8(vcltzq_s8(bytes), vsubq_s8(vdupq_n_s8(-128), bytes), bytes);
  trits[0] = take_trit(81, &v);
  trits[1] = take_trit(27, &v);
  trits[2] = take_trit(9, &v);
  trits[3] = take_trit(3, &v);
  trits[4] = v;
}

// Four bytes of 16 rows as 32-bit elements: v[i] holds rows 4 i .. 4 i + 3. Groups past the row are zeros,
// which are valid bytes of zero weights.
BL_ALWAYS_INLINE void load_elements(const uint8_t *bytes, size_t count, int8x16_t v[4]) {
  uint8x16_t g[QUAD_BYTES];
  BL_UNROLL
  for (size_t i = 0; i < QUAD_BYTES; i++) g[i] = i < count ? vld1q_u8(bytes + i * BL_T5_ROWS) : vdupq_n_u8(0);
  const uint16x8_t low01 = vreinterpretq_u16_u8(vzip1q_u8(g[0], g[1]));
  const uint16x8_t low23 = vreinterpretq_u16_u8(vzip1q_u8(g[2], g[3]));
  const uint16x8_t high01 = vreinterpretq_u16_u8(vzip2q_u8(g[0], g[1]));
  const uint16x8_t high23 = vreinterpretq_u16_u8(vzip2q_u8(g[2], g[3]));
  v[0] = vreinterpretq_s8_u16(vzip1q_u16(low01, low23));
  v[1] = vreinterpretq_s8_u16(vzip2q_u16(low01, low23));
  v[2] = vreinterpretq_s8_u16(vzip1q_u16(high01, high23));
  v[3] = vreinterpretq_s8_u16(vzip2q_u16(high01, high23));
}

static void unpack(const bl_gemm_piece *piece) {
  const size_t k = piece->task->k, groups = bl_t5_groups(k);
  const uint8_t *tile = (const uint8_t *)piece->task->packed + piece->row / BL_T5_ROWS * bl_t5_tile_bytes(k);
  for (size_t quad = piece->quad_begin; quad < piece->quad_end; quad += STEP_QUADS) {
    const size_t group = quad / STEP_QUADS * QUAD_BYTES;
    for (size_t part = 0; part < BL_T5_ROWS / PART_ROWS; part++) {
      uint8_t *panel = piece->panel + part * BL_GEMM_PANEL_BYTES + (quad - piece->quad_begin) * 4 * PART_ROWS;
      int8x16_t v[4];
      load_elements(tile + group * BL_T5_ROWS + part * PART_ROWS, groups - group, v);
      BL_UNROLL
      for (size_t i = 0; i < 4; i++) {
        int8x16_t trits[STEP_QUADS];
        decode(v[i], trits);
        BL_UNROLL
        for (size_t trit = 0; trit < STEP_QUADS; trit++)
          vst1q_s8((int8_t *)panel + trit * 4 * PART_ROWS + 16 * i, trits[trit]);
      }
    }
  }
}

// sums[t * BL_T5_ROWS + row] += trits of the 16 * HALF_PARTS rows at `bytes` times token t, `groups` groups.
BL_ALWAYS_INLINE void multiply_half(const size_t tokens, const uint8_t *bytes, size_t groups, const int8_t *x,
                                    int32_t *sums) {
  int32x4_t sum[FEW_TOKENS][4 * HALF_PARTS];
  BL_UNROLL
  for (size_t t = 0; t < tokens; t++) {
    BL_UNROLL
    for (size_t i = 0; i < 4 * HALF_PARTS; i++) sum[t][i] = vld1q_s32(sums + t * BL_T5_ROWS + 4 * i);
  }
  for (size_t group = 0; group < groups; group += QUAD_BYTES, x += STEP_QUADS * QUAD_BYTES * tokens) {
    BL_UNROLL
    for (size_t part = 0; part < HALF_PARTS; part++) {
      int8x16_t v[4];
      load_elements(bytes + group * BL_T5_ROWS + part * PART_ROWS, groups - group, v);
      BL_UNROLL
      for (size_t i = 0; i < 4; i++) {
        int8x16_t trits[STEP_QUADS];
        decode(v[i], trits);
        BL_UNROLL
        for (size_t trit = 0; trit < STEP_QUADS; trit++) {
          BL_UNROLL
          for (size_t t = 0; t < tokens; t++) {
            int32_t quad;
            memcpy(&quad, x + (trit * tokens + t) * QUAD_BYTES, sizeof quad);
            const int8x8_t activations = vreinterpret_s8_s32(vdup_n_s32(quad));
            sum[t][4 * part + i] = vdotq_lane_s32(sum[t][4 * part + i], trits[trit], activations, 0);
          }
        }
      }
    }
  }
  BL_UNROLL
  for (size_t t = 0; t < tokens; t++) {
    BL_UNROLL
    for (size_t i = 0; i < 4 * HALF_PARTS; i++) vst1q_s32(sums + t * BL_T5_ROWS + 4 * i, sum[t][i]);
  }
}

BL_ALWAYS_INLINE void multiply_few(const size_t tokens, const bl_multiply_task *task) {
  enum { HALF_ROWS = HALF_PARTS * PART_ROWS, CHUNK_GROUPS = CHUNK_STEPS * QUAD_BYTES };
  const size_t groups = bl_t5_groups(task->k);
  const int8_t *x = bl_int8_activations(task->prepared, tokens);
  for (size_t row = task->n_begin; row < task->n_end; row += BL_T5_ROWS) {
    const uint8_t *tile = (const uint8_t *)task->packed + row / BL_T5_ROWS * bl_t5_tile_bytes(task->k);
    int32_t sums[FEW_TOKENS * BL_T5_ROWS] = {0};
    for (size_t group = 0; group < groups; group += CHUNK_GROUPS) {
      const size_t count = bl_min(CHUNK_GROUPS, groups - group);
      const uint8_t *chunk = tile + group * BL_T5_ROWS;
      for (size_t i = 0; i < count; i++) __builtin_prefetch(chunk + PREFETCH_BYTES + i * BL_T5_ROWS, 0, 3);
      for (size_t first = 0; first < BL_T5_ROWS; first += HALF_ROWS)
        multiply_half(tokens, chunk + first, count, x + group * BL_T5_COLUMNS * tokens, sums + first);
    }
    for (size_t t = 0; t < tokens; t++)
      memcpy((int32_t *)task->y + t * task->n + row, sums + t * BL_T5_ROWS,
             bl_min(BL_T5_ROWS, task->n_end - row) * sizeof(int32_t));
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
    bl_gemm_multiply(engine.engine, &weights, task);
}

static size_t workspace_bytes(size_t m, size_t n, size_t k) {
  (void)n;
  (void)k;
  return m <= FEW_TOKENS ? 0 : bl_gemm_workspace_bytes(engine.engine, 4, m);
}

static bl_cost cost(size_t m, size_t n, size_t k, const void *packed) {
  (void)packed;
  return bl_mad_t5_cost(m, n, k);
}

BL_TARGET_END

static const bl_kernel mad_t5_neondotprod = {
    .name = "mad-t5-neondotprod",
    .family = "mad",
    .summary = "balanced digits by compares, multiplied by sdot; panels for many tokens",
    .source = "bitlab; five trits in eight bits: ggml-org/llama.cpp pull 8151",
    .explain =
        "decode makes 80 trits by 21 instructions before five multiply them, where two-bit codes take ten in "
        "all: "
        "1.6 bits pay only where memory is that slow; prefill runs at the rate of sdot",
    .packing = &bl_packing_t5,
    .isa = BL_ISA_NEON | BL_ISA_NEON_DOTPROD,
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
BL_REGISTER(mad_t5_neondotprod);
#endif
