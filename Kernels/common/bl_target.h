// Target regions: functions between BL_TARGET_BEGIN_... and BL_TARGET_END are compiled for that instruction
// set whatever the command line says. Include this header (it brings immintrin.h) before the region.
// Wrap the whole body of a vector kernel's file in `#if BL_X86`.
#ifndef BL_TARGET_H
#define BL_TARGET_H

#if defined(__x86_64__) && !defined(BL_COUNTING)  // only portable kernels are counted
#define BL_X86 1
#include <immintrin.h>
#else
#define BL_X86 0
#endif

#if defined(__aarch64__) && !defined(BL_COUNTING)
#define BL_ARM64 1
#include <arm_neon.h>
#else
#define BL_ARM64 0
#endif

#define BL_PRAGMA(text) _Pragma(#text)

// Before a loop whose bounds are constants: its arrays of vectors must become registers.
#if defined(__clang__)
#define BL_UNROLL BL_PRAGMA(clang loop unroll(full))
#else
#define BL_UNROLL BL_PRAGMA(GCC unroll 64)
#endif

#if defined(__clang__)
#define BL_TARGET_BEGIN(features) \
  BL_PRAGMA(clang attribute push(__attribute__((target(features))), apply_to = function))
#define BL_TARGET_END BL_PRAGMA(clang attribute pop)
#else
#define BL_TARGET_BEGIN(features) BL_PRAGMA(GCC push_options) BL_PRAGMA(GCC target(features))
#define BL_TARGET_END BL_PRAGMA(GCC pop_options)
#endif

#define BL_FEATURES_AVX2 "avx2,fma,f16c,bmi,bmi2,popcnt,lzcnt"
#define BL_FEATURES_AVX512 BL_FEATURES_AVX2 ",avx512f,avx512bw,avx512dq,avx512vl,avx512cd"

#define BL_TARGET_BEGIN_AVX2 BL_TARGET_BEGIN(BL_FEATURES_AVX2)
#define BL_TARGET_BEGIN_AVX512 BL_TARGET_BEGIN(BL_FEATURES_AVX512)
#define BL_TARGET_BEGIN_AVX512_VNNI BL_TARGET_BEGIN(BL_FEATURES_AVX512 ",avx512vnni")
#define BL_TARGET_BEGIN_AVX512_VBMI BL_TARGET_BEGIN(BL_FEATURES_AVX512 ",avx512vbmi")
#define BL_TARGET_BEGIN_AVX512_VNNI_VBMI BL_TARGET_BEGIN(BL_FEATURES_AVX512 ",avx512vnni,avx512vbmi")
#define BL_TARGET_BEGIN_AVX512_VPOPCNTDQ BL_TARGET_BEGIN(BL_FEATURES_AVX512 ",avx512vpopcntdq")
#define BL_TARGET_BEGIN_AVX512_BF16 BL_TARGET_BEGIN(BL_FEATURES_AVX512 ",avx512bf16")

#define BL_TARGET_BEGIN_AMX_INT8 \
  BL_TARGET_BEGIN(BL_FEATURES_AVX512 ",avx512vbmi,avx512vnni,amx-tile,amx-int8")
#define BL_TARGET_BEGIN_AMX_BF16 BL_TARGET_BEGIN(BL_FEATURES_AVX512 ",avx512bf16,amx-tile,amx-bf16")

// NEON itself is part of AArch64 and needs no region.
#if defined(__clang__)
#define BL_TARGET_BEGIN_NEON_DOTPROD BL_TARGET_BEGIN("dotprod")
#define BL_TARGET_BEGIN_NEON_I8MM BL_TARGET_BEGIN("dotprod,i8mm")
#else
#define BL_TARGET_BEGIN_NEON_DOTPROD BL_TARGET_BEGIN("arch=armv8.2-a+dotprod")
#define BL_TARGET_BEGIN_NEON_I8MM BL_TARGET_BEGIN("arch=armv8.2-a+dotprod+i8mm")
#endif

#define BL_ALWAYS_INLINE static inline __attribute__((always_inline))

#endif
