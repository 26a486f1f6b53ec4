// Look-up tables of vectors, for many tokens (vector look-up: arXiv 2512.06443). An entry is the sum of a
// group of columns for 32 or 64 tokens at once, in int16: an index is decoded once for all of them, and a
// look-up is an addition from memory.
//
//   prepared:  tokens in tiles of 64, the last perhaps of 32:  int8 x[column][token], padding zero
//   tables:    of a run of steps, so many as fit the level 1 cache:  int16 entry[table][entry][token]
//
//   for 512 rows, for each tile of tokens, for each chunk of columns (lut_layout.h):
//     for each run of the chunk:    build its tables
//       for each tile of 64 rows:   16-bit offsets of the entries of all its rows
//         for each row:             sums of 64 tokens in two registers: one addition per look-up and
//         register;
//                                   between runs they wait as int16, after the chunk they are widened
//
// Bound: two 64-byte loads a look-up for 64 tokens, added as they come, and a narrow one of the offset. Zen 5
// loads two wide and two narrow a cycle: one look-up a cycle, 64 times its columns multiply-accumulates.
// Golden Cove loads two of any kind as long as some are wide: 1.5 cycles. (Offsets taken out of a 64-bit word
// by rotation and mask save the load, but compete with the additions for ports: 1.4 cycles, and no gain in
// the whole.) Around that, sums are loaded and stored (4 accesses a run), widened (some 20 instructions a
// chunk), and offsets made (a tenth).
#ifndef BL_LUT_VECTORS_AVX512_H
#define BL_LUT_VECTORS_AVX512_H

#include "common/bl_transpose_avx512.h"

#if BL_X86
#include "lut/lut_layout.h"
#include "lut/lut_nibbles.h"

#include <stdbool.h>

BL_TARGET_BEGIN_AVX512

enum {
  BL_LUT_VECTOR_TOKENS = 32,       // of one vector of int16
  BL_LUT_VECTOR_TILE_TOKENS = 64,  // of two: they share an offset
  BL_LUT_VECTOR_MIN_OF_64 = 46,    // tokens that a tile of 64 is worth it for
  BL_LUT_VECTOR_MIN_OF_32 = 27,
  BL_LUT_VECTOR_TABLE_BYTES = 32 << 10,
  BL_LUT_VECTOR_ROWS = 512,  // that tables are built for: an entry is built for 512 look-ups
};

typedef struct bl_lut_vectors {
  const bl_lut_layout *layout;
  size_t entries;            // of a table, in memory
  size_t lookups;            // of a row in one step
  bool first_is_subtracted;  // of every two look-ups
  // Writes the entries of one table for 32 tokens, `stride` vectors apart.
  void (*build)(const __m512i *x, size_t stride, __m512i *table);
  // Writes offset[look-up][row] of 64 rows for one step: from the first table of the step to the entry, whose
  // size is 64 << panels_log2 bytes.
  void (*write_offsets)(const uint8_t *weights, unsigned panels_log2, uint16_t *offsets);
} bl_lut_vectors;

// Of m tokens, the first so many are looked up as vectors: whole tiles of 64, and of the rest what fills a
// tile of 64 or 32 so well that its empty places cost less than looking the tokens up one by one.
static inline size_t bl_lut_vector_tokens(size_t m) {
  const size_t rest = m % BL_LUT_VECTOR_TILE_TOKENS;
  if (rest >= BL_LUT_VECTOR_MIN_OF_64) return m;
  if (rest >= BL_LUT_VECTOR_TOKENS) return m - rest + BL_LUT_VECTOR_TOKENS;
  return rest >= BL_LUT_VECTOR_MIN_OF_32 ? m : m - rest;
}
// Tokens that the tile from `token` on has memory for, when `tokens` are looked up as vectors.
static inline size_t bl_lut_vector_tile_tokens(size_t tokens, size_t token) {
  return tokens - token > BL_LUT_VECTOR_TOKENS ? BL_LUT_VECTOR_TILE_TOKENS : BL_LUT_VECTOR_TOKENS;
}
static inline size_t bl_lut_vector_columns(const bl_lut_layout *layout, size_t k) {
  return bl_lut_steps(layout, k) * layout->step_columns;
}
static inline size_t bl_lut_vector_prepared_bytes(const bl_lut_layout *layout, size_t tokens, size_t k) {
  return bl_round_up(tokens, BL_LUT_VECTOR_TOKENS) * bl_lut_vector_columns(layout, k);
}

// Writes the tokens begin to end of x[m][k], the first `tokens` of which are looked up as vectors, and, with
// the last one, the padding behind it.
static inline void bl_lut_vector_prepare(const bl_lut_layout *layout, const bl_prepare_task *task,
                                         size_t tokens) {
  const size_t k = task->k, end = bl_min(task->m_end, tokens);
  const size_t columns = bl_lut_vector_columns(layout, k);
  for (size_t group = task->m_begin / 16 * 16; group < (end == tokens ? bl_round_up(tokens, 32) : end);
       group += 16) {
    const size_t tile = group / BL_LUT_VECTOR_TILE_TOKENS * BL_LUT_VECTOR_TILE_TOKENS;
    const size_t tile_tokens = bl_lut_vector_tile_tokens(tokens, tile);
    __mmask16 written = 0;
    for (size_t i = 0; i < 16; i++) {
      const size_t token = group + i;
      written |= (__mmask16)((token >= task->m_begin && (token < end || end == tokens)) << i);
    }
    int8_t *out = (int8_t *)task->prepared + tile * columns + (group - tile);
    for (size_t column = 0; column < columns; column += 16) {
      const size_t count = column < k ? bl_min(16, k - column) : 0;
      __m128i v[16];
      for (size_t i = 0; i < 16; i++) {
        const bool exists = group + i >= task->m_begin && group + i < end;
        v[i] = _mm_maskz_loadu_epi8(exists ? (__mmask16)((1u << count) - 1) : 0,
                                    (const int8_t *)task->x + (group + i) * k + column);
      }
      bl_transpose_bytes_16x16(v);
      for (size_t i = 0; i < bl_min(16, columns - column); i++)
        _mm_mask_storeu_epi8(out + (column + i) * tile_tokens, written, v[i]);
    }
  }
}

static inline size_t bl_lut_vector_run_steps(const bl_lut_vectors *vectors, size_t panels) {
  const size_t step_bytes = vectors->layout->step_tables * vectors->entries * panels * 64;
  const size_t most = step_bytes < BL_LUT_VECTOR_TABLE_BYTES ? BL_LUT_VECTOR_TABLE_BYTES / step_bytes : 1;
  return bl_divide_up(vectors->layout->chunk_steps, bl_divide_up(vectors->layout->chunk_steps, most));
}

// What multiply() works in, one part after the other.
typedef struct bl_lut_vector_memory {
  uint8_t *tables;
  uint16_t *offsets;  // [step of the run][look-up][row of the tile]
  __m512i *waiting;   // int16 sums [row][panel]
  int32_t *totals;    // [row][token of the tile]
} bl_lut_vector_memory;

static inline bl_lut_vector_memory bl_lut_vector_parts(uint8_t *workspace) {
  bl_lut_vector_memory memory = {.tables = workspace};
  workspace += BL_LUT_VECTOR_TABLE_BYTES;
  memory.waiting = (__m512i *)(void *)workspace;
  workspace += BL_LUT_VECTOR_ROWS * BL_LUT_VECTOR_TILE_TOKENS * sizeof(int16_t);
  memory.totals = (int32_t *)(void *)workspace;
  workspace += BL_LUT_VECTOR_ROWS * BL_LUT_VECTOR_TILE_TOKENS * sizeof(int32_t);
  memory.offsets = (uint16_t *)(void *)workspace;
  return memory;
}
static inline size_t bl_lut_vector_workspace_bytes(const bl_lut_vectors *vectors, size_t m) {
  if (bl_lut_vector_tokens(m) == 0) return 0;
  return BL_LUT_VECTOR_TABLE_BYTES +
         BL_LUT_VECTOR_ROWS * BL_LUT_VECTOR_TILE_TOKENS * (sizeof(int16_t) + sizeof(int32_t)) +
         bl_lut_vector_run_steps(vectors, 1) * vectors->lookups * BL_LUT_ROWS * sizeof(uint16_t);
}

// A run of steps of one tile of tokens.
typedef struct bl_lut_vector_run {
  size_t steps;
  const uint8_t *weights;  // of the first row tile
  const int8_t *x;         // first column of the run
  bool begins_chunk, ends_chunk, first_chunk;
} bl_lut_vector_run;

BL_ALWAYS_INLINE void bl_lut_vector_build(const bl_lut_vectors vectors, const size_t panels,
                                          const bl_lut_vector_run *run, uint8_t *tables) {
  const size_t group = vectors.layout->step_columns / vectors.layout->step_tables;
  const size_t count = run->steps * vectors.layout->step_tables;
  for (size_t table = 0; table < count; table++) {
    for (size_t p = 0; p < panels; p++) {
      __m512i x[4];
      for (size_t i = 0; i < group; i++)
        x[i] = _mm512_cvtepi8_epi16(_mm256_load_si256(
            (const __m256i *)(run->x + ((table * group + i) * panels + p) * BL_LUT_VECTOR_TOKENS)));
      vectors.build(x, panels, (__m512i *)(void *)tables + table * vectors.entries * panels + p);
    }
  }
}

// Adds a chunk's int16 sums of 32 tokens to their totals, or sets them.
BL_ALWAYS_INLINE void bl_lut_vector_widen(__m512i sums, bool first, int32_t *totals) {
  __m512i low = _mm512_cvtepi16_epi32(_mm512_castsi512_si256(sums));
  __m512i high = _mm512_cvtepi16_epi32(_mm512_extracti64x4_epi64(sums, 1));
  if (!first) {
    low = _mm512_add_epi32(low, _mm512_load_si512(totals));
    high = _mm512_add_epi32(high, _mm512_load_si512(totals + 16));
  }
  _mm512_store_si512(totals, low);
  _mm512_store_si512(totals + 16, high);
}

// The look-ups of `rows` rows of a tile in one run.
BL_ALWAYS_INLINE void bl_lut_vector_rows(const bl_lut_vectors vectors, const size_t panels,
                                         const bl_lut_vector_run *run, const bl_lut_vector_memory *memory,
                                         size_t first_row, size_t rows) {
  const size_t step_bytes = vectors.layout->step_tables * vectors.entries * panels * 64;
  for (size_t row = 0; row < rows; row++) {
    __m512i *waiting = memory->waiting + (first_row + row) * panels;
    int32_t *totals = memory->totals + (first_row + row) * panels * BL_LUT_VECTOR_TOKENS;
    const uint8_t *tables = memory->tables;
    const uint16_t *offsets = memory->offsets + row;
    __m512i sums[2];
    for (size_t p = 0; p < panels; p++)
      sums[p] = run->begins_chunk ? _mm512_setzero_si512() : _mm512_load_si512(waiting + p);
    for (size_t step = 0; step < run->steps; step++) {
#pragma clang loop unroll(full)
      for (size_t lookup = 0; lookup < vectors.lookups; lookup++) {
        const __m512i *entry = (const __m512i *)(const void *)(tables + offsets[lookup * BL_LUT_ROWS]);
        for (size_t p = 0; p < panels; p++)
          sums[p] = vectors.first_is_subtracted && lookup % 2 == 0 ? _mm512_sub_epi16(sums[p], entry[p])
                                                                   : _mm512_add_epi16(sums[p], entry[p]);
      }
      tables += step_bytes;
      offsets += vectors.lookups * BL_LUT_ROWS;
    }
    for (size_t p = 0; p < panels; p++) {
      if (run->ends_chunk)
        bl_lut_vector_widen(sums[p], run->first_chunk, totals + p * BL_LUT_VECTOR_TOKENS);
      else
        _mm512_store_si512(waiting + p, sums[p]);
    }
  }
}

// Writes the totals of `rows` rows to y[token][row] for `tokens` tokens.
static inline void bl_lut_vector_store(const int32_t *totals, size_t stride, size_t rows, size_t tokens,
                                       size_t n, int32_t *y) {
  for (size_t row = 0; row < rows; row += 16) {
    const size_t left = bl_min(16, rows - row);
    for (size_t token = 0; token < tokens; token += 16) {
      __m512i v[16];
      for (size_t i = 0; i < 16; i++)
        v[i] = i < left ? _mm512_load_si512(totals + (row + i) * stride + token) : _mm512_setzero_si512();
      bl_transpose_16x16(v);
      for (size_t i = 0; i < bl_min(16, tokens - token); i++)
        _mm512_mask_storeu_epi32(y + (token + i) * n + row, (__mmask16)((1u << left) - 1), v[i]);
    }
  }
}

// `rows` rows from `row` on against the tile from `token` on, of `tokens` tokens that exist. `panels` is a
// constant in every caller.
BL_ALWAYS_INLINE void bl_lut_vector_tile(const bl_lut_vectors vectors, const size_t panels,
                                         const bl_multiply_task *task, size_t row, size_t rows, size_t token,
                                         size_t tokens) {
  const bl_lut_layout *layout = vectors.layout;
  const size_t steps = bl_lut_steps(layout, task->k), tile_bytes = steps * layout->step_weight_bytes;
  const size_t run_steps = bl_lut_vector_run_steps(&vectors, panels);
  const bl_lut_vector_memory memory = bl_lut_vector_parts(task->workspace);
  const uint8_t *weights = (const uint8_t *)task->packed + row / BL_LUT_ROWS * tile_bytes;
  const int8_t *x = (const int8_t *)task->prepared + token * bl_lut_vector_columns(layout, task->k);
  for (size_t chunk = 0; chunk < steps; chunk += layout->chunk_steps) {
    const size_t chunk_end = bl_min(chunk + layout->chunk_steps, steps);
    for (size_t step = chunk; step < chunk_end; step += run_steps) {
      const bl_lut_vector_run run = {
          .steps = bl_min(run_steps, chunk_end - step),
          .weights = weights + step * layout->step_weight_bytes,
          .x = x + step * layout->step_columns * panels * BL_LUT_VECTOR_TOKENS,
          .begins_chunk = step == chunk,
          .ends_chunk = step + run_steps >= chunk_end,
          .first_chunk = chunk == 0,
      };
      bl_lut_vector_build(vectors, panels, &run, memory.tables);
      for (size_t first = 0; first < rows; first += BL_LUT_ROWS) {
        const uint8_t *tile = run.weights + first / BL_LUT_ROWS * tile_bytes;
        for (size_t i = 0; i < run.steps; i++)
          vectors.write_offsets(tile + i * layout->step_weight_bytes, panels == 2,
                                memory.offsets + i * vectors.lookups * BL_LUT_ROWS);
        for (size_t i = 0; i < run.steps * layout->step_weight_bytes; i += 64)
          _mm_prefetch((const char *)tile + run.steps * layout->step_weight_bytes + i, _MM_HINT_T1);
        bl_lut_vector_rows(vectors, panels, &run, &memory, first, bl_min(BL_LUT_ROWS, rows - first));
      }
    }
  }
  bl_lut_vector_store(memory.totals, panels * BL_LUT_VECTOR_TOKENS, rows, tokens, task->n,
                      (int32_t *)task->y + token * task->n + row);
}

// All rows of the task against the first `tokens` tokens.
BL_ALWAYS_INLINE void bl_lut_vector_multiply(const bl_lut_vectors vectors, const bl_multiply_task *task,
                                             size_t tokens) {
  for (size_t row = task->n_begin; row < task->n_end; row += BL_LUT_VECTOR_ROWS) {
    const size_t rows = bl_min(BL_LUT_VECTOR_ROWS, task->n_end - row);
    for (size_t token = 0; token < tokens; token += BL_LUT_VECTOR_TILE_TOKENS) {
      const size_t count = bl_min(BL_LUT_VECTOR_TILE_TOKENS, tokens - token);
      if (count > BL_LUT_VECTOR_TOKENS)
        bl_lut_vector_tile(vectors, 2, task, row, rows, token, count);
      else
        bl_lut_vector_tile(vectors, 1, task, row, rows, token, count);
    }
  }
}

// write_offsets() for nibbles. The look-ups of a byte are its upper nibble, then its lower.
BL_ALWAYS_INLINE void bl_lut_vector_nibble_offsets(const bl_lut_nibbles nibbles, const size_t entries,
                                                   const uint8_t *weights, const unsigned panels_log2,
                                                   uint16_t *offsets) {
  const unsigned entry_log2 = 6 + panels_log2;
  const __m512i mask = _mm512_set1_epi16((short)(15 << entry_log2));
#pragma clang loop unroll(full)
  for (size_t byte = 0; byte < nibbles.step_bytes; byte++) {
    const size_t table = byte * nibbles.byte_tables;
    const __m512i high = _mm512_set1_epi16((short)(((table + nibbles.high_table) * entries) << entry_log2));
    const __m512i low = _mm512_set1_epi16((short)(((table + nibbles.low_table) * entries) << entry_log2));
#pragma clang loop unroll(full)
    for (size_t half = 0; half < 2; half++) {
      const __m512i v = _mm512_cvtepu8_epi16(
          _mm256_load_si256((const __m256i *)(weights + byte * BL_LUT_ROWS + half * BL_LUT_ROWS / 2)));
      uint16_t *out = offsets + 2 * byte * BL_LUT_ROWS + half * BL_LUT_ROWS / 2;
      const __m512i upper = _mm512_and_si512(_mm512_slli_epi16(v, entry_log2 - 4), mask);
      const __m512i lower = _mm512_and_si512(_mm512_slli_epi16(v, entry_log2), mask);
      _mm512_store_si512(out, _mm512_add_epi16(upper, high));
      _mm512_store_si512(out + BL_LUT_ROWS, _mm512_add_epi16(lower, low));
    }
  }
}

BL_TARGET_END
#endif
#endif
