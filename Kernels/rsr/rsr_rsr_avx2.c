// rsr-rsr-avx2: activations whose columns have the same weights in three rows are summed once for all three,
// as vectors of tokens. (Layout: packing/rsr.h.)
//
// Token panels (addsub/addsub_token_panels.h): each slot is one load and add for 16 tokens. A single token
// takes a panel of its own, as fetching one activation costs no less than fetching sixteen.
//
// Bound: loads, two or three a cycle: about 200 (128 slots, 20 columns in overflow twice, 13 sums) per 384
// weights and panel.
#include "common/bl_target.h"

#if BL_X86
#include "common/bl_register.h"
#include "rsr/rsr_cost.h"

BL_TARGET_BEGIN_AVX2

#define BL_PANEL_TOKENS 16
#include "rsr/rsr_panels.h"

static size_t prepared_bytes(size_t m, size_t k) {
  return bl_panels_elements(m, k) * sizeof(int16_t);
}

static void prepare(const bl_prepare_task *task) {
  for (size_t token = task->m_begin; token < task->m_end; token += BL_PANEL_TOKENS)
    bl_panel_write(task->x, task->m, task->k, token, task->prepared);
}

static size_t workspace_bytes(size_t m, size_t n, size_t k) {
  (void)m, (void)n, (void)k;
  return bl_rsr_panels_workspace_bytes();
}

static void multiply(const bl_multiply_task *task) {
  bl_rsr_panels_multiply(task, task->m);
}

BL_TARGET_END

static const bl_kernel rsr_rsr_avx2 = {
    .name = "rsr-rsr-avx2",
    .family = "rsr",
    .summary = "sums equal columns of three rows once, as vectors of 16 tokens",
    .source = "arXiv 2411.06360",
    .explain =
        "about 200 vector loads per 384 weights and 16 tokens; a single token costs as much as 16, because "
        "its activations are fetched one by one",
    .packing = &bl_packing_rsr,
    .isa = BL_ISA_AVX2,
    .activations = BL_ACTIVATIONS_INT8,
    .exact = true,
    .m_tile = BL_PANEL_TOKENS,
    .n_tile = BL_RSR_ROWS,
    .prepared_bytes = prepared_bytes,
    .prepare = prepare,
    .workspace_bytes = workspace_bytes,
    .multiply = multiply,
    .cost = bl_rsr_cost,
};
BL_REGISTER(rsr_rsr_avx2);
#endif
