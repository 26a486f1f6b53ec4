// Reading in portable C: 64-bit words, which compilers may gather into the vectors every CPU of the
// architecture has.
#include <stdint.h>

#define BL_READ_VECTOR uint64_t
#define BL_READ_ZERO() 0
#define BL_READ_LOAD(address) (*(const uint64_t *)(address))
#define BL_READ_FOLD(sum, a, b) ((sum) ^ (a) ^ (b))
#define BL_READ_WORD(vector) (vector)
#include "probe/read_loop.h"

const bl_read_probe bl_read_probes_scalar[BL_READ_SHAPES] = BL_READ_PROBES("scalar", BL_ISA_SCALAR);
