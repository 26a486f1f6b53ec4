# Two commands a new machine needs: `make bench` and `make test`. Both first install what is missing.

PACKAGES = libpapi-dev libnuma-dev libsqlite3-dev gnuplot-nox pkg-config

.PHONY: bench bench-kernels end-to-end test build setup lint format test-aarch64 test-portable test-sanitized fuzz

bench: build
	.build/release/bitlab bench

# The kernels against this machine's limits: five to six minutes.
bench-kernels: build
	.build/release/bitlab targets

# A synthesized 2B4T on every kernel, from prompt to tokens: about ten minutes and 10 GB of memory.
end-to-end: build
	Reports/end-to-end.sh

test: setup
	swift test --disable-xctest

build: setup
	swift build --configuration release --product bitlab

setup:
	@.ci/install-system-packages $(PACKAGES)

# The kernels in C on other targets, in an emulator: 64-bit ARM with and without its extensions; 32-bit ARM and
# big-endian s390x, which have portable kernels only. And on this machine with sanitizers.
cross_kernels = @$(MAKE) --no-print-directory --directory Tests/CrossKernels --jobs=$(shell nproc) --output-sync

test-aarch64:
	@.ci/install-system-packages gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user
	$(cross_kernels) aarch64

test-portable:
	@.ci/install-system-packages gcc-arm-linux-gnueabihf libc6-dev-armhf-cross gcc-s390x-linux-gnu \
	  libc6-dev-s390x-cross qemu-user
	$(cross_kernels) portable

test-sanitized:
	$(cross_kernels) sanitized

# The readers of model files with mutated input, FUZZ_SECONDS each.
fuzz:
	Fuzz/run

# What CI checks; needs clang-format-14 (apt install clang-format-14).
lint:
	swift format lint --strict --recursive Sources Tests Fuzz Package.swift
	git ls-files '*.c' '*.h' | xargs clang-format-14 --dry-run --Werror

format:
	swift format --in-place --recursive Sources Tests Fuzz Package.swift
	git ls-files '*.c' '*.h' | xargs clang-format-14 -i
