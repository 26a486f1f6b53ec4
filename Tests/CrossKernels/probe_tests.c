#include "guarded_memory.h"
#include "include/bitlab_probes.h"
#include "random_numbers.h"
#include "report.h"
#include "tests.h"

static void test_read_probe(const bl_read_probe *probe) {
  static const size_t prefetches[] = {0, 1024, 16384};
  report_test("read probe %s", probe->name);
  for (size_t granules = 1; granules <= 3; granules += 2) {
    const size_t bytes = granules * probe->granule_bytes;
    const guarded_memory data = guarded_allocate(bytes, 0);
    uint64_t *words = data.base, folded = 0, state = granules;
    for (size_t i = 0; i < bytes / sizeof *words; i++) folded ^= words[i] = random_next(&state);
    for (size_t i = 0; i < sizeof prefetches / sizeof *prefetches; i++) {
      for (size_t rounds = 1; rounds <= 3; rounds++) {
        const uint64_t read = probe->read(words, bytes, prefetches[i], rounds);
        if (read != (rounds % 2 ? folded : 0))
          report_failure("%zu bytes, %zu rounds, prefetch %zu: not every word was read", bytes, rounds,
                         prefetches[i]);
      }
    }
    guarded_free(data);
  }
}

static void test_compute_probe(const bl_compute_probe *probe) {
  static const size_t steps[] = {0, 1, 63, 64, 65, 1000, BL_COMPUTE_PROBE_MOST_STEPS};
  report_test("compute probe %s", probe->name);
  if (probe->sum_per_step == 0 || probe->macs_per_step == 0) report_failure("does nothing");
  for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
    const uint64_t sum = probe->run(steps[i]), expected = (uint64_t)steps[i] * probe->sum_per_step;
    if (sum != expected)
      report_failure("%zu steps give %llu instead of %llu", steps[i], (unsigned long long)sum,
                     (unsigned long long)expected);
  }
}

void test_probes(void) {
  for (size_t i = 0; i < bl_read_probe_total(); i++)
    if ((bl_read_probe_at(i)->isa & ~bl_cpu_isa()) == 0) test_read_probe(bl_read_probe_at(i));
  for (size_t i = 0; i < bl_compute_probe_total(); i++)
    if ((bl_compute_probe_at(i)->isa & ~bl_cpu_isa()) == 0) test_compute_probe(bl_compute_probe_at(i));
}
