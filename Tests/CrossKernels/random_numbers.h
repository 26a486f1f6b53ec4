// Random numbers that are the same on every machine: splitmix64 (Steele, Lea and Flood, "Fast splittable
// pseudorandom number generators", OOPSLA 2014).
#ifndef CROSS_RANDOM_NUMBERS_H
#define CROSS_RANDOM_NUMBERS_H

#include <stdint.h>

static inline uint64_t random_next(uint64_t *state) {
  uint64_t z = *state += 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

// Even over low .. high; the bias of a remainder of 32 bits does not matter here.
static inline int random_integer(uint64_t *state, int low, int high) {
  return low + (int)((random_next(state) >> 32) % (uint64_t)(high - low + 1));
}

// Even over -1 .. 1.
static inline float random_float(uint64_t *state) {
  return (float)((double)(random_next(state) >> 40) / (1 << 23) - 1);
}

#endif
