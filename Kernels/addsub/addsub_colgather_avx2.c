// addsub-colgather-avx2: rows are lanes; a column's bits become the signs that its broadcast activation
// takes. (Layouts: packing/colgather.h, addsub_live_columns.h.)
//
// The 32 bytes of a plane are taken as they are: bit b of byte j is row 8 j + b, so that one `and` gives 32
// rows of bit b. (P and bit) - (N and bit) is positive, negative or zero as the weight is, and vpsignb gives
// the broadcast activation that sign. (Bit 7 is moved to bit 6 first: it would be the sign itself.)
//
// Each of the two parts of an activation is summed in int8; every 15 columns they are joined in int16
// (16 high + low), every 255 columns in int32.
//
// Bound, one token: per 32 weights three operations make the sign, two apply it and two add: seven on three
// vector ports, and a tenth more for widening. Columns of zero activations cost nothing.
#include "common/bl_target.h"

#if BL_X86
#include "addsub/addsub_colgather_cost.h"
#include "common/bl_register.h"

BL_TARGET_BEGIN_AVX2

enum {
  PARTS = 8,  // part b is the 32 rows of bit b of every byte
  BLOCK = 4,  // parts x tokens whose int8 sums are kept in registers
};

typedef struct sums {
  __m256i even, odd;  // int16, of bytes 2 i and 2 i + 1
} sums;

// Joins int8 sums of both parts and adds them to the int16 sums.
BL_ALWAYS_INLINE void join(__m256i low, __m256i high, sums *sum) {
  const __m256i low_even = _mm256_srai_epi16(_mm256_slli_epi16(low, 8), 8);
  const __m256i low_odd = _mm256_srai_epi16(low, 8);
  const __m256i high_even = _mm256_srai_epi16(_mm256_slli_epi16(high, 8), 4);
  const __m256i high_odd = _mm256_srai_epi16(_mm256_and_si256(high, _mm256_set1_epi16((short)0xff00)), 4);
  sum->even = _mm256_add_epi16(sum->even, _mm256_add_epi16(low_even, high_even));
  sum->odd = _mm256_add_epi16(sum->odd, _mm256_add_epi16(low_odd, high_odd));
}

// Adds the int16 sums of a part to its int32 totals: those of the even bytes, then those of the odd bytes.
BL_ALWAYS_INLINE void widen(const sums *sum, int32_t totals[32]) {
  const __m256i both[2] = {sum->even, sum->odd};
  for (int i = 0; i < 2; i++) {
    __m256i *total = (__m256i *)(totals + i * 16);
    total[0] = _mm256_add_epi32(total[0], _mm256_cvtepi16_epi32(_mm256_castsi256_si128(both[i])));
    total[1] = _mm256_add_epi32(total[1], _mm256_cvtepi16_epi32(_mm256_extracti128_si256(both[i], 1)));
  }
}

static inline size_t total_of_row(size_t row) {
  const size_t byte = row / 8;
  return row % 8 * 32 + byte % 2 * 16 + byte / 2;
}

// The signs of bit `bit` of all bytes of a column: positive, negative or zero.
BL_ALWAYS_INLINE __m256i signs_of_bit(const uint64_t *column, size_t bit) {
  __m256i positive = _mm256_load_si256((const __m256i *)column);
  __m256i negative = _mm256_load_si256((const __m256i *)(column + BL_COLGATHER_PLANE_WORDS));
  if (bit == 7) {
    positive = _mm256_srli_epi16(positive, 1);
    negative = _mm256_srli_epi16(negative, 1);
  }
  const __m256i mask = _mm256_set1_epi8((char)(bit == 7 ? 0x40 : 1 << bit));
  return _mm256_sub_epi8(_mm256_and_si256(positive, mask), _mm256_and_si256(negative, mask));
}

BL_ALWAYS_INLINE void add_columns(size_t parts, size_t tokens, const uint64_t *tile, size_t part,
                                  const bl_live_column *live, size_t count,
                                  int32_t totals[BL_LIVE_TOKENS][BL_COLGATHER_ROWS]) {
  sums sum[BLOCK];
  for (size_t i = 0; i < parts * tokens; i++) sum[i].even = sum[i].odd = _mm256_setzero_si256();
  for (size_t begin = 0; begin < count; begin += BL_LIVE_COLUMNS_PER_BYTE_SUM) {
    const size_t end = bl_min(begin + BL_LIVE_COLUMNS_PER_BYTE_SUM, count);
    __m256i low[BLOCK], high[BLOCK];
    for (size_t i = 0; i < parts * tokens; i++) low[i] = high[i] = _mm256_setzero_si256();
    for (const bl_live_column *entry = live + begin; entry < live + end; entry++) {
      const uint64_t *column = tile + (size_t)entry->column * BL_COLGATHER_COLUMN_WORDS;
      _mm_prefetch((const char *)(tile + (size_t)entry[BL_LIVE_PREFETCH].column * BL_COLGATHER_COLUMN_WORDS),
                   _MM_HINT_T0);
      for (size_t p = 0; p < parts; p++) {
        const __m256i signs = signs_of_bit(column, part + p);
        for (size_t t = 0; t < tokens; t++) {
          const __m256i x_low = _mm256_set1_epi32((int)entry->x[t].low);
          const __m256i x_high = _mm256_set1_epi32((int)entry->x[t].high);
          const size_t i = p * tokens + t;
          low[i] = _mm256_add_epi8(low[i], _mm256_sign_epi8(x_low, signs));
          high[i] = _mm256_add_epi8(high[i], _mm256_sign_epi8(x_high, signs));
        }
      }
    }
    for (size_t i = 0; i < parts * tokens; i++) join(low[i], high[i], &sum[i]);
  }
  for (size_t p = 0; p < parts; p++)
    for (size_t t = 0; t < tokens; t++) widen(&sum[p * tokens + t], totals[t] + (part + p) * 32);
}

#include "addsub/addsub_colgather_multiply.h"

BL_TARGET_END

static const bl_kernel addsub_colgather_avx2 = {
    .name = "addsub-colgather-avx2",
    .family = "addsub",
    .summary = "column by column: bits of 32 rows give the broadcast activation its signs",
    .source = "bitlab; no multiplications: arXiv 2402.17764",
    .explain =
        "seven vector operations per 32 weights to make, apply and add signs, where multiply-add needs "
        "three; columns of zero activations are not even read",
    .packing = &bl_packing_colgather,
    .isa = BL_ISA_AVX2,
    .activations = BL_ACTIVATIONS_INT8,
    .exact = true,
    .m_tile = BL_LIVE_TOKENS,
    .n_tile = BL_COLGATHER_ROWS,
    .prepared_bytes = bl_live_bytes,
    .prepare = bl_live_prepare,
    .multiply = multiply,
    .cost = bl_addsub_colgather_cost,
};
BL_REGISTER(addsub_colgather_avx2);
#endif
