// Lists of the set bits of a word, without a branch per bit: each byte looks up the positions of its bits,
// all eight are written, and the list grows by the number of ones.
#ifndef BL_ADDSUB_BIT_LISTS_H
#define BL_ADDSUB_BIT_LISTS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

// Position `bit` of the byte `v`, moved to its place in the list; nothing when the bit is clear.
#define BL_BIT(v, bit) \
  (((v) >> (bit)) & 1 ? (uint64_t)(bit) << (8 * __builtin_popcount((v) & ((1u << (bit)) - 1))) : 0)
#define BL_BITS(v) \
  (BL_BIT(v, 1) | BL_BIT(v, 2) | BL_BIT(v, 3) | BL_BIT(v, 4) | BL_BIT(v, 5) | BL_BIT(v, 6) | BL_BIT(v, 7))
#define BL_BITS_4(v) BL_BITS(v), BL_BITS((v) + 1), BL_BITS((v) + 2), BL_BITS((v) + 3)
#define BL_BITS_16(v) BL_BITS_4(v), BL_BITS_4((v) + 4), BL_BITS_4((v) + 8), BL_BITS_4((v) + 12)
#define BL_BITS_64(v) BL_BITS_16(v), BL_BITS_16((v) + 16), BL_BITS_16((v) + 32), BL_BITS_16((v) + 48)

static const uint64_t bl_bits_of_byte[256] = {BL_BITS_64(0), BL_BITS_64(64), BL_BITS_64(128),
                                              BL_BITS_64(192)};

// Appends `base` + position of every set bit of `word` to `list`, which has room for 8 bytes more than all
// of them; returns the new length.
static inline size_t bl_bit_list_append(uint8_t *list, size_t count, uint64_t word, size_t base) {
  for (size_t byte = 0; byte < 8; byte++) {
    const uint8_t bits = (uint8_t)(word >> (byte * 8));
    const uint64_t offset = (base + byte * 8) * 0x0101010101010101u;
    const uint64_t positions = bl_bits_of_byte[bits] + offset;
    memcpy(list + count, &positions, 8);
    count += (size_t)__builtin_popcount(bits);
  }
  return count;
}

#endif
