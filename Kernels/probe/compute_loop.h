// The two loops of the compute probes, as macros because vector types and target regions differ.
//
// Both keep `count` independent accumulators busy: more than latency times ports of any multiply-add unit
// they are used for. Operands stay in registers; the compiler is made to forget the first one before every
// operation, which costs no instruction.
#ifndef BL_COMPUTE_LOOP_H
#define BL_COMPUTE_LOOP_H

#include "probe/probes.h"

#include <string.h>

// Steps after which 16-bit sums of ternary products must be widened: 64 * 2 * 127 * 2 < 2^15.
enum { BL_NARROW_STEPS = 64 };

// Defines name(steps): sum = step(sum, x, w) on each accumulator; lanes are summed as type `lane`.
#define BL_COMPUTE_LOOP(name, vector, lane, count, operand, x_value, w_value, step)      \
  static uint64_t name(size_t steps) {                                                   \
    operand x = x_value, w = w_value;                                                    \
    vector sums[count];                                                                  \
    memset(sums, 0, sizeof sums);                                                        \
    for (size_t i = 0; i < count; i++) BL_FORGET(sums[i]);                               \
    for (size_t n = 0; n < steps; n++) {                                                 \
      BL_UNROLL                                                                          \
      for (size_t i = 0; i < count; i++) {                                               \
        BL_FORGET(x);                                                                    \
        sums[i] = step(sums[i], x, w);                                                   \
      }                                                                                  \
    }                                                                                    \
    lane lanes[count * (sizeof(vector) / sizeof(lane))];                                 \
    memcpy(lanes, sums, sizeof sums);                                                    \
    double total = 0;                                                                    \
    for (size_t i = 0; i < sizeof lanes / sizeof *lanes; i++) total += (double)lanes[i]; \
    return (uint64_t)total;                                                              \
  }

// The same with 16-bit accumulators that are widened, sum = widen(sum, narrow), every BL_NARROW_STEPS steps.
#define BL_COMPUTE_NARROW_LOOP(name, vector, wide, count, x_value, w_value, step, widen)   \
  static uint64_t name(size_t steps) {                                                     \
    vector x = x_value, w = w_value;                                                       \
    wide sums[count];                                                                      \
    memset(sums, 0, sizeof sums);                                                          \
    for (size_t done = 0; done < steps; done += BL_NARROW_STEPS) {                         \
      const size_t now = steps - done < BL_NARROW_STEPS ? steps - done : BL_NARROW_STEPS;  \
      vector narrow[count];                                                                \
      memset(narrow, 0, sizeof narrow);                                                    \
      for (size_t i = 0; i < count; i++) BL_FORGET(narrow[i]);                             \
      for (size_t n = 0; n < now; n++) {                                                   \
        BL_UNROLL                                                                          \
        for (size_t i = 0; i < count; i++) {                                               \
          BL_FORGET(x);                                                                    \
          narrow[i] = step(narrow[i], x, w);                                               \
        }                                                                                  \
      }                                                                                    \
      for (size_t i = 0; i < count; i++) sums[i] = widen(sums[i], narrow[i]);              \
    }                                                                                      \
    int32_t lanes[count * (sizeof(wide) / sizeof(int32_t))];                               \
    memcpy(lanes, sums, sizeof sums);                                                      \
    uint64_t total = 0;                                                                    \
    for (size_t i = 0; i < sizeof lanes / sizeof *lanes; i++) total += (uint64_t)lanes[i]; \
    return total;                                                                          \
  }

#endif
