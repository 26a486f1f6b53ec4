// The mad family on packings whose bytes hold fields of one or two bits, in 64-byte chunks along a row, with
// vpdpbusd.
//
// Fields need no shifting for one token: masked in place, field f of all bytes is a vector of codes times
// 2^shift, at most 2 * 64 = 128, which the unsigned operand holds. Each field has an accumulator of its own
// and the scales come off at the end:
//
//   chunk:    64 bytes v, byte p = fields f3 f2 f1 f0            (two bits each; one bit: eight fields)
//   x chunk:  [field][64]: the activations of field f of byte p, in the order of the bytes
//   row:      sum[f] += dpbusd(v & (3 << 2 f), x[f])             2 instructions for 64 weights
//   result:   sum[0] + (sum[1] >> 2) + (sum[2] >> 4) + (sum[3] >> 6)
//
// For two to four tokens the fields are shifted down, once for all tokens, and each (row, token) has a single
// accumulator. More tokens are worth a panel (common/bl_gemm_vnni.h).
//
// Bound: at two instructions for 64 weights of 1 or 2 bits, memory, in decode.
#ifndef BL_MAD_FIELDS_VNNI_H
#define BL_MAD_FIELDS_VNNI_H

#include "common/bl_int8_avx512.h"
#include "common/bl_int8_prepared.h"

#if BL_X86
BL_TARGET_BEGIN_AVX512_VNNI

enum {
  BL_MAD_FIELDS_ROWS = 4,    // rows that share each load of activations
  BL_MAD_FIELDS_TOKENS = 8,  // most tokens this path takes
  BL_MAD_FIELDS_CHUNK_BYTES = 64,
  BL_MAD_FIELDS_PREFETCH_BYTES = 4096,
  // Columns after which in-place sums are folded: a lane of the field times 64 takes four products of at most
  // 128 * 128 from each 256 columns, so 2^20 columns leave it below 2^28.
  BL_MAD_FIELDS_FOLD_CHUNKS = (1 << 20) / 512,
};

// How a packing's rows lie in memory.
typedef struct bl_mad_fields {
  size_t row_bytes;     // from one row to the next
  size_t chunk_stride;  // from one chunk of a row to the next, at least 64
  size_t chunks;        // of a row
  size_t last_bytes;    // code bytes in the last chunk, 1 to 64
} bl_mad_fields;

// Adds one chunk of `rows` rows for one token into in-place sums. One-bit fields above the fourth are shifted
// down by four so that four sums do for either width.
BL_ALWAYS_INLINE void bl_mad_fields_in_place(const int bits, const size_t rows, const __m512i *v,
                                             const int8_t *x, __m512i sum[][4]) {
  const int shifts = bits == 1 ? 2 : 1;
#pragma clang loop unroll(full)
  for (int shift = 0; shift < shifts; shift++) {
#pragma clang loop unroll(full)
    for (int f = 0; f < 4; f++) {
      const __m512i mask = _mm512_set1_epi8((char)(((1 << bits) - 1) << (bits * f)));
      const __m512i activations = _mm512_load_si512(x + 64 * (4 * shift + f));
#pragma clang loop unroll(full)
      for (size_t r = 0; r < rows; r++) {
        const __m512i fields = shift ? _mm512_srli_epi16(v[r], 4) : v[r];
        sum[r][f] = _mm512_dpbusd_epi32(sum[r][f], _mm512_and_si512(fields, mask), activations);
      }
    }
  }
}

BL_ALWAYS_INLINE __m512i bl_mad_fields_fold(const int bits, const __m512i sum[4]) {
  const __m512i low = _mm512_add_epi32(sum[0], _mm512_srai_epi32(sum[1], (unsigned)bits));
  const __m512i high = _mm512_add_epi32(_mm512_srai_epi32(sum[2], 2 * (unsigned)bits),
                                        _mm512_srai_epi32(sum[3], 3 * (unsigned)bits));
  return _mm512_add_epi32(low, high);
}

// total[r] = the codes of row r times x, in sixteen parts.
BL_ALWAYS_INLINE void bl_mad_fields_one_token(const int bits, const size_t rows, const bl_mad_fields *fields,
                                              const uint8_t *packed, const int8_t *x, __m512i *total) {
  const size_t x_chunk = 64 * 8 / (size_t)bits;
  const size_t ahead = bl_round_up(BL_MAD_FIELDS_PREFETCH_BYTES, rows * fields->row_bytes);
  const size_t full = fields->chunks - (fields->last_bytes < BL_MAD_FIELDS_CHUNK_BYTES);
  __m512i v[BL_MAD_FIELDS_ROWS];
  for (size_t r = 0; r < rows; r++) total[r] = _mm512_setzero_si512();
  for (size_t chunk = 0; chunk < fields->chunks;) {
    __m512i sum[BL_MAD_FIELDS_ROWS][4];
    for (size_t r = 0; r < rows; r++)
      for (size_t f = 0; f < 4; f++) sum[r][f] = _mm512_setzero_si512();
    const size_t fold = bl_min(chunk + BL_MAD_FIELDS_FOLD_CHUNKS, fields->chunks);
    for (; chunk < bl_min(fold, full); chunk++, packed += fields->chunk_stride, x += x_chunk) {
#pragma clang loop unroll(full)
      for (size_t r = 0; r < rows; r++) {
        v[r] = _mm512_loadu_si512(packed + r * fields->row_bytes);
        _mm_prefetch((const char *)packed + r * fields->row_bytes + ahead, _MM_HINT_T0);
      }
      bl_mad_fields_in_place(bits, rows, v, x, sum);
    }
    if (chunk < fold) {
      for (size_t r = 0; r < rows; r++)
        v[r] = bl_load_first(packed + r * fields->row_bytes, fields->last_bytes);
      bl_mad_fields_in_place(bits, rows, v, x, sum);
      chunk++;
    }
    for (size_t r = 0; r < rows; r++) total[r] = _mm512_add_epi32(total[r], bl_mad_fields_fold(bits, sum[r]));
  }
}

// total[t][r] = the codes of row r times token t, in sixteen parts.
BL_ALWAYS_INLINE void bl_mad_fields_few_tokens(const int bits, const size_t rows, const size_t tokens,
                                               const bl_mad_fields *fields, const uint8_t *packed,
                                               const int8_t *x, __m512i total[][BL_MAD_FIELDS_ROWS]) {
  const size_t count = 8 / (size_t)bits, x_chunk = 64 * count, token_bytes = fields->chunks * x_chunk;
  const size_t ahead = bl_round_up(BL_MAD_FIELDS_PREFETCH_BYTES, rows * fields->row_bytes);
  const __m512i mask = _mm512_set1_epi8((char)((1 << bits) - 1));
  for (size_t chunk = 0; chunk < fields->chunks; chunk++, packed += fields->chunk_stride, x += x_chunk) {
    const __mmask64 bytes = bl_first_64(chunk + 1 < fields->chunks ? 64 : fields->last_bytes);
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) {
      const uint8_t *row = packed + r * fields->row_bytes;
      const __m512i v = _mm512_maskz_loadu_epi8(bytes, row);
      _mm_prefetch((const char *)row + ahead, _MM_HINT_T0);
#pragma clang loop unroll(full)
      for (size_t f = 0; f < count; f++) {
        const __m512i codes = _mm512_and_si512(_mm512_srli_epi16(v, (unsigned)(f * (size_t)bits)), mask);
#pragma clang loop unroll(full)
        for (size_t t = 0; t < tokens; t++)
          total[t][r] =
              _mm512_dpbusd_epi32(total[t][r], codes, _mm512_load_si512(x + t * token_bytes + 64 * f));
      }
    }
  }
}

// y = start + (codes * x << scale_log2) for rows row .. row + rows - 1.
BL_ALWAYS_INLINE void bl_mad_fields_rows(const int bits, const int scale_log2, const size_t rows,
                                         const size_t tokens, const bl_mad_fields *fields,
                                         const bl_multiply_task *task, size_t row) {
  const uint8_t *packed = (const uint8_t *)task->packed + row * fields->row_bytes;
  const int8_t *x = bl_int8_activations(task->prepared, tokens);
  __m512i total[BL_MAD_FIELDS_TOKENS][BL_MAD_FIELDS_ROWS];
#pragma clang loop unroll(full)
  for (size_t t = 0; t < tokens; t++)
    for (size_t r = 0; r < BL_MAD_FIELDS_ROWS; r++) total[t][r] = _mm512_setzero_si512();
  if (tokens == 1)
    bl_mad_fields_one_token(bits, rows, fields, packed, x, total[0]);
  else
    bl_mad_fields_few_tokens(bits, rows, tokens, fields, packed, x, total);
#pragma clang loop unroll(full)
  for (size_t t = 0; t < tokens; t++) {
    const __m128i sums =
        _mm_slli_epi32(bl_sum_4x16(total[t][0], total[t][1], total[t][2], total[t][3]), scale_log2);
    const __m128i start = _mm_set1_epi32(bl_int8_starts(task->prepared)[t]);
    _mm_mask_storeu_epi32((int32_t *)task->y + t * task->n + row, (__mmask8)((1 << rows) - 1),
                          _mm_add_epi32(sums, start));
  }
}

BL_ALWAYS_INLINE void bl_mad_fields_tokens(const int bits, const int scale_log2, const size_t tokens,
                                           const bl_mad_fields *fields, const bl_multiply_task *task) {
  const size_t rows = tokens <= 4 ? BL_MAD_FIELDS_ROWS : 2;  // 16 accumulators at most
  size_t row = task->n_begin;
  for (; task->n_end - row >= rows; row += rows)
    bl_mad_fields_rows(bits, scale_log2, rows, tokens, fields, task, row);
  for (; row < task->n_end; row++) bl_mad_fields_rows(bits, scale_log2, 1, tokens, fields, task, row);
}

// multiply() for task->m <= BL_MAD_FIELDS_TOKENS.
BL_ALWAYS_INLINE void bl_mad_fields_multiply(const int bits, const int scale_log2,
                                             const bl_mad_fields *fields, const bl_multiply_task *task) {
  switch (task->m) {
    case 1:
      bl_mad_fields_tokens(bits, scale_log2, 1, fields, task);
      break;
    case 2:
      bl_mad_fields_tokens(bits, scale_log2, 2, fields, task);
      break;
    case 3:
      bl_mad_fields_tokens(bits, scale_log2, 3, fields, task);
      break;
    case 4:
      bl_mad_fields_tokens(bits, scale_log2, 4, fields, task);
      break;
    case 5:
      bl_mad_fields_tokens(bits, scale_log2, 5, fields, task);
      break;
    case 6:
      bl_mad_fields_tokens(bits, scale_log2, 6, fields, task);
      break;
    case 7:
      bl_mad_fields_tokens(bits, scale_log2, 7, fields, task);
      break;
    default:
      bl_mad_fields_tokens(bits, scale_log2, 8, fields, task);
  }
}

BL_TARGET_END
#endif
#endif
