#include "report.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

static char test[256];
static bool failed;
static size_t begun, failures;

void report_test(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(test, sizeof test, format, arguments);
  va_end(arguments);
  failed = false;
  begun++;
}

void report_failure(const char *format, ...) {
  if (!failed) failures++;
  failed = true;
  printf("FAILED %s: ", test);
  va_list arguments;
  va_start(arguments, format);
  vprintf(format, arguments);
  va_end(arguments);
  printf("\n");
  fflush(stdout);
}

bool report_has_failed(void) {
  return failed;
}

bool report_end(void) {
  printf("%zu passed, %zu failed\n", begun - failures, failures);
  return failures == 0 && begun > 0;
}
