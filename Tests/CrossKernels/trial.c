#include "trial.h"

#include "report.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void fail(const trial *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void fail(const trial *t, const char *format, ...) {
  char reason[160];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(reason, sizeof reason, format, arguments);
  va_end(arguments);
  report_failure("M=%zu N=%zu K=%zu, %s, seed %llu: %s", t->m, t->n, t->k, fill_names[t->fill],
                 (unsigned long long)t->seed, reason);
}

// Calls body(begin, end) for pieces of one and two tiles in turn. Odd seeds go from the last to the first, so
// that a piece which writes into the next one's results is found out.
#define FOR_EACH_PIECE(t, total, tile, body)                                      \
  do {                                                                            \
    const size_t pair_ = 3 * (tile), pieces_ = ((total) + pair_ - 1) / pair_ * 2; \
    for (size_t i_ = 0; i_ < pieces_; i_++) {                                     \
      const size_t piece_ = (t)->seed % 2 ? pieces_ - 1 - i_ : i_;                \
      const size_t begin = piece_ / 2 * pair_ + piece_ % 2 * (tile);              \
      const size_t length_ = (piece_ % 2 + 1) * (tile);                           \
      const size_t end = (total)-begin < length_ ? (total) : begin + length_;     \
      if (begin < (total)) body;                                                  \
    }                                                                             \
  } while (0)

// Packs in pieces, and compares with a packing in one piece into memory that held something else.
static guarded_memory pack(const trial *t, const operands *o) {
  const bl_packing *packing = t->kernel->packing;
  const size_t bytes = packing->packed_bytes(t->n, t->k, o->w.base);
  if (bytes > packing->packed_bytes(t->n, t->k, NULL)) fail(t, "larger than the packing's bound");
  const guarded_memory packed = guarded_allocate(bytes, 0xa5), whole = guarded_allocate(bytes, 0x5a);
  FOR_EACH_PIECE(t, t->n, t->kernel->n_tile, packing->pack(t->n, t->k, begin, end, o->w.base, packed.base));
  packing->pack(t->n, t->k, 0, t->n, o->w.base, whole.base);
  if (memcmp(packed.base, whole.base, bytes) != 0) fail(t, "packing in pieces differs from packing at once");
  guarded_free(whole);
  return packed;
}

static void check_unpacked(const trial *t, const operands *o, const guarded_memory packed) {
  const size_t count = t->n * t->k, bytes = count * weight_bytes(o->weight_kind);
  const guarded_memory unpacked = guarded_allocate(bytes, 0x77);
  t->kernel->packing->unpack(t->n, t->k, packed.base, unpacked.base);
  if (o->weight_kind != BL_WEIGHTS_FLOAT) {
    if (memcmp(unpacked.base, o->w.base, bytes) != 0) fail(t, "unpacking does not give the weights back");
  } else {
    const float *w = o->w.base, *rounded = unpacked.base;
    for (size_t i = 0; i < count && !report_has_failed(); i++) {
      const double error = fabs((double)rounded[i] - (double)w[i]);
      if (!(error <= t->kernel->rounding_error * fabs((double)w[i]) + t->kernel->underflow_error))
        fail(t, "weight %g unpacks to %g", (double)w[i], (double)rounded[i]);
    }
  }
  guarded_free(unpacked);
}

static void check_integers(const trial *t, const operands *o, const int32_t *y) {
  for (size_t i = 0; i < t->m * t->n; i++) {
    if (y[i] == o->product[i]) continue;
    fail(t, "token %zu, row %zu: %d instead of %d", i / t->n, i % t->n, y[i], o->product[i]);
    return;
  }
}

static void check_floats(const trial *t, const operands *o, const float *y) {
  const double relative = t->kernel->rounding_error + (double)t->k * ldexp(1, -24);
  for (size_t i = 0; i < t->m * t->n; i++) {
    const double bound = relative * o->product_magnitudes[i] +
                         t->kernel->underflow_error * o->activation_magnitudes[i / t->n] + 1e-30;
    const double error = fabs((double)y[i] - o->float_product[i]);
    if (error <= bound) continue;
    fail(t, "token %zu, row %zu: error %g beyond %g", i / t->n, i % t->n, error, bound);
    return;
  }
}

// Prepares a few tokens, in pieces of columns where the kernel may be called so.
static void prepare_tokens(const trial *t, size_t m_begin, size_t m_end, const void *x, void *prepared) {
  const size_t tile = t->kernel->k_tile > 0 ? t->kernel->k_tile : t->k;
  FOR_EACH_PIECE(t, t->k, tile,
                 t->kernel->prepare(&(bl_prepare_task){
                     .m = t->m,
                     .k = t->k,
                     .m_begin = m_begin,
                     .m_end = m_end,
                     .k_begin = begin,
                     .k_end = end,
                     .x = x,
                     .prepared = prepared,
                 }));
}

void trial_run(const trial *t) {
  const bl_kernel *kernel = t->kernel;
  operands o = operands_make(kernel, t->m, t->n, t->k, t->fill, t->seed);
  const guarded_memory packed = pack(t, &o);
  check_unpacked(t, &o, packed);

  const guarded_memory prepared = guarded_allocate(kernel->prepared_bytes(t->m, t->k), 0xa5);
  FOR_EACH_PIECE(t, t->m, kernel->m_tile, prepare_tokens(t, begin, end, o.x.base, prepared.base));

  const size_t workspace_bytes = kernel->workspace_bytes ? kernel->workspace_bytes(t->m, t->n, t->k) : 0;
  const guarded_memory y = guarded_allocate(t->m * t->n * sizeof(int32_t), 0xa5);
  FOR_EACH_PIECE(t, t->n, kernel->n_tile, {
    const guarded_memory workspace = guarded_allocate(workspace_bytes, 0xa5);
    kernel->multiply(&(bl_multiply_task){t->m, t->n, t->k, begin, end, packed.base, prepared.base,
                                         workspace.base, y.base});
    guarded_free(workspace);
  });
  if (o.weight_kind == BL_WEIGHTS_FLOAT)
    check_floats(t, &o, y.base);
  else
    check_integers(t, &o, y.base);
  guarded_free(y);
  guarded_free(prepared);
  guarded_free(packed);
  operands_free(&o);
}
