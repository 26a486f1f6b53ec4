// What main.c runs, each suite in a file of its own.
#ifndef CROSS_TESTS_H
#define CROSS_TESTS_H

// Kernels whose name contains `part`: exactness over awkward shapes and at the extremes, costs, descriptors.
void test_kernels(const char *part);

// Quantising and rescaling give equal bits with every instruction set.
void test_activations(void);

// Probes read and compute all that they say.
void test_probes(void);

// The functions of include/bitlab_transformer.h agree with double precision.
void test_transformer(void);

#endif
