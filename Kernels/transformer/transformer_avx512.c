// The transformer's functions with AVX-512 F, BW, DQ and VL.
#include "transformer/level_includes.h"

#if BL_X86
BL_TARGET_BEGIN_AVX512

#include "transformer/vectors_avx512.h"

#include "transformer/level_functions.h"

BL_TARGET_END

const bl_transformer_level bl_transformer_avx512 = LEVEL_FUNCTIONS;
#endif
