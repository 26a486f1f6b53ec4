// tq2: two bits per weight in blocks of 256 columns with a scale each, byte for byte the GGUF type TQ2_0 of
// ggml-org/llama.cpp. Code = weight + 1. A row is ceil(k / 256) blocks of 66 bytes:
//
//   bytes 0..63    two runs of 32 bytes, one for each 128 columns; byte p of a run
//                  bits 1..0   3..2      5..4      7..6
//                  column p    32 + p    64 + p    96 + p     of the run, p = 0..31
//   bytes 64..65   the block's scale as a little-endian fp16
//
// Here a tensor has one scale, kept outside: pack() writes 1.0 in every block and no kernel reads it, but the
// bytes are streamed and counted. Columns past k hold code 1 (weight 0).
#ifndef BL_PACKING_TQ2_H
#define BL_PACKING_TQ2_H

#include "common/bl_math.h"
#include "include/bitlab_kernels.h"

enum { BL_TQ2_BLOCK_COLUMNS = 256, BL_TQ2_CODE_BYTES = 64, BL_TQ2_BLOCK_BYTES = 66 };

extern const bl_packing bl_packing_tq2;

// Bytes from one row to the next.
static inline size_t bl_tq2_row_bytes(size_t k) {
  return bl_divide_up(k, BL_TQ2_BLOCK_COLUMNS) * BL_TQ2_BLOCK_BYTES;
}

#endif
