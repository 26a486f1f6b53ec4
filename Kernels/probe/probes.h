// The tables of probes, one per instruction set, and what their loops share.
#ifndef BL_PROBES_TABLES_H
#define BL_PROBES_TABLES_H

#include "common/bl_target.h"
#include "include/bitlab_probes.h"

enum { BL_READ_SHAPES = 8 };

extern const bl_read_probe bl_read_probes_scalar[BL_READ_SHAPES];
extern const bl_read_probe bl_read_probes_avx2[BL_READ_SHAPES];
extern const bl_read_probe bl_read_probes_avx512[BL_READ_SHAPES];
extern const bl_read_probe bl_read_probes_neon[BL_READ_SHAPES];

extern const bl_compute_probe bl_compute_int8_dot_scalar, bl_compute_fp32_fma_scalar;
extern const bl_compute_probe bl_compute_int8_dot_avx2, bl_compute_ternary_dot_avx2, bl_compute_fp32_fma_avx2;
extern const bl_compute_probe bl_compute_ternary_dot_avx512, bl_compute_fp32_fma_avx512;
extern const bl_compute_probe bl_compute_int8_dot_avx512vnni, bl_compute_bf16_dot_avx512bf16;
extern const bl_compute_probe bl_compute_int8_dot_amxint8, bl_compute_bf16_dot_amxbf16;
extern const bl_compute_probe bl_compute_ternary_dot_neon, bl_compute_fp32_fma_neon;
extern const bl_compute_probe bl_compute_int8_dot_neondotprod, bl_compute_int8_dot_neoni8mm;

// Makes the compiler forget what it knows of a vector register, so that it neither computes a loop's result
// in advance, nor hoists an operation out of the loop, nor merges accumulators that hold equal values.
#if defined(__aarch64__)
#define BL_FORGET(vector) __asm__ volatile("" : "+w"(vector))
#elif defined(__x86_64__)
#define BL_FORGET(vector) __asm__ volatile("" : "+v"(vector))
#else
#define BL_FORGET(vector) __asm__ volatile("" : "+m"(vector))
#endif

#endif
