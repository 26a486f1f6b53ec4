// Multiplying with AMX: two tiles by two, four accumulators. One would do on the first generations, which
// forward sums row by row, so that neither more accumulators nor fewer operands change the rate.
#include "common/bl_amx.h"
#include "probe/probes.h"

#include <string.h>

#if BL_X86

enum { SUMS = 4, TILE_SUMS = 256 };

BL_TARGET_BEGIN_AMX_INT8

// All tiles full; x in tiles 4 and 5, w in tiles 6 and 7, sums of zero in tiles 0 to 3.
static void begin(uint32_t x, uint32_t w) {
  bl_amx_configuration configuration = {.palette = 1};
  for (size_t i = 0; i < 8; i++) {
    configuration.row_bytes[i] = BL_AMX_ROW_BYTES;
    configuration.rows[i] = BL_AMX_TILE_ROWS;
  }
  _tile_loadconfig(&configuration);
  uint32_t tile[2][BL_AMX_TILE_BYTES / sizeof(uint32_t)];
  for (size_t i = 0; i < BL_AMX_TILE_BYTES / sizeof(uint32_t); i++) {
    tile[0][i] = x;
    tile[1][i] = w;
  }
  _tile_loadd(4, tile[0], BL_AMX_ROW_BYTES);
  _tile_loadd(5, tile[0], BL_AMX_ROW_BYTES);
  _tile_loadd(6, tile[1], BL_AMX_ROW_BYTES);
  _tile_loadd(7, tile[1], BL_AMX_ROW_BYTES);
}

static void end(void *sums) {
  _tile_stored(0, sums, BL_AMX_ROW_BYTES);
  _tile_stored(1, (char *)sums + BL_AMX_TILE_BYTES, BL_AMX_ROW_BYTES);
  _tile_stored(2, (char *)sums + 2 * BL_AMX_TILE_BYTES, BL_AMX_ROW_BYTES);
  _tile_stored(3, (char *)sums + 3 * BL_AMX_TILE_BYTES, BL_AMX_ROW_BYTES);
  _tile_release();
}

static uint64_t int8_dot(size_t steps) {
  begin(0x04030201, 0x01020304);  // four products: 20
  for (size_t n = 0; n < steps; n++) {
    _tile_dpbsud(0, 4, 6);
    _tile_dpbsud(1, 4, 7);
    _tile_dpbsud(2, 5, 6);
    _tile_dpbsud(3, 5, 7);
  }
  int32_t sums[SUMS * TILE_SUMS];
  end(sums);
  uint64_t total = 0;
  for (size_t i = 0; i < SUMS * TILE_SUMS; i++) total += (uint64_t)sums[i];
  return total;
}

BL_TARGET_END
BL_TARGET_BEGIN_AMX_BF16

static uint64_t bf16_dot(size_t steps) {
  begin(0x3f003f00, 0x3f403f40);  // pairs of 0.5 and of 0.75, whose products sum to 12 in 64 bytes
  for (size_t n = 0; n < steps; n++) {
    _tile_dpbf16ps(0, 4, 6);
    _tile_dpbf16ps(1, 4, 7);
    _tile_dpbf16ps(2, 5, 6);
    _tile_dpbf16ps(3, 5, 7);
  }
  float sums[SUMS * TILE_SUMS];
  end(sums);
  double total = 0;
  for (size_t i = 0; i < SUMS * TILE_SUMS; i++) total += (double)sums[i];
  return (uint64_t)total;
}

BL_TARGET_END

const bl_compute_probe bl_compute_int8_dot_amxint8 = {
    .name = "int8-dot-amxint8",
    .isa = BL_ISA_AVX2 | BL_ISA_AVX512 | BL_ISA_AVX512_VNNI | BL_ISA_AVX512_VBMI | BL_ISA_AMX_INT8,
    .kind = BL_COMPUTE_INT8_DOT,
    .macs_per_step = SUMS * TILE_SUMS * 64,
    .sum_per_step = SUMS * TILE_SUMS * 16 * 20,
    .run = int8_dot,
};

const bl_compute_probe bl_compute_bf16_dot_amxbf16 = {
    .name = "bf16-dot-amxbf16",
    .isa = BL_ISA_AVX2 | BL_ISA_AVX512 | BL_ISA_AVX512_BF16 | BL_ISA_AMX_BF16,
    .kind = BL_COMPUTE_BF16_DOT,
    .macs_per_step = SUMS * TILE_SUMS * 32,
    .sum_per_step = SUMS * TILE_SUMS * 12,
    .run = bf16_dot,
};
#endif
