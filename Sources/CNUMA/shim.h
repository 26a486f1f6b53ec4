// libnuma for Swift.
#ifndef BITLAB_CNUMA_SHIM_H
#define BITLAB_CNUMA_SHIM_H

#include <numa.h>
#include <numaif.h>

#endif
