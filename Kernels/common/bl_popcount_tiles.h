// The order in which the vector kernels of the bitserial and popcount families walk a matmul: tiles of
// rows x tokens x columns, so that weights loaded and split once serve several tokens, and the activation
// planes of a tile stay in the first-level cache while all its rows pass by.
#ifndef BL_POPCOUNT_TILES_H
#define BL_POPCOUNT_TILES_H

#include "common/bl_popcount_form.h"

enum {
  BL_POPCOUNT_ROW_GROUP = 8,             // rows whose sums are reduced together: n_tile of the kernels
  BL_POPCOUNT_PREFILL_ROWS = 32,         // rows that all tokens use before the next rows are read
  BL_POPCOUNT_L1_BYTES = 24 << 10,       // of activation planes at a time: half of a 48 KiB L1
  BL_POPCOUNT_PREFETCH_BYTES = 4 << 10,  // ahead in the weights; 1 or 2 KiB is too late, 8 KiB no better
};

// A block of y that one call computes.
typedef struct bl_popcount_tile {
  const bl_multiply_task *task;
  size_t row_begin, row_end;
  size_t token;                 // the first one; how many is the callee's constant
  size_t word_begin, word_end;  // of 64 columns; word_begin is a multiple of BL_POPCOUNT_BLOCK_WORDS
} bl_popcount_tile;

typedef void bl_popcount_tile_function(const bl_popcount_tile *tile);

// Computes a task by the functions for tiles of 1, 2, 4 and 8 tokens; NULL where there is none.
static inline void bl_popcount_multiply_tiles(bl_popcount_form form, const bl_multiply_task *task,
                                              bl_popcount_tile_function *const functions[4]) {
  int largest = 3;
  while (functions[largest] == NULL || ((size_t)1 << largest) > task->m) largest--;
  const size_t tokens = (size_t)1 << largest, words = bl_divide_up(task->k, 64);
  // When one tile holds all tokens the weights are streamed once, in long runs.
  const size_t rows = tokens == task->m ? task->n_end - task->n_begin : BL_POPCOUNT_PREFILL_ROWS;
  const size_t blocks = bl_divide_up(words, BL_POPCOUNT_BLOCK_WORDS);
  const size_t block_bytes = tokens * bl_popcount_planes(form) * BL_POPCOUNT_BLOCK_WORDS * sizeof(uint64_t);
  // As many slices as needed, of equal size.
  const size_t slices = bl_divide_up(blocks, BL_POPCOUNT_L1_BYTES / block_bytes);
  const size_t slice_words = bl_divide_up(blocks, slices) * BL_POPCOUNT_BLOCK_WORDS;

  for (size_t row = task->n_begin; row < task->n_end; row += rows)
    for (size_t word = 0; word < words; word += slice_words) {
      bl_popcount_tile tile = {
          .task = task,
          .row_begin = row,
          .row_end = bl_min(row + rows, task->n_end),
          .word_begin = word,
          .word_end = bl_min(word + slice_words, words),
      };
      int size = largest;
      while (tile.token < task->m) {
        while (((size_t)1 << size) > task->m - tile.token) size--;
        functions[size](&tile);
        tile.token += (size_t)1 << size;
      }
    }
}

// Writes the sums of a slice of columns for up to BL_POPCOUNT_ROW_GROUP rows of one token, or adds them to
// those of the slices before.
BL_ALWAYS_INLINE void bl_popcount_store(bl_popcount_form form, const bl_popcount_tile *tile, size_t row,
                                        size_t token, const int32_t *sums) {
  const bl_multiply_task *task = tile->task;
  int32_t *y = (int32_t *)task->y + token * task->n + row;
  const size_t rows = bl_min(BL_POPCOUNT_ROW_GROUP, tile->row_end - row);
  const int32_t base = bl_popcount_token_base(form, task, token);
  if (rows == BL_POPCOUNT_ROW_GROUP) {
    for (size_t i = 0; i < BL_POPCOUNT_ROW_GROUP; i++) y[i] = (tile->word_begin ? y[i] : base) + sums[i];
  } else {
    for (size_t i = 0; i < rows; i++) y[i] = (tile->word_begin ? y[i] : base) + sums[i];
  }
}

// The functions of one kernel: its form and, for its descriptor, prepared_bytes, prepare, multiply and cost.
// Stands in the target region of the instruction set.
#define BL_POPCOUNT_VECTOR_FUNCTIONS(weight_kind, activation_kind, isa)            \
  BL_POPCOUNT_FORM_FUNCTIONS(weight_kind, activation_kind)                         \
  static void prepare(const bl_prepare_task *task) {                               \
    bl_popcount_prepare_##isa(form, task);                                         \
  }                                                                                \
  static void tile_1(const bl_popcount_tile *tile) {                               \
    bl_popcount_tile_##isa(form, 1, tile);                                         \
  }                                                                                \
  static void tile_2(const bl_popcount_tile *tile) {                               \
    bl_popcount_tile_##isa(form, bl_min(2, bl_popcount_tokens_##isa(form)), tile); \
  }                                                                                \
  static void tile_4(const bl_popcount_tile *tile) {                               \
    bl_popcount_tile_##isa(form, bl_min(4, bl_popcount_tokens_##isa(form)), tile); \
  }                                                                                \
  static void tile_8(const bl_popcount_tile *tile) {                               \
    bl_popcount_tile_##isa(form, bl_min(8, bl_popcount_tokens_##isa(form)), tile); \
  }                                                                                \
  static void multiply(const bl_multiply_task *task) {                             \
    const size_t most = bl_popcount_tokens_##isa(form);                            \
    bl_popcount_multiply_tiles(form, task,                                         \
                               (bl_popcount_tile_function *const[4]){              \
                                   tile_1,                                         \
                                   most >= 2 ? tile_2 : NULL,                      \
                                   most >= 4 ? tile_4 : NULL,                      \
                                   most >= 8 ? tile_8 : NULL,                      \
                               });                                                 \
  }

#endif
