// Rows of activations biased to unsigned bytes x + 128, which vpsadbw can sum. Include inside an AVX-512
// target region. Shared by the addsub and rsr families.
#ifndef BL_ADDSUB_BIASED_ROWS_H
#define BL_ADDSUB_BIASED_ROWS_H

#include "common/bl_math.h"
#include "common/bl_target.h"

enum { BL_ROW_BIAS = 128 };

// Writes `bytes` bytes, a multiple of 64, for the `k` activations of a row; padding is a biased zero.
static inline void bl_bias_row(const int8_t *x, size_t k, size_t bytes, uint8_t *out) {
  for (size_t column = 0; column < bytes; column += 64) {
    const size_t columns = column < k ? bl_min(64, k - column) : 0;
    const __m512i v = _mm512_maskz_loadu_epi8(_bzhi_u64(~0ull, (unsigned)columns), x + column);
    _mm512_store_si512(out + column, _mm512_xor_si512(v, _mm512_set1_epi8((char)BL_ROW_BIAS)));
  }
}

#endif
