// Tests of the C kernels without Swift, for targets that are compiled across and run in an emulator (make
// test-aarch64), for other compilers and for sanitizers. Tests/KernelZooTests says the same in Swift, where
// it can, and more.
//
// usage: cross-kernels [part of the names of the kernels to test]
#include "include/bitlab_kernels.h"
#include "report.h"
#include "tests.h"

#include <stdio.h>
#include <stdlib.h>

int main(int count, char **arguments) {
  printf("%s, BL_ISA mask 0x%x\n", bl_compiler(), bl_cpu_isa());
  test_kernels(count > 1 ? arguments[1] : "");
  test_activations();
  test_probes();
  test_transformer();
  return report_end() ? EXIT_SUCCESS : EXIT_FAILURE;
}
