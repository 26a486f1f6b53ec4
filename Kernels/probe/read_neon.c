// Reading with 128-bit loads.
#include "probe/probes.h"

#if BL_ARM64

#define BL_READ_VECTOR uint64x2_t
#define BL_READ_ZERO() vdupq_n_u64(0)
#define BL_READ_LOAD(address) vld1q_u64((const uint64_t *)(const void *)(address))
#define BL_READ_FOLD(sum, a, b) veorq_u64(sum, veorq_u64(a, b))
#define BL_READ_WORD(vector) (vgetq_lane_u64(vector, 0) ^ vgetq_lane_u64(vector, 1))
#include "probe/read_loop.h"

const bl_read_probe bl_read_probes_neon[BL_READ_SHAPES] = BL_READ_PROBES("neon", BL_ISA_NEON);
#endif
