// The contract between the hot loops in C and everything in Swift.
//
// A *packing* is how a weight matrix lies in memory. A *kernel* multiplies activations by weights in one
// packing with one compute family on one instruction set. Each is one C file that registers itself: adding
// one touches no other file, and the tests and the bench find it by walking the registry.
//
// Words: m = tokens, k = in-features, n = out-features; y[m][n] = x[m][k] * w[n][k]^T. All matrices are
// row-major and dense unless a packing says otherwise. Nothing here allocates, starts threads, does I/O or
// calls libc in a hot loop; callers own all memory and keep the promises written at each field.
#ifndef BITLAB_KERNELS_H
#define BITLAB_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Every buffer handed to a packing or a kernel starts at a multiple of this many bytes.
enum { BL_ALIGNMENT_BYTES = 64 };

// Instruction set extensions a kernel needs, as a mask. BL_ISA_SCALAR needs nothing but C.
enum {
  BL_ISA_SCALAR = 0,
  BL_ISA_AVX2 = 1 << 0,              // with FMA, F16C, BMI1 and BMI2
  BL_ISA_AVX512 = 1 << 1,            // F, BW, DQ, VL and CD
  BL_ISA_AVX512_VNNI = 1 << 2,       // vpdpbusd
  BL_ISA_AVX512_VBMI = 1 << 3,       // vpermb, vpermi2b
  BL_ISA_AVX512_VPOPCNTDQ = 1 << 4,  // vpopcntq
  BL_ISA_AVX512_BF16 = 1 << 5,       // vdpbf16ps
  BL_ISA_AMX_INT8 = 1 << 6,          // tdpbusd and its kin, with AMX-TILE
  BL_ISA_AMX_BF16 = 1 << 7,          // tdpbf16ps, with AMX-TILE
  BL_ISA_NEON = 1 << 8,              // Advanced SIMD of AArch64
  BL_ISA_NEON_DOTPROD = 1 << 9,      // sdot, udot
  BL_ISA_NEON_I8MM = 1 << 10,        // smmla, usdot
};

// What a packing can hold, and the C type of one weight in the matrix given to pack().
typedef enum bl_weight_kind {
  BL_WEIGHTS_TERNARY = 0,  // int8_t in {-1, 0, +1}
  BL_WEIGHTS_BINARY = 1,   // int8_t in {-1, +1}
  BL_WEIGHTS_INT8 = 2,     // int8_t, any value
  BL_WEIGHTS_FLOAT = 3,    // float
} bl_weight_kind;

// What a kernel multiplies with, and the C type of one activation in the matrix given to prepare().
typedef enum bl_activation_kind {
  BL_ACTIVATIONS_INT8 = 0,     // int8_t in [-128, 127]
  BL_ACTIVATIONS_INT4 = 1,     // int8_t in [-8, 7]
  BL_ACTIVATIONS_INT2 = 2,     // int8_t in [-2, 1]
  BL_ACTIVATIONS_TERNARY = 3,  // int8_t in {-1, 0, +1}
  BL_ACTIVATIONS_SIGN = 4,     // int8_t in {-1, +1}
  BL_ACTIVATIONS_FLOAT = 5,    // float
} bl_activation_kind;

// Operations and bytes of one whole matmul, preparation included, packing not.
//
// Operations are those of the algorithm on single elements (one 64-bit word for logic and popcounts of
// bit-plane methods), as the portable kernel of the same family and packing executes them; a vector kernel
// does the same work in fewer instructions. A test counts them on small shapes.
typedef struct bl_cost {
  uint64_t adds;              // additions and subtractions of values
  uint64_t multiplies;        // multiplications of values
  uint64_t table_reads;       // look-ups in tables made by prepare()
  uint64_t table_writes;      // table entries made by prepare()
  uint64_t popcounts;         // population counts of a word
  uint64_t logic_operations;  // and, or, xor, shift that decode or combine weights and planes
  uint64_t weight_bytes;      // packed weights, read once
  uint64_t activation_bytes;  // activations as given to prepare()
  uint64_t table_bytes;       // what prepare() leaves for multiply()
  uint64_t output_bytes;      // results written
} bl_cost;

typedef struct bl_packing {
  const char *name;        // "i2s"
  const char *summary;     // one line
  const char *source;      // public source of the layout, or "bitlab"
  bl_weight_kind weights;  // what it can hold
  double bits_per_weight;  // of an unpadded matrix; data-dependent packings: at one third zeros
  size_t n_multiple;       // rows are padded to this multiple
  size_t k_multiple;       // columns are padded to this multiple

  // Bytes that pack() writes for the matrix w[n][k]. `w` may be NULL: then an upper bound for any weights
  // (the same number for packings whose size does not depend on the data).
  size_t (*packed_bytes)(size_t n, size_t k, const void *w);

  // Packs rows n_begin to n_end (n_begin a multiple of n_multiple; n_end too, or n) of the whole matrix
  // w[n][k] into the whole buffer `packed`. Disjoint ranges may be packed at the same time by several
  // threads; together they write every byte of packed_bytes(n, k, w), padding included.
  void (*pack)(size_t n, size_t k, size_t n_begin, size_t n_end, const void *w, void *packed);

  // The inverse for the whole matrix: writes w[n][k] in the C type of `weights`.
  void (*unpack)(size_t n, size_t k, const void *packed, void *w);
} bl_packing;

typedef struct bl_prepare_task {
  size_t m, k;
  size_t m_begin, m_end;  // tokens of this call: m_begin a multiple of m_tile; m_end too, or m
  // Columns of this call: all, 0 to k, unless the kernel has a k_tile: then k_begin is a multiple of it;
  // k_end too, or k.
  size_t k_begin, k_end;
  const void *x;   // x[m][k] in the C type of the kernel's activations; not readable past its end
  void *prepared;  // the whole buffer of prepared_bytes(m, k)
} bl_prepare_task;

typedef struct bl_multiply_task {
  size_t m, n, k;
  size_t n_begin, n_end;  // rows of this call: n_begin a multiple of n_tile; n_end too, or n
  const void *packed;     // the whole packed matrix; not readable past packed_bytes(n, k, w)
  const void *prepared;   // what prepare() left, for all m tokens
  void *workspace;        // workspace_bytes(m, n, k), private to this call; contents undefined
  void *y;                // y[m][n]: int32_t for integer kernels, float for BL_WEIGHTS_FLOAT
} bl_multiply_task;

typedef struct bl_kernel {
  const char *name;     // family-packing[-activations]-isa: "mad-i2s-avx512vnni", "bitserial-planes-a4-avx2"
  const char *family;   // a raw value of Swift's ComputeFamily: "mad"
  const char *summary;  // one line: the idea
  const char *source;   // public source of the method
  const char *explain;  // what bounds it, and the reason for its distance from the fastest family
  const bl_packing *packing;
  uint32_t isa;  // BL_ISA_... mask: all bits must be in bl_cpu_isa()
  bl_activation_kind activations;
  // Bit-exact with the int32 reference on the given activations. When false (float kernels),
  // |y - exact| <= (rounding_error + k * 2^-24) * sum of |x * w| + underflow_error * sum of |x|, sums over k,
  // with w and x as given. The last term is for weights too small for the format's full precision.
  bool exact;
  double rounding_error;
  double underflow_error;
  size_t m_tile;  // prepare() is split over tokens at multiples of this
  size_t k_tile;  // prepare() may be split over columns at multiples of this; 0: it takes them all
  size_t n_tile;  // multiply() is split over rows at multiples of this; a multiple of packing->n_multiple
  size_t (*prepared_bytes)(size_t m, size_t k);
  void (*prepare)(const bl_prepare_task *task);
  size_t (*workspace_bytes)(size_t m, size_t n, size_t k);  // NULL: needs none
  void (*multiply)(const bl_multiply_task *task);
  // `packed` may be NULL; then data-dependent counts are for weights of which one third are zero.
  bl_cost (*cost)(size_t m, size_t n, size_t k, const void *packed);
} bl_kernel;

// The registry, in link order. `index` < bl_kernel_total().
size_t bl_kernel_total(void);
const bl_kernel *bl_kernel_at(size_t index);

// Extensions of the CPU that runs this, as a BL_ISA_... mask, with the operating system's consent.
uint32_t bl_cpu_isa(void);

// The compiler that made the kernels, as it names itself.
const char *bl_compiler(void);

// Quantises tokens m_begin to m_end of x[m][k] to q[m][k] and stores each token's scale, so that
// x is about q / scale. `kind` is any integer kind; `isa` bounds the instructions used. All isa give equal
// bits.
//   int8, int4, int2: scale = Q / max(max|x|, 1e-5), Q = 127, 7, 1; q = round_half_even(x * scale) clamped to
//   the kind's range (arXiv 2402.17764, eq. 4, as the transformers library implements it); ternary, sign:
//   scale = 1 / max(mean|x|, 1e-5); sign gives +1 for x >= 0.
void bl_quantise_activations(bl_activation_kind kind, uint32_t isa, size_t k, size_t m_begin, size_t m_end,
                             const float *x, int8_t *q, float *scale);

// The same for the columns k_begin to k_end of one token x[k], whose scale all k columns decide.
void bl_quantise_columns(bl_activation_kind kind, uint32_t isa, size_t k, size_t k_begin, size_t k_end,
                         const float *x, int8_t *q, float *scale);

// y[i] = factor * sums[i] for `count` elements; y and sums may be the same memory.
void bl_rescale(uint32_t isa, size_t count, float factor, const int32_t *sums, float *y);

// Tells the CPU that the caller spins.
static inline void bl_cpu_relax(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

#ifdef __cplusplus
}
#endif
#endif
