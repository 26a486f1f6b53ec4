// From int32 sums back to floats: the last step of every integer operator.
#include "common/bl_target.h"
#include "include/bitlab_kernels.h"

BL_ALWAYS_INLINE void rescale(size_t count, float factor, const int32_t *sums, float *y) {
  for (size_t i = 0; i < count; i++) {
    const float sum = (float)sums[i];
    y[i] = factor * sum;
  }
}

#if BL_X86
BL_TARGET_BEGIN_AVX2
static void rescale_avx2(size_t count, float factor, const int32_t *sums, float *y) {
  rescale(count, factor, sums, y);
}
BL_TARGET_END
BL_TARGET_BEGIN_AVX512
static void rescale_avx512(size_t count, float factor, const int32_t *sums, float *y) {
  rescale(count, factor, sums, y);
}
BL_TARGET_END
#endif

void bl_rescale(uint32_t isa, size_t count, float factor, const int32_t *sums, float *y) {
#if BL_X86
  if (isa & BL_ISA_AVX512) {
    rescale_avx512(count, factor, sums, y);
    return;
  }
  if (isa & BL_ISA_AVX2) {
    rescale_avx2(count, factor, sums, y);
    return;
  }
#else
  (void)isa;
#endif
  rescale(count, factor, sums, y);
}
