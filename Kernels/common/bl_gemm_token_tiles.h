// The m tokens of a matmul are shared out evenly over as few register tiles as possible: 13 tokens over tiles
// of at most 12 make tiles of 7 and 6, never 12 and 1, because a tile of one token would leave the
// multipliers waiting for its few accumulators.
#ifndef BL_GEMM_TOKEN_TILES_H
#define BL_GEMM_TOKEN_TILES_H

#include "common/bl_math.h"

typedef struct bl_token_tile {
  size_t begin, end;
} bl_token_tile;

static inline size_t bl_token_tiles(size_t m, size_t largest) {
  return bl_divide_up(m, largest);
}

// The first m % tiles tiles have one token more than the others.
static inline bl_token_tile bl_token_tile_at(size_t m, size_t largest, size_t index) {
  const size_t tiles = bl_token_tiles(m, largest), count = m / tiles, longer = m % tiles;
  const size_t begin = index * count + bl_min(index, longer);
  return (bl_token_tile){begin, begin + count + (index < longer)};
}

// The tile that holds a token.
static inline bl_token_tile bl_token_tile_of(size_t m, size_t largest, size_t token) {
  const size_t tiles = bl_token_tiles(m, largest), count = m / tiles, longer = m % tiles;
  const size_t in_longer = longer * (count + 1);
  const size_t index = token < in_longer ? token / (count + 1) : longer + (token - in_longer) / count;
  return bl_token_tile_at(m, largest, index);
}

#endif
