// What this machine can do at best: loops that only read, or only multiply. They are the roofs that kernels
// are held against, so each must be as fast as the hardware; a kernel that beats one has found a wrong probe.
//
// Every probe returns a number that depends on all it read or computed, and the tests know what it must be.
#ifndef BITLAB_PROBES_H
#define BITLAB_PROBES_H

#include "bitlab_kernels.h"

#ifdef __cplusplus
extern "C" {
#endif

// Reads `bytes` bytes `rounds` times and returns the exclusive or of all 64-bit words, which for an even
// number of rounds is 0.
//
// How fast a core reads depends on how many pages its prefetchers follow at once, and in which order a kernel
// visits its weights. So there are several shapes, of which the fastest counts: `streams` places are read
// side by side, either far apart (the data in `streams` equal parts) or as neighbouring pages of 4 KiB.
//
// Each cache line is prefetched `prefetch_bytes` before it is read, or not at all with 0; the lines after the
// end are prefetched too, which never faults. `bytes` is a multiple of granule_bytes; the data starts at a
// multiple of BL_ALIGNMENT_BYTES.
typedef struct bl_read_probe {
  const char *name;  // "avx512, 8 neighbouring pages"
  uint32_t isa;
  size_t granule_bytes;
  uint64_t (*read)(const void *data, size_t bytes, size_t prefetch_bytes, size_t rounds);
} bl_read_probe;

size_t bl_read_probe_total(void);
const bl_read_probe *bl_read_probe_at(size_t index);

// What a compute probe multiplies.
typedef enum bl_compute_kind {
  BL_COMPUTE_INT8_DOT = 0,  // int8 by uint8, summed to int32
  BL_COMPUTE_FP32_FMA = 1,  // float by float, added to float
  BL_COMPUTE_BF16_DOT = 2,  // bfloat16 by bfloat16, summed to float
} bl_compute_kind;

// Beyond it, FP32 accumulators would round.
enum { BL_COMPUTE_PROBE_MOST_STEPS = 1 << 18 };

// Multiplies and adds in registers, `steps` times macs_per_step, as fast as the ports allow. Returns the sum
// of all accumulators: steps * sum_per_step exactly, for steps up to BL_COMPUTE_PROBE_MOST_STEPS. Several
// probes of one kind are several ways to do it; the fastest counts.
typedef struct bl_compute_probe {
  const char *name;  // "int8-dot-avx512vnni"
  uint32_t isa;
  bl_compute_kind kind;
  size_t macs_per_step;
  size_t sum_per_step;
  uint64_t (*run)(size_t steps);
} bl_compute_probe;

size_t bl_compute_probe_total(void);
const bl_compute_probe *bl_compute_probe_at(size_t index);

#ifdef __cplusplus
}
#endif
#endif
