// What the templates need from outside, for files that include them in a target region.
#ifndef BL_TRANSFORMER_LEVEL_INCLUDES_H
#define BL_TRANSFORMER_LEVEL_INCLUDES_H

#include "common/bl_float_convert.h"
#include "common/bl_math.h"
#include "common/bl_target.h"
#include "common/bl_transpose_avx512.h"
#include "common/bl_weight_streams.h"
#include "transformer/attention_workspace.h"
#include "transformer/levels.h"
#include "transformer/stored_rows.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#endif
