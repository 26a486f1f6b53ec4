// The tile registers of AMX (Intel Architecture Instruction Set Extensions Programming Reference, chapter 3):
// eight tiles of up to 16 rows of 64 bytes.
//
// A product is  C[m][n] += sum over four bytes (or two bfloat16) i of A[m][k i] * B[k][n i]:
//
//   A: up to 16 rows, one per token, of 64 bytes of columns      B: 16 quads (or pairs) x 16 rows of weights
//   C: up to 16 rows, one per token, of 16 sums
//
// and takes as many cycles as A has rows. Each function configures the tiles itself and releases them before
// it returns: until then every switch of threads moves 8 KiB more.
#ifndef BL_AMX_H
#define BL_AMX_H

#include "common/bl_target.h"

#include <stddef.h>
#include <stdint.h>

#if BL_X86

enum { BL_AMX_TILE_ROWS = 16, BL_AMX_ROW_BYTES = 64, BL_AMX_TILE_BYTES = 1024 };

// The operand of ldtilecfg.
typedef struct bl_amx_configuration {
  uint8_t palette, start_row, reserved[14];
  uint16_t row_bytes[16];
  uint8_t rows[16];
} bl_amx_configuration;

#endif
#endif
