// The transformer's functions with AVX2, FMA and F16C.
#include "transformer/level_includes.h"

#if BL_X86
BL_TARGET_BEGIN_AVX2

#include "transformer/vectors_avx2.h"

#include "transformer/level_functions.h"

BL_TARGET_END

const bl_transformer_level bl_transformer_avx2 = LEVEL_FUNCTIONS;
#endif
