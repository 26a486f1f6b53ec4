"""Writes what llama.cpp (PyPI's xllamacpp) makes of a model and a prompt, greedily: llama_cpp_text.py MODEL PROMPT TOKENS OUTPUT"""
import sys

import xllamacpp

model, prompt, tokens, output = sys.argv[1:]
parameters = xllamacpp.CommonParams()
parameters.model.path = model
parameters.n_ctx = 512
parameters.n_parallel = 1
parameters.cpuparams.n_threads = 1
parameters.warmup = False
answer = xllamacpp.Server(parameters).handle_completions(
    {"prompt": prompt, "max_tokens": int(tokens), "temperature": 0.0, "top_k": 1, "cache_prompt": False})
with open(output, "w", encoding="utf-8") as file:
    file.write(answer["choices"][0]["text"])
