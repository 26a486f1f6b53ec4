// addsub-tcsc-avx2: adds the activations named by lists of columns, for many tokens at once.
// (Layout: packing/tcsc.h.)
//
// Token panels (addsub_token_panels.h): each listed column is one load and add for 16 tokens. A single token
// takes a panel of its own: fetching one activation costs no less than fetching sixteen, AVX2 gathers are no
// faster than loads one by one, and a byte permute reaches 16 of the 128 columns of a block.
//
// Bound: loads, two or three a cycle: 48 or 72 multiply-accumulates a cycle at one third zeros for 16 tokens
// or more, and as many cycles for fewer.
#include "common/bl_target.h"

#if BL_X86
#include "addsub/addsub_tcsc_cost.h"
#include "common/bl_register.h"

BL_TARGET_BEGIN_AVX2

#define BL_PANEL_TOKENS 16
#include "addsub/addsub_tcsc_panels.h"

static size_t prepared_bytes(size_t m, size_t k) {
  return bl_panels_elements(m, k) * sizeof(int16_t);
}

static void prepare(const bl_prepare_task *task) {
  for (size_t token = task->m_begin; token < task->m_end; token += BL_PANEL_TOKENS)
    bl_panel_write(task->x, task->m, task->k, token, task->prepared);
}

static size_t workspace_bytes(size_t m, size_t n, size_t k) {
  (void)m, (void)n, (void)k;
  return bl_tcsc_panels_workspace_bytes();
}

static void multiply(const bl_multiply_task *task) {
  bl_tcsc_panels_multiply(task, task->m);
}

BL_TARGET_END

static const bl_kernel addsub_tcsc_avx2 = {
    .name = "addsub-tcsc-avx2",
    .family = "addsub",
    .summary = "one vector add over a panel of tokens for each listed nonzero column",
    .source = "arXiv 2510.06957",
    .explain =
        "decode: two loads per nonzero weight and 5.5 bits of traffic per weight, more than twice what "
        "dense two-bit codes take; prefill: one 32-byte load and add per nonzero weight and 16 tokens",
    .packing = &bl_packing_tcsc,
    .isa = BL_ISA_AVX2,
    .activations = BL_ACTIVATIONS_INT8,
    .exact = true,
    .m_tile = BL_PANEL_TOKENS,
    .n_tile = BL_TCSC_ROWS,
    .prepared_bytes = prepared_bytes,
    .prepare = prepare,
    .workspace_bytes = workspace_bytes,
    .multiply = multiply,
    .cost = bl_addsub_tcsc_cost,
};
BL_REGISTER(addsub_tcsc_avx2);
#endif
