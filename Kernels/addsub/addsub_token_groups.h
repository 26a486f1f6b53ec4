// Token groups: activations of up to four tokens, widened to int32 and interleaved, so that a column named by
// an index is four adjacent values, which a compiler adds as one vector.
//
//   group g:  column 0: token 4 g .. 4 g + 3 | column 1: ... | column k - 1
//
// The last group has only the tokens that exist. Portable; shared by the addsub and rsr families.
#ifndef BL_ADDSUB_TOKEN_GROUPS_H
#define BL_ADDSUB_TOKEN_GROUPS_H

#include "common/bl_math.h"
#include "include/bitlab_kernels.h"

enum { BL_GROUP_TOKENS = 4 };

static inline size_t bl_token_groups_bytes(size_t m, size_t k) {
  return m * k * sizeof(int32_t);
}

// The group that begins at `token`.
static inline const int32_t *bl_token_group(const void *prepared, size_t k, size_t token) {
  return (const int32_t *)prepared + token * k;
}

static inline void bl_token_groups_prepare(const bl_prepare_task *task) {
  const size_t k = task->k;
  for (size_t begin = task->m_begin; begin < task->m_end; begin += BL_GROUP_TOKENS) {
    const size_t tokens = bl_min(BL_GROUP_TOKENS, task->m - begin);
    const int8_t *x = (const int8_t *)task->x + begin * k;
    int32_t *group = (int32_t *)task->prepared + begin * k;
    for (size_t t = 0; t < tokens; t++)
      for (size_t column = 0; column < k; column++) group[column * tokens + t] = x[t * k + column];
  }
}

#endif
