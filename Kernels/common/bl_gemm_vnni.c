#include "common/bl_gemm_vnni.h"

#include <string.h>

#if BL_X86
BL_TARGET_BEGIN_AVX512_VNNI

// Quads of a weight panel: at 128 bytes each a panel takes half of a 32 KiB level-1 cache and leaves the
// other half to the activations that stream past it.
enum { PANEL_QUADS = 128, PANEL_BYTES = PANEL_QUADS * BL_GEMM_VNNI_ROWS * 4 };

typedef struct tile_step {
  const uint8_t *panel;  // [quads][32 rows][4]
  const int8_t *x;       // [quads][tokens][4]
  size_t quads;
  const int32_t *start;  // one per token on the first step over the columns, else NULL: go on from sums
  int32_t *sums;         // [tokens][32]: carries the accumulators from one step to the next
  int32_t *y;            // on the last step, else NULL
  size_t y_stride;
  __mmask32 rows;  // of y
} tile_step;

BL_ALWAYS_INLINE void multiply_tile(const size_t tokens, const tile_step step) {
  __m512i sum[BL_GEMM_VNNI_TOKENS][2];
#pragma clang loop unroll(full)
  for (size_t t = 0; t < tokens; t++) {
#pragma clang loop unroll(full)
    for (size_t half = 0; half < 2; half++)
      sum[t][half] = step.start ? _mm512_set1_epi32(step.start[t])
                                : _mm512_load_si512(step.sums + t * BL_GEMM_VNNI_ROWS + 16 * half);
  }
  const uint8_t *codes = step.panel;
  const int8_t *x = step.x;
  for (size_t quad = 0; quad < step.quads; quad++, codes += 128, x += 4 * tokens) {
    const __m512i low = _mm512_load_si512(codes), high = _mm512_load_si512(codes + 64);
#pragma clang loop unroll(full)
    for (size_t t = 0; t < tokens; t++) {
      int32_t four;
      memcpy(&four, x + 4 * t, sizeof four);
      const __m512i broadcast = _mm512_set1_epi32(four);
      sum[t][0] = _mm512_dpbusd_epi32(sum[t][0], low, broadcast);
      sum[t][1] = _mm512_dpbusd_epi32(sum[t][1], high, broadcast);
    }
  }
#pragma clang loop unroll(full)
  for (size_t t = 0; t < tokens; t++) {
#pragma clang loop unroll(full)
    for (size_t half = 0; half < 2; half++) {
      if (step.y)
        _mm512_mask_storeu_epi32(step.y + t * step.y_stride + 16 * half,
                                 (__mmask16)(step.rows >> (16 * half)), sum[t][half]);
      else
        _mm512_store_si512(step.sums + t * BL_GEMM_VNNI_ROWS + 16 * half, sum[t][half]);
    }
  }
}

#define TILE(tokens)                                          \
  static void multiply_tile_##tokens(const tile_step *step) { \
    multiply_tile(tokens, *step);                             \
  }
TILE(1)
TILE(2)
TILE(3)
TILE(4)
TILE(5)
TILE(6)
TILE(7)
TILE(8)
TILE(9)
TILE(10)
TILE(11)
TILE(12)

static void (*const multiply_tile_of[BL_GEMM_VNNI_TOKENS + 1])(const tile_step *) = {
    NULL,
    multiply_tile_1,
    multiply_tile_2,
    multiply_tile_3,
    multiply_tile_4,
    multiply_tile_5,
    multiply_tile_6,
    multiply_tile_7,
    multiply_tile_8,
    multiply_tile_9,
    multiply_tile_10,
    multiply_tile_11,
    multiply_tile_12,
};

size_t bl_gemm_vnni_workspace_bytes(size_t m) {
  return PANEL_BYTES + m * BL_GEMM_VNNI_ROWS * sizeof(int32_t);
}

void bl_gemm_vnni_multiply(const bl_multiply_task *task, size_t row_bytes, size_t quads, size_t quad_step,
                           bl_gemm_unpack unpack) {
  const size_t m = task->m, tiles = bl_token_tiles(m, BL_GEMM_VNNI_TOKENS);
  const size_t blocks = bl_divide_up(quads, PANEL_QUADS / quad_step * quad_step);
  const size_t block_quads = bl_round_up(bl_divide_up(quads, blocks), quad_step);
  const int32_t *starts = bl_int8_starts(task->prepared);
  const int8_t *x = bl_int8_activations(task->prepared, m);
  bl_gemm_piece piece = {.task = task, .panel = task->workspace};
  int32_t *sums = (int32_t *)(piece.panel + PANEL_BYTES);
  for (size_t row = task->n_begin; row < task->n_end; row += BL_GEMM_VNNI_ROWS) {
    const size_t rows = bl_min(BL_GEMM_VNNI_ROWS, task->n_end - row);
    piece.row = row;
    for (size_t r = 0; r < BL_GEMM_VNNI_ROWS; r++)
      piece.row_begin[r] = (const uint8_t *)task->packed + (row + bl_min(r, rows - 1)) * row_bytes;
    for (size_t quad = 0; quad < quads; quad = piece.quad_end) {
      piece.quad_begin = quad;
      piece.quad_end = bl_min(quad + block_quads, quads);
      const bool last = piece.quad_end == quads;
      piece.next_rows_bytes = last ? BL_GEMM_VNNI_ROWS * row_bytes : 0;
      piece.next_quad = last ? 0 : piece.quad_end;
      unpack(&piece);
      for (size_t i = 0; i < tiles; i++) {
        const bl_token_tile tile = bl_token_tile_at(m, BL_GEMM_VNNI_TOKENS, i);
        const size_t tokens = tile.end - tile.begin;
        multiply_tile_of[tokens](&(tile_step){
            .panel = piece.panel,
            .x = x + (tile.begin * quads + quad * tokens) * 4,
            .quads = piece.quad_end - quad,
            .start = quad == 0 ? starts + tile.begin : NULL,
            .sums = sums + tile.begin * BL_GEMM_VNNI_ROWS,
            .y = last ? (int32_t *)task->y + tile.begin * task->n + row : NULL,
            .y_stride = task->n,
            .rows = (__mmask32)(((uint64_t)1 << rows) - 1),
        });
      }
    }
  }
}

static inline __m512i load_natural(const int8_t *x, size_t columns) {
  return bl_load_first(x, columns);
}

void bl_gemm_vnni_prepare(const bl_prepare_task *task, int32_t zero_point) {
  bl_gemm_vnni_pack(task, bl_divide_up(task->k, 4), 64, zero_point, load_natural);
}

BL_TARGET_END
#endif
