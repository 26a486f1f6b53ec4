// mad-tq1-avx2: five trits in a byte times int8 activations with vpmaddubsw, on the public format TQ1_0.
//
// Idea: a byte q is a fraction of 256, and floor(9 q / 256) are its next two trits: a vpmulhuw of 16-bit
// fractions makes pairs 0..8, which vpshufb turns into either trit; the low halves of the products are the
// fractions that remain. Few tokens: trits in registers (common/bl_int8_gemv_avx2.h); many: a panel
// (common/bl_gemm_avx2.h).
//
// Layout: packing/tq1.h. The 52 bytes of a block fill no vectors, so a row is read in groups of eight blocks
// (the last group may be shorter), each part of a block beside the same part of others:
//
//   8 chunks   bytes 0..31 of one block          4 chunks   bytes 32..47 of two
//   1 chunk    bytes 48..51 of eight
//   x chunk =  [trit][32]: the columns of that trit of the chunk's bytes, zeros where there is none
//
// Bound: arithmetic: 31 instructions for 160 weights at most, 52 for the 256 of a block, 17 cycles on three
// ports.
#include "common/bl_gemm_avx2.h"
#include "common/bl_int8_gemv_avx2.h"
#include "common/bl_register.h"
#include "mad/mad_trits.h"

#if BL_X86
BL_TARGET_BEGIN_AVX2

enum {
  TRITS = 5,
  CHUNK_BYTES = TRITS * 32,  // of prepared activations
  GROUP_BLOCKS = 8,
  GROUP_CHUNKS = 13,
};

// Chunks of a group of so many blocks up to and with those of each part of a block.
BL_ALWAYS_INLINE size_t chunks_of_32(size_t blocks) {
  return blocks;
}
BL_ALWAYS_INLINE size_t chunks_of_16(size_t blocks) {
  return blocks + bl_divide_up(blocks, 2);
}
static size_t row_chunks(size_t k) {
  const size_t blocks = bl_divide_up(k, BL_TQ1_BLOCK_COLUMNS), rest = blocks % GROUP_BLOCKS;
  return blocks / GROUP_BLOCKS * GROUP_CHUNKS + (rest ? chunks_of_16(rest) + 1 : 0);
}

static size_t prepared_bytes(size_t m, size_t k) {
  return bl_int8_prepared_bytes(m, row_chunks(k) * CHUNK_BYTES);
}

// The activations of block `i` of a group of `blocks`, at the places of its three parts.
static void prepare_block(const int8_t *block, size_t i, size_t blocks, int8_t *group) {
  int8_t *const parts[BL_TQ1_PARTS] = {
      group + i * CHUNK_BYTES,
      group + (chunks_of_32(blocks) + i / 2) * CHUNK_BYTES + i % 2 * 16,
      group + chunks_of_16(blocks) * CHUNK_BYTES + i * 4,
  };
  for (size_t p = 0; p < BL_TQ1_PARTS; p++) {
    const bl_tq1_part part = bl_tq1_parts[p];
    for (size_t trit = 0; trit < part.trits; trit++)
      memcpy(parts[p] + trit * 32, block + part.first_column + trit * part.bytes, part.bytes);
  }
}

static void prepare(const bl_prepare_task *task) {
  const size_t k = task->k, token_bytes = row_chunks(k) * CHUNK_BYTES;
  if (task->m > BL_INT8_GEMV_AVX2_TOKENS) {
    bl_gemm_avx2_pack(task, bl_divide_up(k, 4), 32, 8, 1, bl_gemm_avx2_load_natural);
    return;
  }
  const size_t blocks = bl_divide_up(k, BL_TQ1_BLOCK_COLUMNS);
  for (size_t token = task->m_begin; token < task->m_end; token++) {
    const int8_t *x = (const int8_t *)task->x + token * k;
    int8_t *out = bl_int8_activations(task->prepared, task->m) + token * token_bytes;
    memset(out, 0, token_bytes);
    for (size_t i = 0; i < blocks; i++) {
      int8_t block[BL_TQ1_BLOCK_COLUMNS];
      const size_t column = i * BL_TQ1_BLOCK_COLUMNS, first = i / GROUP_BLOCKS * GROUP_BLOCKS;
      bl_copy_padded(x + column, k - column, BL_TQ1_BLOCK_COLUMNS, block);
      prepare_block(block, i - first, bl_min(GROUP_BLOCKS, blocks - first),
                    out + i / GROUP_BLOCKS * GROUP_CHUNKS * CHUNK_BYTES);
    }
    bl_int8_starts(task->prepared)[token] = -bl_sum_bytes_avx2(x, k);
  }
}

// Parts of the blocks of a group. Where a group is shorter than its chunks, its last block is read again, for
// activations of zero.
BL_ALWAYS_INLINE __m256i load_32(const uint8_t *group, size_t block) {
  return _mm256_loadu_si256((const __m256i *)(group + block * BL_TQ1_BLOCK_BYTES));
}
BL_ALWAYS_INLINE __m256i load_16(const uint8_t *group, size_t block, size_t blocks) {
  const size_t next = bl_min(block + 1, blocks - 1);
  return _mm256_inserti128_si256(
      _mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)(group + block * BL_TQ1_BLOCK_BYTES + 32))),
      _mm_loadu_si128((const __m128i *)(group + next * BL_TQ1_BLOCK_BYTES + 32)), 1);
}
BL_ALWAYS_INLINE __m256i load_4(const uint8_t *group, size_t blocks) {
  const __m256i block =
      _mm256_min_epi32(_mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7), _mm256_set1_epi32((int)blocks - 1));
  return _mm256_i32gather_epi32((const int *)(const void *)(group + 48),
                                _mm256_mullo_epi32(block, _mm256_set1_epi32(BL_TQ1_BLOCK_BYTES)), 1);
}

BL_ALWAYS_INLINE __m256i load(const uint8_t *row, size_t chunk, const bl_int8_rows_avx2 *shape) {
  const size_t first = chunk / GROUP_CHUNKS * GROUP_BLOCKS, i = chunk % GROUP_CHUNKS;
  const size_t blocks = bl_min(GROUP_BLOCKS, shape->row_bytes / BL_TQ1_BLOCK_BYTES - first);
  const uint8_t *group = row + first * BL_TQ1_BLOCK_BYTES;
  if (i < chunks_of_32(blocks)) return load_32(group, i);
  if (i < chunks_of_16(blocks)) return load_16(group, 2 * (i - chunks_of_32(blocks)), blocks);
  return load_4(group, blocks);
}

// Bytes as fractions of 16 bits, those of even and of odd places.
typedef struct fractions {
  __m256i even, odd;
} fractions;

BL_ALWAYS_INLINE fractions fractions_of(__m256i bytes) {
  return (fractions){_mm256_slli_epi16(bytes, 8), _mm256_and_si256(bytes, _mm256_set1_epi16((short)0xff00))};
}

// What leaves the fractions when they are multiplied, in the order of the bytes.
BL_ALWAYS_INLINE __m256i take(const short factor, fractions f) {
  const __m256i factors = _mm256_set1_epi16(factor);
  return _mm256_or_si256(_mm256_mulhi_epu16(f.even, factors),
                         _mm256_slli_epi16(_mm256_mulhi_epu16(f.odd, factors), 8));
}

BL_ALWAYS_INLINE fractions after(const short factor, fractions f) {
  const __m256i factors = _mm256_set1_epi16(factor);
  return (fractions){_mm256_mullo_epi16(f.even, factors), _mm256_mullo_epi16(f.odd, factors)};
}

BL_ALWAYS_INLINE void decode(__m256i bytes, __m256i *codes) {
  const __m256i first =
      _mm256_broadcastsi128_si256(_mm_setr_epi8(0, 0, 0, 1, 1, 1, 2, 2, 2, 0, 0, 0, 0, 0, 0, 0));
  const __m256i second =
      _mm256_broadcastsi128_si256(_mm_setr_epi8(0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 0, 0, 0, 0, 0, 0));
  fractions f = fractions_of(bytes);
#pragma clang loop unroll(full)
  for (size_t trit = 0; trit + 1 < TRITS; trit += 2) {
    const __m256i pairs = take(9, f);
    codes[trit] = _mm256_shuffle_epi8(first, pairs);
    codes[trit + 1] = _mm256_shuffle_epi8(second, pairs);
    f = after(9, f);
  }
  codes[TRITS - 1] = take(3, f);
}

BL_ALWAYS_INLINE void add_chunk(__m256i bytes, const int8_t *x, __m256i *sum) {
  __m256i codes[TRITS];
  decode(bytes, codes);
#pragma clang loop unroll(full)
  for (size_t trit = 0; trit < TRITS; trit++) {
    const __m256i activations = _mm256_loadu_si256((const __m256i *)(x + 32 * trit));
    *sum = _mm256_add_epi16(*sum, _mm256_maddubs_epi16(codes[trit], activations));
    __asm__("" : "+x"(*sum));  // one by one: products kept for a tree of additions would go to the stack
  }
}

// A group has 64 products of not more than 512: their sum lies in -32768 .. 32512.
BL_ALWAYS_INLINE void one_token(size_t rows, const bl_int8_rows_avx2 *shape, const uint8_t *packed,
                                const int8_t *x, __m256i *total) {
  const size_t row_blocks = shape->row_bytes / BL_TQ1_BLOCK_BYTES;
  for (size_t first = 0; first < row_blocks; first += GROUP_BLOCKS) {
    const size_t blocks = bl_min(GROUP_BLOCKS, row_blocks - first);
    const uint8_t *group[BL_INT8_GEMV_AVX2_ROWS];
    __m256i sum[BL_INT8_GEMV_AVX2_ROWS];
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) {
      group[r] = packed + r * shape->stream_bytes + first * BL_TQ1_BLOCK_BYTES;
      sum[r] = _mm256_setzero_si256();
    }
    for (size_t i = 0; i < blocks; i++, x += CHUNK_BYTES) {
#pragma clang loop unroll(full)
      for (size_t r = 0; r < rows; r++) {
        bl_prefetch_stream(group[r] + i * BL_TQ1_BLOCK_BYTES, rows);
        add_chunk(load_32(group[r], i), x, &sum[r]);
      }
    }
    for (size_t i = 0; i < blocks; i += 2, x += CHUNK_BYTES) {
#pragma clang loop unroll(full)
      for (size_t r = 0; r < rows; r++) add_chunk(load_16(group[r], i, blocks), x, &sum[r]);
    }
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) {
      add_chunk(load_4(group[r], blocks), x, &sum[r]);
      total[r] = _mm256_add_epi32(total[r], bl_widen_avx2(sum[r]));
    }
    x += CHUNK_BYTES;
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
      __m256i codes[TRITS];
      decode(v[i], codes);
#pragma clang loop unroll(full)
      for (size_t trit = 0; trit < part.trits; trit++)
        _mm256_store_si256((__m256i *)(panel + (part.bytes / 4 * trit + i) * 64), codes[trit]);
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
  if (task->m <= BL_INT8_GEMV_AVX2_TOKENS) {
    const bl_int8_rows_avx2 shape = {.row_bytes = bl_tq1_row_bytes(k), .chunks = row_chunks(k)};
    const bl_int8_row_loops_avx2 loops = {TRITS, load, decode, one_token, 4};
    bl_int8_gemv_avx2(loops, 0, shape, task);
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
    .summary = "trits by pairs from fractions, multiplied by vpmaddubsw; a panel for many tokens",
    .source = "ggml-org/llama.cpp pull 8151; pairs and the panel: bitlab",
    .explain =
        "decode takes about 52 instructions for the 256 weights of a block where mad-i2s-avx2 takes 27: "
        "bound by "
        "arithmetic; prefill takes two instructions for 32 products, which is all that AVX2 has",
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
