// tq1: five trits in a byte in blocks of 256 columns with a scale each, byte for byte the GGUF type TQ1_0 of
// ggml-org/llama.cpp. Code = weight + 1. A row is ceil(k / 256) blocks of 54 bytes:
//
//   byte           trit 0     1          2          3          4         of the byte, most significant first
//   b =  0..31     column b   b + 32     b + 64     b + 96     b + 128
//   b = 32..47     b + 128    b + 144    b + 160    b + 176    b + 192
//   b = 48..51     b + 192    b + 196    b + 200    b + 204    nothing
//   bytes 52..53   the block's scale as a little-endian fp16
//
// A byte is ceil(V * 256 / 243), V = 81 t0 + 27 t1 + 9 t2 + 3 t3 + t4: the fraction V / 243 in eight bits. So
// trit n is floor(3 * ((byte * 3^n) mod 256) / 256): multiply by three and what leaves the byte is the trit.
//
// Here a tensor has one scale, kept outside: pack() writes 1.0 in every block and no kernel reads it, but the
// bytes are streamed and counted. Columns past k hold code 1 (weight 0).
#ifndef BL_PACKING_TQ1_H
#define BL_PACKING_TQ1_H

#include "common/bl_math.h"
#include "include/bitlab_kernels.h"

enum { BL_TQ1_BLOCK_COLUMNS = 256, BL_TQ1_CODE_BYTES = 52, BL_TQ1_BLOCK_BYTES = 54 };

extern const bl_packing bl_packing_tq1;

// Bytes from one row to the next.
static inline size_t bl_tq1_row_bytes(size_t k) {
  return bl_divide_up(k, BL_TQ1_BLOCK_COLUMNS) * BL_TQ1_BLOCK_BYTES;
}

// How the code bytes of a block share out its columns: trit t of byte b belongs to column
// first_column + b - first_byte + bytes * t.
typedef struct bl_tq1_part {
  size_t first_byte, bytes, first_column, trits;
} bl_tq1_part;

enum { BL_TQ1_PARTS = 3 };
static const bl_tq1_part bl_tq1_parts[BL_TQ1_PARTS] = {{0, 32, 0, 5}, {32, 16, 160, 5}, {48, 4, 240, 4}};

#endif
