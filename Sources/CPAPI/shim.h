// libpapi for Swift: PAPI_VER_CURRENT is an expression that the importer skips, so it gets a function.
#ifndef BITLAB_CPAPI_SHIM_H
#define BITLAB_CPAPI_SHIM_H

#include <papi.h>
#include <sys/syscall.h>
#include <unistd.h>

static inline int bl_papi_header_version(void) {
  return PAPI_VER_CURRENT;
}

// The kernel's number of the calling thread. Unlike pthread_self() it does not come back as soon as a thread
// has ended, when PAPI would take the new thread for the old one and read counters of the dead.
static inline unsigned long bl_papi_thread(void) {
  return (unsigned long)syscall(SYS_gettid);
}

static inline int bl_papi_thread_init(void) {
  return PAPI_thread_init(bl_papi_thread);
}

#endif
