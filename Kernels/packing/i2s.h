// i2s: two bits per weight, row-major, byte for byte the tensor data of the ternary GGUF type i2_s (ggml type
// 36) as the x86 build of microsoft/BitNet writes it; the tensor's scale, which follows the data in a file,
// is kept outside. Code = weight + 1. A row is ceil(k / 128) blocks of 128 columns, 32 bytes each:
//
//   byte p of a block    bits 7..6   5..4      3..2      1..0
//   holds the code of    column p    32 + p    64 + p    96 + p        of the block, p = 0..31
//
// Columns past k hold code 1 (weight 0).
#ifndef BL_PACKING_I2S_H
#define BL_PACKING_I2S_H

#include "common/bl_math.h"
#include "include/bitlab_kernels.h"

enum { BL_I2S_BLOCK_COLUMNS = 128, BL_I2S_BLOCK_BYTES = 32 };

extern const bl_packing bl_packing_i2s;

// Bytes from one row to the next.
static inline size_t bl_i2s_row_bytes(size_t k) {
  return bl_divide_up(k, BL_I2S_BLOCK_COLUMNS) * BL_I2S_BLOCK_BYTES;
}

#endif
