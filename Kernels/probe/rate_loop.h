// The loops of the rate probes, as macros because vector types and target regions differ. Each defines
// name(steps), which executes RATE_CHAINS instructions a step on as many independent registers: more than
// latency times throughput of any of them.
#ifndef BL_RATE_LOOP_H
#define BL_RATE_LOOP_H

#include "include/bitlab_instructions.h"
#include "probe/probes.h"

#include <string.h>

enum { RATE_CHAINS = 12, RATE_MIXED_CHAINS = 24, RATE_BUFFER_BYTES = RATE_CHAINS * 64 };

// Sum of all bytes.
static inline uint64_t rate_byte_sum(const void *memory, size_t bytes) {
  const uint8_t *byte = memory;
  uint64_t sum = 0;
  for (size_t i = 0; i < bytes; i++) sum += byte[i];
  return sum;
}

// v = step(v, x) in registers, v starting as `first`; the result is the sum of all bytes of all v.
#define BL_RATE_LOOP(name, vector, first, x_value, step)      \
  static uint64_t name(size_t steps) {                        \
    vector x = x_value, v[RATE_CHAINS];                       \
    for (size_t i = 0; i < RATE_CHAINS; i++) v[i] = first;    \
    for (size_t i = 0; i < RATE_CHAINS; i++) BL_FORGET(v[i]); \
    for (size_t n = 0; n < steps; n++) {                      \
      BL_PRAGMA(clang loop unroll(full))                      \
      for (size_t i = 0; i < RATE_CHAINS; i++) {              \
        BL_FORGET(x);                                         \
        v[i] = step(v[i], x);                                 \
      }                                                       \
    }                                                         \
    vector memory[RATE_CHAINS];                               \
    memcpy(memory, v, sizeof v);                              \
    return rate_byte_sum(memory, sizeof memory);              \
  }

// The same on RATE_MIXED_CHAINS registers, of which one takes step(v, x) and the next `companions` take
// other(v, z).
#define BL_RATE_MIXED_LOOP(name, vector, first, x_value, step, z_value, other, companions) \
  static uint64_t name(size_t steps) {                                                     \
    vector x = x_value, z = z_value, v[RATE_MIXED_CHAINS];                                 \
    for (size_t i = 0; i < RATE_MIXED_CHAINS; i++) v[i] = first;                           \
    for (size_t i = 0; i < RATE_MIXED_CHAINS; i++) BL_FORGET(v[i]);                        \
    for (size_t n = 0; n < steps; n++) {                                                   \
      BL_PRAGMA(clang loop unroll(full))                                                   \
      for (size_t i = 0; i < RATE_MIXED_CHAINS; i++) {                                     \
        BL_FORGET(x);                                                                      \
        BL_FORGET(z);                                                                      \
        v[i] = i % (companions + 1) == 0 ? step(v[i], x) : other(v[i], z);                 \
      }                                                                                    \
    }                                                                                      \
    vector memory[RATE_MIXED_CHAINS];                                                      \
    memcpy(memory, v, sizeof v);                                                           \
    return rate_byte_sum(memory, sizeof memory);                                           \
  }

// Loads from the first-level cache; the result is the sum of all bytes loaded in the last step.
#define BL_RATE_LOAD_LOOP(name, vector, load)                     \
  static uint64_t name(size_t steps) {                            \
    _Alignas(64) uint8_t memory[RATE_BUFFER_BYTES];               \
    memset(memory, 1, sizeof memory);                             \
    vector v[RATE_CHAINS];                                        \
    memset(v, 0, sizeof v);                                       \
    for (size_t n = 0; n < steps; n++) {                          \
      __asm__ volatile("" ::"r"(memory) : "memory");              \
      BL_PRAGMA(clang loop unroll(full))                          \
      for (size_t i = 0; i < RATE_CHAINS; i++) {                  \
        v[i] = load((const void *)(memory + i * sizeof(vector))); \
        BL_FORGET(v[i]);                                          \
      }                                                           \
    }                                                             \
    return rate_byte_sum(v, sizeof v);                            \
  }

// Stores to the first-level cache; the result is the sum of all bytes stored in the last step.
#define BL_RATE_STORE_LOOP(name, vector, value, store)                                          \
  static uint64_t name(size_t steps) {                                                          \
    _Alignas(64) uint8_t memory[RATE_CHAINS * sizeof(vector)];                                  \
    memset(memory, 0, sizeof memory);                                                           \
    vector v = value;                                                                           \
    for (size_t n = 0; n < steps; n++) {                                                        \
      BL_FORGET(v);                                                                             \
      BL_PRAGMA(clang loop unroll(full))                                                        \
      for (size_t i = 0; i < RATE_CHAINS; i++) store((void *)(memory + i * sizeof(vector)), v); \
      __asm__ volatile("" ::"r"(memory) : "memory");                                            \
    }                                                                                           \
    return rate_byte_sum(memory, sizeof memory);                                                \
  }

#define BL_RATE_PROBE(probe_name, function, isa_mask, kind, bits, per_step, total)                       \
  {                                                                                                      \
    .name = probe_name, .isa = isa_mask, .instruction_class = kind, .vector_bits = bits,                 \
    .instructions_per_step = RATE_CHAINS, .result_per_step = per_step, .result = total, .run = function, \
  }

#define BL_RATE_MIXED_PROBE(probe_name, function, isa_mask, kind, bits, many, other, total)          \
  {                                                                                                  \
    .name = probe_name, .isa = isa_mask, .instruction_class = kind, .vector_bits = bits,             \
    .instructions_per_step = RATE_MIXED_CHAINS / (many + 1), .companions = many, .companion = other, \
    .result_per_step = 0, .result = total, .run = function,                                          \
  }

enum { BL_RATE_PROBES_X86 = 1, BL_RATE_PROBES_AVX2 = 6, BL_RATE_PROBES_AVX512 = 20 };

extern const bl_rate_probe bl_rate_probes_x86[BL_RATE_PROBES_X86];
extern const bl_rate_probe bl_rate_probes_avx2[BL_RATE_PROBES_AVX2];
extern const bl_rate_probe bl_rate_probes_avx512[BL_RATE_PROBES_AVX512];

#endif
