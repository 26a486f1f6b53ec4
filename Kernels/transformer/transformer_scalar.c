// The transformer's functions in portable C.
#include "transformer/level_includes.h"

#include "transformer/vectors_scalar.h"

#include "transformer/level_functions.h"

const bl_transformer_level bl_transformer_scalar = LEVEL_FUNCTIONS;
