#include "common/bl_gemm_vnni.h"

#include <string.h>

#if BL_X86
BL_TARGET_BEGIN_AVX512_VNNI

// Cache lines of the packed weights that come next, asked for one by one between the multiplications: line
// i is in row i % 32, i / 32 lines after `offset`.
typedef struct next_lines {
  const uint8_t *const *rows;
  size_t offset, begin, end;
} next_lines;

typedef struct tile_step {
  const uint8_t *panel;  // [quads][32 rows][4]
  const int8_t *x;       // [quads][tokens][4]
  size_t quads;
  const int32_t *start;  // one per token on the first step over the columns, else NULL: go on from sums
  int32_t *sums;         // [tokens][32]: carries the accumulators from one step to the next
  int32_t *y;            // on the last step, else NULL
  size_t y_stride;
  __mmask32 rows;   // of y
  next_lines next;  // to prefetch, at most one a quad
} tile_step;

BL_ALWAYS_INLINE void multiply_quad(const size_t tokens, const uint8_t *codes, const int8_t *x,
                                    __m512i sum[][2]) {
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
  const next_lines next = step.next;
  size_t quad = 0;
  for (size_t line = next.begin; line < next.end; line++, quad++, codes += 128, x += 4 * tokens) {
    _mm_prefetch(
        (const char *)next.rows[line % BL_GEMM_VNNI_ROWS] + next.offset + line / BL_GEMM_VNNI_ROWS * 64,
        _MM_HINT_T0);
    multiply_quad(tokens, codes, x, sum);
  }
  for (; quad < step.quads; quad++, codes += 128, x += 4 * tokens) multiply_quad(tokens, codes, x, sum);
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

enum { PANELS = 2 };  // unpacked together at most

size_t bl_gemm_vnni_workspace_bytes(size_t m) {
  return PANELS * (BL_GEMM_VNNI_PANEL_BYTES + m * BL_GEMM_VNNI_ROWS * sizeof(int32_t));
}

// All tokens with one panel, and meanwhile a prefetch of the lines that the next piece will read.
static void multiply_panel(const bl_gemm_piece *piece, const bl_gemm_weights *weights, size_t panel) {
  const bl_multiply_task *task = piece->task;
  const size_t m = task->m, row = piece->row + panel * BL_GEMM_VNNI_ROWS;
  const size_t rows = bl_min(BL_GEMM_VNNI_ROWS, task->n_end - row),
               quads = piece->quad_end - piece->quad_begin;
  const bool first = piece->quad_begin == 0, last = piece->quad_end == weights->quads;
  uint8_t *panels = task->workspace;
  int32_t *sums = (int32_t *)(panels + PANELS * BL_GEMM_VNNI_PANEL_BYTES) + panel * m * BL_GEMM_VNNI_ROWS;

  const size_t next_quad = last ? 0 : piece->quad_end;
  const size_t next_bytes = bl_divide_up(quads, weights->quad_step) * weights->step_bytes;
  next_lines next = {
      .rows = piece->row_begin,
      .offset = (last ? BL_GEMM_VNNI_ROWS * weights->row_bytes : 0) +
                next_quad / weights->quad_step * weights->step_bytes,
  };
  size_t lines = weights->row_bytes ? bl_divide_up(next_bytes, 64) * BL_GEMM_VNNI_ROWS : 0;

  const size_t tiles = bl_token_tiles(m, BL_GEMM_VNNI_TOKENS);
  for (size_t i = 0; i < tiles; i++) {
    const bl_token_tile tile = bl_token_tile_at(m, BL_GEMM_VNNI_TOKENS, i);
    const size_t tokens = tile.end - tile.begin;
    next.begin = next.end;
    next.end = bl_min(lines, next.begin + quads);
    multiply_tile_of[tokens](&(tile_step){
        .panel = piece->panel + panel * BL_GEMM_VNNI_PANEL_BYTES,
        .x = bl_int8_activations(task->prepared, m) +
             (tile.begin * weights->quads + piece->quad_begin * tokens) * 4,
        .quads = quads,
        .start = first ? bl_int8_starts(task->prepared) + tile.begin : NULL,
        .sums = sums + tile.begin * BL_GEMM_VNNI_ROWS,
        .y = last ? (int32_t *)task->y + tile.begin * task->n + row : NULL,
        .y_stride = task->n,
        .rows = (__mmask32)(((uint64_t)1 << rows) - 1),
        .next = next,
    });
  }
}

void bl_gemm_vnni_multiply(const bl_multiply_task *task, const bl_gemm_weights *weights) {
  // Blocks of columns of about equal length, each no longer than a panel.
  const size_t quads = weights->quads, step = weights->quad_step;
  const size_t blocks = bl_divide_up(quads, BL_GEMM_VNNI_PANEL_QUADS / step * step);
  const size_t block_quads = bl_round_up(bl_divide_up(quads, blocks), step);
  const size_t rows = weights->panels * BL_GEMM_VNNI_ROWS;
  bl_gemm_piece piece = {.task = task, .panel = task->workspace};
  for (piece.row = task->n_begin; piece.row < task->n_end; piece.row += rows) {
    for (size_t r = 0; r < BL_GEMM_VNNI_ROWS; r++)
      piece.row_begin[r] =
          (const uint8_t *)task->packed + bl_min(piece.row + r, task->n_end - 1) * weights->row_bytes;
    for (size_t quad = 0; quad < quads; quad = piece.quad_end) {
      piece.quad_begin = quad;
      piece.quad_end = bl_min(quad + block_quads, quads);
      weights->unpack(&piece);
      for (size_t panel = 0; panel < weights->panels && piece.row + panel * BL_GEMM_VNNI_ROWS < task->n_end;
           panel++)
        multiply_panel(&piece, weights, panel);
    }
  }
}

BL_ALWAYS_INLINE __m512i load_natural(const int8_t *x, size_t columns) {
  return bl_load_first(x, columns);
}

void bl_gemm_vnni_prepare(const bl_prepare_task *task, int32_t zero_point) {
  bl_gemm_vnni_pack(task, bl_divide_up(task->k, 4), 64, zero_point, load_natural);
}

BL_TARGET_END
#endif
