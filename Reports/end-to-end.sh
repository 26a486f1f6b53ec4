#!/usr/bin/env bash
# Writes Reports/end-to-end.md: models of true architectures with random weights, run from prompt to tokens.
set -euo pipefail
cd "$(dirname "$0")/.."
bitlab=.build/release/bitlab
models=.build/end-to-end
page=$models/page.md
mkdir -p "$models"

synthesize() { # file, options
  [ -f "$models/$1" ] || $bitlab synthesize "$models/$1" "${@:2}"
}
measure() { # heading, file, options
  printf '## %s\n\n' "$1"
  $bitlab bench --model-file "$models/$2" "${@:3}" --format md
  printf '\n'
}

synthesize 2b4t.gguf --model 2b4t
synthesize 2b4t-q8.gguf --model 2b4t --packing tq1_0 --embedding q8_0
synthesize 3b.gguf --model 3b
{
  printf '# From prompt to tokens\n\nWritten by `make end-to-end`. Do not edit by hand.\n\n'
  measure 'BitNet b1.58 2B4T, 512 tokens of prompt' 2b4t.gguf --families mad,float --tokens 512
  measure 'Every kernel, 32 tokens of prompt' 2b4t.gguf --tokens 32 --decoded-tokens 17
  measure '1.69 bits a weight and an LM head of 8 bits' 2b4t-q8.gguf --families mad,lut --tokens 32
  measure 'BitNet b1.58 3B' 3b.gguf --families mad --tokens 128
} >"$page"
mv "$page" Reports/end-to-end.md
