#!/usr/bin/env python3
"""Writes Fuzz/Corpus again: small valid files, from which fuzzing begins. Needs numpy, safetensors and gguf."""

import json
import pathlib

import gguf
import numpy
from safetensors.numpy import save

corpus = pathlib.Path(__file__).parent / "Corpus"
numbers = numpy.random.default_rng(3)


def write(name, data):
    path = corpus / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())


def single(*shape):
    return numbers.standard_normal(shape).astype(numpy.float32)


write("Safetensors/empty", save({}))
write("Safetensors/one", save({"w": single(2, 3)}))
write("Safetensors/metadata", save({"w": single(2, 3)}, {"format": "pt", "é\n": "\U0001f600\""}))
write("Safetensors/types", save({
    "single": single(3, 2), "half": single(2, 2).astype(numpy.float16), "bytes": numpy.zeros(5, numpy.uint8),
    "long": numpy.array(7), "none": single(0, 4)}))

configuration = {
    "architectures": ["BitNetForCausalLM"], "hidden_act": "relu2", "hidden_size": 64, "intermediate_size": 96,
    "max_position_embeddings": 128, "num_attention_heads": 4, "num_hidden_layers": 2, "num_key_value_heads": 2,
    "rms_norm_eps": 1e-05, "rope_theta": 500000.0, "tie_word_embeddings": True, "vocab_size": 50,
    "quantization_config": {"quant_method": "bitnet", "linear_class": "autobitlinear",
                            "quantization_mode": "offline"}}
write("HuggingFace/bitnet", configuration)
write("HuggingFace/llama", {
    "model_type": "llama", "hidden_size": 64, "intermediate_size": 96, "max_position_embeddings": 128,
    "num_attention_heads": 4, "num_hidden_layers": 2, "vocab_size": 50, "head_dim": 8, "rope_scaling": None,
    "rope_parameters": {"rope_type": "default", "rope_theta": 1e4}, "attention_bias": False})
expression = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
              r"|\s*[\r\n]+|\s+(?!\S)|\s+")
write("HuggingFace/bytes", {
    "added_tokens": [{"id": 4, "content": "<s>", "special": True}, {"id": 5, "content": "<t>", "special": False}],
    "normalizer": None, "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
        {"type": "Split", "pattern": {"Regex": expression}, "behavior": "Isolated", "invert": False},
        {"type": "ByteLevel", "add_prefix_space": False, "use_regex": False}]},
    "post_processor": {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<s>"}}]},
    "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2, "aba": 3}, "merges": ["a b", ["ab", "a"]]}})
write("HuggingFace/sentencepiece", {
    "added_tokens": [{"id": 0, "content": "<unk>", "special": True}],
    "normalizer": {"type": "Sequence", "normalizers": [
        {"type": "Prepend", "prepend": "\u2581"},
        {"type": "Replace", "pattern": {"String": " "}, "content": "\u2581"}]},
    "model": {"type": "BPE", "byte_fallback": True, "unk_token": "<unk>", "merges": ["a b", "\u2581 ab"],
              "vocab": {"<unk>": 0, "<0x41>": 1, "a": 2, "b": 3, "\u2581": 4, "ab": 5, "\u2581ab": 6}}})
write("HuggingFace/metaspace", {
    "pre_tokenizer": {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "never", "split": False},
    "model": {"byte_fallback": True, "vocab": {"\u2581": 0}, "merges": []}})


def model(name, architecture, hidden, inner, matrix, tokenizer):
    """A model of one layer and five tokens; `matrix` adds a tensor of rows and columns."""
    path = corpus / "GGUF" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    writer = gguf.GGUFWriter(path, architecture)
    writer.add_context_length(16)
    writer.add_embedding_length(hidden)
    writer.add_feed_forward_length(inner)
    writer.add_block_count(1)
    writer.add_head_count(1)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_freq_base(1e4)
    writer.add_tokenizer_model(tokenizer)
    writer.add_token_list(["a", "b", "ab", "<s>", "</s>"])
    writer.add_token_types([1, 1, 1, 3, 3])
    if tokenizer == "gpt2":
        writer.add_token_merges(["a b"])
    else:
        writer.add_token_scores([0.0, 0.0, -1.0, 0.0, 0.0])
    writer.add_bos_token_id(3)
    writer.add_eos_token_id(4)
    sub_norms = architecture != "llama"
    writer.add_tensor("token_embd.weight", single(5, hidden).astype(numpy.float16))
    writer.add_tensor("output_norm.weight", single(hidden))
    for norm, size in [("attn_norm", hidden), ("ffn_norm", hidden), ("attn_sub_norm", hidden), ("ffn_sub_norm", inner)]:
        if sub_norms or "sub" not in norm:
            writer.add_tensor(f"blk.0.{norm}.weight", single(size))
    for part, rows, columns in [
        ("attn_q", hidden, hidden), ("attn_k", hidden, hidden), ("attn_v", hidden, hidden),
        ("attn_output", hidden, hidden), ("ffn_gate", inner, hidden), ("ffn_up", inner, hidden),
        ("ffn_down", hidden, inner)]:
        matrix(writer, f"blk.0.{part}.weight", rows, columns)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def floats(writer, name, rows, columns):
    writer.add_tensor(name, single(rows, columns))


def i2_s(writer, name, rows, columns):
    """Not known to the package: four trits to a byte, then the scale in 32 bytes; put in as bytes of type 36."""
    trits = numbers.integers(0, 3, (rows * columns // 128, 4, 32)).astype(numpy.uint8)
    packed = trits[:, 0] << 6 | trits[:, 1] << 4 | trits[:, 2] << 2 | trits[:, 3]
    tail = numpy.zeros(8, numpy.float32)
    tail[0] = 0.5
    data = packed.tobytes() + tail.tobytes()
    writer.add_tensor_info(name, (rows, columns), numpy.dtype(numpy.uint8), len(data), raw_dtype=I2S)
    writer.tensors[-1][name].tensor = numpy.frombuffer(data, numpy.uint8)


class I2S(int):
    name = "I2_S"


I2S = I2S(36)

model("llama", "llama", 4, 8, floats, "llama")
model("bitnet-floats", "bitnet-b1.58", 4, 8, floats, "gpt2")
gguf.constants.GGML_QUANT_SIZES[I2S] = (4, 1)
gguf.quants.GGML_QUANT_SIZES[I2S] = (4, 1)
gguf.gguf_writer.quant_shape_from_byte_shape = lambda shape, kind: shape
model("bitnet-i2_s", "bitnet-b1.58", 16, 16, i2_s, "gpt2")
