# Two commands a new machine needs: `make bench` and `make test`. Both first install what is missing.

PACKAGES = libpapi-dev libnuma-dev libsqlite3-dev gnuplot-nox pkg-config

.PHONY: bench bench-kernels test build setup lint format

bench: build
	.build/release/bitlab bench

# The kernels against this machine's limits: five minutes at most.
bench-kernels: build
	.build/release/bitlab targets

test: setup
	swift test --disable-xctest

build: setup
	swift build --configuration release --product bitlab

setup:
	@.ci/install-system-packages $(PACKAGES)

# What CI checks; needs clang-format-14 (apt install clang-format-14).
lint:
	swift format lint --strict --recursive Sources Tests Package.swift
	git ls-files '*.c' '*.h' | xargs clang-format-14 --dry-run --Werror

format:
	swift format --in-place --recursive Sources Tests Package.swift
	git ls-files '*.c' '*.h' | xargs clang-format-14 -i
