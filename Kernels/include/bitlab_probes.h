// What this machine can do at best: loops that only read, or only multiply. They are the roofs that kernels
// are held against, so each must be as fast as the hardware; a kernel that beats one has found a wrong probe.
#ifndef BITLAB_PROBES_H
#define BITLAB_PROBES_H

#include "bitlab_kernels.h"

#endif
