// Results of the tests: one line for each that fails, and a count of all at the end.
#ifndef CROSS_REPORT_H
#define CROSS_REPORT_H

#include <stdbool.h>

// Begins a test, which has passed unless report_failure() is called before the next one begins.
void report_test(const char *format, ...) __attribute__((format(printf, 1, 2)));

// Says why the current test failed.
void report_failure(const char *format, ...) __attribute__((format(printf, 1, 2)));

// Whether the current test has failed: what follows in it would only repeat that.
bool report_has_failed(void);

// Prints the count; true when nothing failed and something passed.
bool report_end(void);

#endif
