// libpapi for Swift: PAPI_VER_CURRENT is an expression that the importer skips, so it gets a function.
#ifndef BITLAB_CPAPI_SHIM_H
#define BITLAB_CPAPI_SHIM_H

#include <papi.h>

static inline int bl_papi_header_version(void) { return PAPI_VER_CURRENT; }

#endif
