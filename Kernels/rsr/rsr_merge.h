// The sums of the 13 segments of a triple, merged into its three rows (packing/rsr.h has the patterns): 20
// additions, where adding each segment to each of its rows would take 27. Columns that differ only in the
// first trit are joined before the other two rows use them, as RSR++ does it with a tree (arXiv 2411.06360).
#ifndef BL_RSR_MERGE_H
#define BL_RSR_MERGE_H

#include <stddef.h>

enum { BL_RSR_MERGE_ADDS = 20 };

// Defines void name(const type *sums, size_t stride, type rows[3]) for a type that has + and -. The sum of
// segment i, of pattern v = i + 1, is sums[i * stride].
#define BL_RSR_DEFINE_MERGE(name, type)                                                                   \
  static inline __attribute__((always_inline)) void name(const type *sums, size_t stride, type rows[3]) { \
    type s[13];                                                                                           \
    for (size_t i = 0; i < 13; i++) s[i] = sums[i * stride];                                              \
    rows[0] = ((s[4] + s[5]) + (s[6] + s[7])) + ((s[8] + s[9]) + (s[10] + s[11])) + s[12];                \
    /* Each pattern of (w1, w2), with w0 = 0, 1 and -1; the last is stored as its opposite. */            \
    const type zero_plus = s[0] + s[9] - s[7];                                                            \
    const type plus_minus = s[1] + s[10] - s[6];                                                          \
    const type plus_zero = s[2] + s[11] - s[5];                                                           \
    const type plus_plus = s[3] + s[12] - s[4];                                                           \
    rows[1] = plus_minus + plus_zero + plus_plus;                                                         \
    rows[2] = zero_plus - plus_minus + plus_plus;                                                         \
  }

#endif
