// addsub-planes-scalar: two masks select what is added and what is subtracted, eight columns at a time in
// one 64-bit word.
//
//   byte j of a plane word holds columns 8 j .. 8 j + 7; prepare() groups the activations to match:
//     prepared word b of a pair:  x[8 * 0 + b] x[8 * 1 + b] ... x[8 * 7 + b]        (b = 0..7)
//   (plane >> b) & 0x0101..  has bit b of every byte; (m << 8) - m makes each 1 a byte of ones.
//
// A negated activation is its complement plus one: selected bytes are (x ^ mask of N) & mask of (P or N), and
// the ones are the number of -1 weights in the row, counted once per row. Bytes are biased by 128 to be
// unsigned and summed in 16-bit lanes.
//
// Bound: about two word operations per weight whatever the weights are; there is no branch on data.
#include "addsub/addsub_planes_cost.h"
#include "common/bl_count.h"
#include "common/bl_register.h"

#define BYTES(value) (0x0101010101010101u * (uint64_t)(value))
#define EVEN_BYTES 0x00ff00ff00ff00ffu

enum { BIAS = 128 };

static size_t prepared_bytes(size_t m, size_t k) {
  return m * bl_planes_row_pairs(k) * 64;
}

static void prepare(const bl_prepare_task *task) {
  const size_t k = task->k, pairs = bl_planes_row_pairs(k);
  for (size_t token = task->m_begin; token < task->m_end; token++) {
    const int8_t *x = (const int8_t *)task->x + token * k;
    uint64_t *out = (uint64_t *)task->prepared + token * pairs * 8;
    for (size_t pair = 0; pair < pairs; pair++) {
      for (size_t bit = 0; bit < 8; bit++) {
        uint64_t word = 0;
        for (size_t byte = 0; byte < 8; byte++) {
          const size_t column = pair * 64 + byte * 8 + bit;
          if (column < k) word |= (uint64_t)(uint8_t)x[column] << (byte * 8);
        }
        out[pair * 8 + bit] = word;
      }
    }
  }
}

// A byte of ones for every byte of `plane` whose bit `bit` is set.
static uint64_t byte_mask(uint64_t plane, int bit) {
  const uint64_t ones = (plane >> bit) & BYTES(1);
  return (ones << 8) - ones;
}

// Set bits of a word, by adding ever wider fields: a compiler's own expansion would multiply.
static uint32_t count_ones(uint64_t word) {
  word -= (word >> 1) & BYTES(0x55);
  word = (word & BYTES(0x33)) + ((word >> 2) & BYTES(0x33));
  word = (word + (word >> 4)) & BYTES(0x0f);
  word += word >> 8;
  word += word >> 16;
  return (uint32_t)((word + (word >> 32)) & 0xff);
}

// The sum over one pair of words, as four 16-bit lanes of biased values.
static uint64_t add_pair(uint64_t lanes, uint64_t positive, uint64_t negative, const uint64_t *x) {
  const uint64_t nonzero = positive | negative;
  for (int bit = 0; bit < 8; bit++) {
    const uint64_t chosen = ((x[bit] ^ byte_mask(negative, bit)) & byte_mask(nonzero, bit)) ^ BYTES(BIAS);
    lanes += chosen & EVEN_BYTES;
    lanes += (chosen >> 8) & EVEN_BYTES;
  }
  return lanes;
}

static void multiply(const bl_multiply_task *task) {
  const size_t pairs = bl_planes_row_pairs(task->k);
  for (size_t row = task->n_begin; row < task->n_end; row++) {
    const uint64_t *w = (const uint64_t *)task->packed + row * pairs * 2;
    int32_t negatives = 0;
    for (size_t pair = 0; pair < pairs; pair++) negatives += (int32_t)count_ones(w[pair * 2 + 1]);
    BL_COUNT(popcounts, pairs);
    for (size_t token = 0; token < task->m; token++) {
      const uint64_t *x = (const uint64_t *)task->prepared + token * pairs * 8;
      uint32_t sum = 0;
      for (size_t begin = 0; begin < pairs; begin += BL_ADDSUB_PLANES_PAIRS_PER_FLUSH) {
        const size_t end = bl_min(begin + BL_ADDSUB_PLANES_PAIRS_PER_FLUSH, pairs);
        uint64_t lanes = 0;
        for (size_t pair = begin; pair < end; pair++)
          lanes = add_pair(lanes, w[pair * 2], w[pair * 2 + 1], x + pair * 8);
        BL_COUNT(adds, (end - begin) * 64);
        BL_COUNT(logic_operations, (end - begin) * BL_ADDSUB_PLANES_LOGIC_PER_PAIR);
        for (int lane = 0; lane < 4; lane++) sum += (uint32_t)(lanes >> (lane * 16)) & 0xffff;
        BL_COUNT(adds, BL_ADDSUB_PLANES_ADDS_PER_FLUSH);
      }
      // Up to 2^24 columns the biased sum may wrap modulo 2^32; taking off the bias brings it back.
      sum = sum - (uint32_t)(pairs * 64 * BIAS) + (uint32_t)negatives;
      BL_COUNT(adds, BL_ADDSUB_PLANES_ADDS_PER_ROW);
      ((int32_t *)task->y)[token * task->n + row] = (int32_t)sum;
    }
  }
}

static const bl_kernel addsub_planes_scalar = {
    .name = "addsub-planes-scalar",
    .family = "addsub",
    .summary = "masks from two bit-planes select what to add and subtract, eight columns in a word",
    .source = "bitlab; no multiplications: arXiv 2402.17764",
    .explain =
        "about two 64-bit operations per weight, most of them to spread bits into byte masks; a "
        "multiply-add kernel decodes a whole byte of weights with one mask",
    .packing = &bl_packing_planes,
    .isa = BL_ISA_SCALAR,
    .activations = BL_ACTIVATIONS_INT8,
    .exact = true,
    .m_tile = 1,
    .n_tile = 1,
    .prepared_bytes = prepared_bytes,
    .prepare = prepare,
    .multiply = multiply,
    .cost = bl_addsub_planes_cost,
};
BL_REGISTER(addsub_planes_scalar);
