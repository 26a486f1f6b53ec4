// How many instructions a core takes up in a second, whatever they do: no-operations occupy nothing but the
// front end and their place in the order of retirement.
#include "probe/rate_loop.h"

#if BL_X86
// Of four bytes each: short ones do not fit the buffers of decoded instructions.
#define NOPS_OF_A_STEP ".rept 12\n\tnopl 0(%%rax)\n\t.endr"

static uint64_t issue(size_t steps) {
  size_t n = 0;
  // Eight steps at a time keep the loop's own instructions few.
  for (; n + 8 <= steps; n += 8)
    __asm__ volatile(NOPS_OF_A_STEP "\n\t" NOPS_OF_A_STEP "\n\t" NOPS_OF_A_STEP "\n\t" NOPS_OF_A_STEP
                                    "\n\t" NOPS_OF_A_STEP "\n\t" NOPS_OF_A_STEP "\n\t" NOPS_OF_A_STEP
                                    "\n\t" NOPS_OF_A_STEP
                     : "+r"(n));
  for (; n < steps; n++) __asm__ volatile(NOPS_OF_A_STEP : "+r"(n));
  return n;
}

const bl_rate_probe bl_rate_probes_x86[BL_RATE_PROBES_X86] = {
    BL_RATE_PROBE("issue", issue, BL_ISA_SCALAR, BL_INSTRUCTIONS_ISSUED, 0, 1, 0),
};
#endif
