// Reading with 512-bit loads, a whole cache line each.
#include "probe/probes.h"

#if BL_X86
BL_TARGET_BEGIN_AVX512

#define BL_READ_VECTOR __m512i
#define BL_READ_ZERO() _mm512_setzero_si512()
#define BL_READ_LOAD(address) _mm512_load_si512(address)
#define BL_READ_ADD(a, b) _mm512_add_epi64(a, b)
#define BL_READ_SUM(vector) ((uint64_t)_mm512_reduce_add_epi64(vector))
#include "probe/read_loop.h"

BL_TARGET_END

const bl_read_probe bl_read_probes_avx512[BL_READ_SHAPES] =
    BL_READ_PROBES("avx512", BL_ISA_AVX2 | BL_ISA_AVX512);
#endif
