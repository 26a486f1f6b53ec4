"""A decoder-only transformer in float64, written from the papers and from nothing else of this repository.

RMSNorm: arXiv 1910.07467. Rotary embedding: 2104.09864. Grouped-query attention: 2305.13245. LLaMA with SwiGLU:
2302.13971. BitNet b1.58's ternary layers with int8 activations: 2402.17764. Squared ReLU and sub-norms of
BitNet b1.58 2B4T: 2504.12285.

    python3 numpy_reference.py FOLDER

reads FOLDER/model.json (sizes, tensors, prompts) and FOLDER/tensors.bin (float32 and int8, little-endian), and writes
FOLDER/results.bin in little-endian float64: for each prompt the residual stream after the embedding and after every
layer, tokens x hidden size each, then the logits, tokens x vocabulary.
"""

import json
import pathlib
import sys

import numpy as np


class Linear:
    """y = x W^T; ternary W: int8 activations with one absmax scale per token."""

    def __init__(self, weight, scale):
        self.weight = weight.astype(np.float64)
        self.scale = scale

    def __call__(self, x):
        if self.scale is None:
            return x @ self.weight.T
        single = x.astype(np.float32)
        largest = np.abs(single).max(axis=-1, keepdims=True)
        factor = np.float32(127) / np.maximum(largest, np.float32(1e-5))
        steps = np.clip(np.rint(single * factor), -128, 127)
        assert steps.dtype == np.float32
        return (steps.astype(np.float64) / factor.astype(np.float64)) @ (self.weight * self.scale).T


class Transformer:
    def __init__(self, folder):
        description = json.loads((folder / "model.json").read_text())
        self.config = description["config"]
        self.prompts = description["prompts"]
        data = (folder / "tensors.bin").read_bytes()
        self.tensors = {}
        for entry in description["tensors"]:
            kind = {"float32": "<f4", "int8": "i1"}[entry["type"]]
            count = int(np.prod(entry["shape"]))
            values = np.frombuffer(data, dtype=kind, count=count, offset=entry["offset"])
            self.tensors[entry["name"]] = (values.reshape(entry["shape"]), entry.get("scale"))

    def vector(self, name):
        return self.tensors[name][0].astype(np.float64)

    def norm(self, x, name):
        inverse = 1 / np.sqrt(np.square(x).mean(axis=-1, keepdims=True) + self.config["rms_norm_eps"])
        return self.vector(name) * (x * inverse)

    def rotate(self, x):
        """x: tokens, heads, head dimension. Every pair is a complex number, turned by multiplication."""
        tokens, _, dimension = x.shape
        frequencies = self.config["rope_theta"] ** (-np.arange(0, dimension, 2) / dimension)
        turns = np.exp(1j * np.outer(np.arange(tokens), frequencies))[:, None, :]
        y = np.empty_like(x)
        if self.config["rope_pairs"] == "halves":
            real, imaginary = np.s_[..., : dimension // 2], np.s_[..., dimension // 2 :]
        else:
            real, imaginary = np.s_[..., 0::2], np.s_[..., 1::2]
        turned = (x[real] + 1j * x[imaginary]) * turns
        y[real] = turned.real
        y[imaginary] = turned.imag
        return y

    def cached(self, x):
        return x.astype(np.float16).astype(np.float64) if self.config["cache"] == "float16" else x

    def attention(self, x, prefix):
        tokens, dimension = len(x), self.config["head_dim"]
        shared, heads = self.config["num_key_value_heads"], self.config["num_attention_heads"]
        q = Linear(*self.tensors[prefix + "q_proj.weight"])(x).reshape(tokens, heads, dimension)
        k = Linear(*self.tensors[prefix + "k_proj.weight"])(x).reshape(tokens, shared, dimension)
        v = Linear(*self.tensors[prefix + "v_proj.weight"])(x).reshape(tokens, shared, dimension)
        q = self.rotate(q).reshape(tokens, shared, heads // shared, dimension)
        k, v = self.cached(self.rotate(k)), self.cached(v)
        scores = np.einsum("tghd,sgd->ghts", q, k) * dimension**-0.5
        scores[..., np.triu(np.ones((tokens, tokens), dtype=bool), 1)] = -np.inf
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        weights /= weights.sum(axis=-1, keepdims=True)
        y = np.einsum("ghts,sgd->tghd", weights, v).reshape(tokens, heads * dimension)
        if self.config["sub_norms"]:
            y = self.norm(y, prefix + "attn_sub_norm.weight")
        return Linear(*self.tensors[prefix + "o_proj.weight"])(y)

    def feed_forward(self, x, prefix):
        gate = Linear(*self.tensors[prefix + "gate_proj.weight"])(x)
        up = Linear(*self.tensors[prefix + "up_proj.weight"])(x)
        if self.config["hidden_act"] == "relu2":
            y = np.square(np.where(gate > 0, gate, 0)) * up
        else:
            y = gate * (1 / (1 + np.exp(-gate))) * up
        if self.config["sub_norms"]:
            y = self.norm(y, prefix + "ffn_sub_norm.weight")
        return Linear(*self.tensors[prefix + "down_proj.weight"])(y)

    def __call__(self, tokens):
        """The residual streams, and the logits last."""
        x = self.vector("model.embed_tokens.weight")[tokens]
        stages = [x]
        for layer in range(self.config["num_hidden_layers"]):
            prefix = f"model.layers.{layer}."
            x = x + self.attention(self.norm(x, prefix + "input_layernorm.weight"), prefix + "self_attn.")
            x = x + self.feed_forward(self.norm(x, prefix + "post_attention_layernorm.weight"), prefix + "mlp.")
            stages.append(x)
        head = "model.embed_tokens.weight" if self.config["tie_word_embeddings"] else "lm_head.weight"
        return stages + [self.norm(x, "model.norm.weight") @ self.vector(head).T]


def main():
    folder = pathlib.Path(sys.argv[1])
    model = Transformer(folder)
    stages = [stage for prompt in model.prompts for stage in model(prompt)]
    np.concatenate([stage.ravel() for stage in stages]).astype("<f8").tofile(folder / "results.bin")


main()
