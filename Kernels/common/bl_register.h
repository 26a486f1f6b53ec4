// Registration: one line at the end of a kernel's file, `BL_REGISTER(kernel);`, puts the address of its
// descriptor in a linker section of its own; registry.c walks the section.
#ifndef BL_REGISTER_H
#define BL_REGISTER_H

#include "include/bitlab_kernels.h"

#if defined(BL_COUNTING)
#define BL_SECTION "bl_counted_kernels"
#elif defined(__APPLE__)
#define BL_SECTION "__DATA,bl_kernels"
#else
#define BL_SECTION "bl_kernels"
#endif

// `used, retain` keeps the entry through compiler and linker garbage collection.
#define BL_REGISTER(kernel) \
  __attribute__((used, retain, section(BL_SECTION))) static const bl_kernel *const kernel##_entry = &kernel

#endif
