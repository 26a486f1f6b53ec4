// addsub-colgather-avx512: rows are lanes; a column's bits are the masks of an add and a subtract of its
// broadcast activation. (Layouts: packing/colgather.h, addsub_live_columns.h.)
//
// Each of the two parts of an activation is summed in int8, 64 rows to a register: one 64-bit mask serves 64
// weights. Every 15 columns the parts are joined in int16 (16 high + low), every 255 columns in int32. Four
// words of one token, or one word of four tokens, keep their 16 sums in registers; tokens share the masks.
//
// Bound, one token: per 64 weights two kmovq (port 5) and four masked adds, three cycles on two vector ports,
// and an eighth more for widening: 19 weights a cycle, 4.7 bytes. Columns of zero activations cost nothing:
// time falls with their share.
#include "common/bl_target.h"

#if BL_X86
#include "addsub/addsub_colgather_cost.h"
#include "common/bl_register.h"

BL_TARGET_BEGIN_AVX512

enum {
  PARTS = BL_COLGATHER_PLANE_WORDS,  // a part is the 64 rows of one word
  BLOCK = 4,                         // parts x tokens whose sums are kept in registers
};

typedef struct sums {
  __m512i even, odd;  // int16, of rows 2 i and 2 i + 1
} sums;

// Joins int8 sums of both parts and adds them to the int16 sums.
BL_ALWAYS_INLINE void join(__m512i low, __m512i high, sums *sum) {
  const __m512i low_even = _mm512_srai_epi16(_mm512_slli_epi16(low, 8), 8);
  const __m512i low_odd = _mm512_srai_epi16(low, 8);
  const __m512i high_even = _mm512_srai_epi16(_mm512_slli_epi16(high, 8), 4);
  const __m512i high_odd = _mm512_srai_epi16(_mm512_and_si512(high, _mm512_set1_epi16((short)0xff00)), 4);
  sum->even = _mm512_add_epi16(sum->even, _mm512_add_epi16(low_even, high_even));
  sum->odd = _mm512_add_epi16(sum->odd, _mm512_add_epi16(low_odd, high_odd));
}

// Adds the int16 sums of a part to its int32 totals: those of the even rows, then those of the odd rows.
BL_ALWAYS_INLINE void widen(const sums *sum, int32_t totals[64]) {
  const __m512i both[2] = {sum->even, sum->odd};
  for (int i = 0; i < 2; i++) {
    __m512i *total = (__m512i *)(totals + i * 32);
    total[0] = _mm512_add_epi32(total[0], _mm512_cvtepi16_epi32(_mm512_castsi512_si256(both[i])));
    total[1] = _mm512_add_epi32(total[1], _mm512_cvtepi16_epi32(_mm512_extracti64x4_epi64(both[i], 1)));
  }
}

static inline size_t total_of_row(size_t row) {
  return row / 64 * 64 + row % 2 * 32 + row % 64 / 2;
}

// sum + x where `mask` is set. In assembly because clang makes two instructions of the intrinsic: a select of
// x or 0, and an addition.
BL_ALWAYS_INLINE __m512i masked_add(__m512i sum, __mmask64 mask, __m512i x) {
  __asm__("vpaddb %[x], %[sum], %[sum]%{%[mask]%}" : [sum] "+v"(sum) : [x] "v"(x), [mask] "Yk"(mask));
  return sum;
}

BL_ALWAYS_INLINE void add_columns(size_t parts, size_t tokens, const uint64_t *tile, size_t part,
                                  const bl_live_column *live, size_t count,
                                  int32_t totals[BL_LIVE_TOKENS][BL_COLGATHER_ROWS]) {
  sums sum[BLOCK];
  for (size_t i = 0; i < parts * tokens; i++) sum[i].even = sum[i].odd = _mm512_setzero_si512();
  for (size_t begin = 0; begin < count; begin += BL_LIVE_COLUMNS_PER_BYTE_SUM) {
    const size_t end = bl_min(begin + BL_LIVE_COLUMNS_PER_BYTE_SUM, count);
    __m512i low[BLOCK], high[BLOCK];
    for (size_t i = 0; i < parts * tokens; i++) low[i] = high[i] = _mm512_setzero_si512();
    for (const bl_live_column *entry = live + begin; entry < live + end; entry++) {
      const uint64_t *column = tile + (size_t)entry->column * BL_COLGATHER_COLUMN_WORDS + part;
      _mm_prefetch((const char *)(tile + (size_t)entry[BL_LIVE_PREFETCH].column * BL_COLGATHER_COLUMN_WORDS),
                   _MM_HINT_T0);
      for (size_t p = 0; p < parts; p++) {
        const __mmask64 add = _load_mask64((__mmask64 *)(column + p));
        const __mmask64 subtract = _load_mask64((__mmask64 *)(column + BL_COLGATHER_PLANE_WORDS + p));
        for (size_t t = 0; t < tokens; t++) {
          const __m512i x_low = _mm512_set1_epi32((int)entry->x[t].low);
          const __m512i x_high = _mm512_set1_epi32((int)entry->x[t].high);
          const size_t i = p * tokens + t;
          low[i] = masked_add(low[i], add, x_low);
          low[i] = _mm512_mask_sub_epi8(low[i], subtract, low[i], x_low);
          high[i] = masked_add(high[i], add, x_high);
          high[i] = _mm512_mask_sub_epi8(high[i], subtract, high[i], x_high);
        }
      }
    }
    for (size_t i = 0; i < parts * tokens; i++) join(low[i], high[i], &sum[i]);
  }
  for (size_t p = 0; p < parts; p++)
    for (size_t t = 0; t < tokens; t++) widen(&sum[p * tokens + t], totals[t] + (part + p) * 64);
}

#include "addsub/addsub_colgather_multiply.h"

BL_TARGET_END

static const bl_kernel addsub_colgather_avx512 = {
    .name = "addsub-colgather-avx512",
    .family = "addsub",
    .summary = "column by column: bits of 64 rows are the mask of an add of the broadcast activation",
    .source = "bitlab; no multiplications: arXiv 2402.17764",
    .explain =
        "six vector operations per 64 weights (two mask loads, and for each sign two masked adds, as sums of "
        "int8 need activations in two parts) and an eighth more for widening, where multiply-add needs two "
        "(mask, vpdpbusd); columns of zero activations are not even read: with more than two thirds of them, "
        "as after a squared ReLU, it is ahead",
    .packing = &bl_packing_colgather,
    .isa = BL_ISA_AVX2 | BL_ISA_AVX512,
    .activations = BL_ACTIVATIONS_INT8,
    .exact = true,
    .m_tile = BL_LIVE_TOKENS,
    .n_tile = BL_COLGATHER_ROWS,
    .prepared_bytes = bl_live_bytes,
    .prepare = bl_live_prepare,
    .multiply = multiply,
    .cost = bl_addsub_colgather_cost,
};
BL_REGISTER(addsub_colgather_avx512);
#endif
