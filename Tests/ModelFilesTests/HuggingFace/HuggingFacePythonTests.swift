import Foundation
import Ternary
import Testing

@testable import ModelFiles

/// Models and tokenizers written by the libraries of Hugging Face, and models written here read there.
@Suite(
  .enabled(if: Python.imports("safetensors, numpy"), "needs Python packages: pip install safetensors numpy"))
struct HuggingFacePythonTests {
  /// Packs as the layout is described, with numpy: each quarter of the rows into two bits of the bytes.
  static let writer = """
    import json, numpy, sys
    from safetensors.numpy import save_file
    folder, linear_class = sys.argv[1:3]
    hidden, inner, vocabulary, layers = 32, 48, 50, 2
    generator = numpy.random.default_rng(11)
    tensors, printed = {}, {}
    def single(name, *shape):
        tensors[name] = generator.standard_normal(shape).astype(numpy.float32)
    def packed(name, rows, columns):
        trits = generator.integers(-1, 2, (rows, columns))
        scale = numpy.float32(generator.uniform(0.5, 2))
        codes = (trits + 1).astype(numpy.uint8).reshape(4, rows // 4, columns)
        tensors[name + ".weight"] = codes[0] | codes[1] << 2 | codes[2] << 4 | codes[3] << 6
        stored = scale if linear_class == "autobitlinear" else numpy.float32(1) / scale
        tensors[name + ".weight_scale"] = numpy.array([stored], dtype=numpy.float32)
        printed[name] = {"trits": trits.flatten().tolist(), "scale": float(scale)}
    single("model.embed_tokens.weight", vocabulary, hidden)
    single("model.norm.weight", hidden)
    for layer in range(layers):
        prefix = f"model.layers.{layer}."
        single(prefix + "input_layernorm.weight", hidden)
        single(prefix + "post_attention_layernorm.weight", hidden)
        single(prefix + "self_attn.attn_sub_norm.weight", hidden)
        single(prefix + "mlp.ffn_sub_norm.weight", inner)
        for name, rows, columns in [("self_attn.q_proj", hidden, hidden), ("self_attn.k_proj", hidden // 2, hidden),
                                    ("self_attn.v_proj", hidden // 2, hidden), ("self_attn.o_proj", hidden, hidden),
                                    ("mlp.gate_proj", inner, hidden), ("mlp.up_proj", inner, hidden),
                                    ("mlp.down_proj", hidden, inner)]:
            packed(prefix + name, rows, columns)
    names, shards, weight_map = sorted(tensors), 3, {}
    for shard in range(shards):
        file = f"model-{shard + 1:05}-of-{shards:05}.safetensors"
        save_file({name: tensors[name] for name in names[shard::shards]}, folder + "/" + file, {"format": "pt"})
        weight_map |= {name: file for name in names[shard::shards]}
    with open(folder + "/model.safetensors.index.json", "w") as file:
        json.dump({"metadata": {"total_size": sum(t.nbytes for t in tensors.values())}, "weight_map": weight_map},
                  file, indent=2)
    with open(folder + "/config.json", "w") as file:
        json.dump({"architectures": ["BitNetForCausalLM"], "hidden_act": "relu2", "hidden_size": hidden,
                   "intermediate_size": inner, "max_position_embeddings": 128, "num_attention_heads": 4,
                   "num_hidden_layers": layers, "num_key_value_heads": 2, "rms_norm_eps": 1e-05,
                   "rope_theta": 500000.0, "tie_word_embeddings": True, "vocab_size": vocabulary,
                   "quantization_config": {"quant_method": "bitnet", "linear_class": linear_class,
                                           "quantization_mode": "offline"}}, file, indent=2)
    for name in names:
        if tensors[name].dtype == numpy.float32 and not name.endswith("_scale"):
            printed[name] = tensors[name].flatten().view(numpy.uint32).tolist()
    print(json.dumps(printed))
    """

  struct Ternary: Decodable {
    let trits: [Int8]
    let scale: Float
  }

  enum Printed: Decodable {
    case ternary(Ternary)
    case bits([UInt32])

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let bits = try? container.decode([UInt32].self) {
        self = .bits(bits)
      } else {
        self = .ternary(try container.decode(Ternary.self))
      }
    }
  }

  @Test(arguments: ["autobitlinear", "bitlinear"])
  func aShardedModelOfNumpyIsReadAlike(linearClass: String) throws {
    let folder = try TemporaryFolder()
    let output = try #require(Python.run(Self.writer, arguments: [folder.path, linearClass]))
    let printed = try JSONDecoder().decode([String: Printed].self, from: Data(output.utf8))
    let model = try ModelOpener.open(folder.path)
    #expect(model.architecture.hasSubNorms && model.architecture.tensorRoles.count == printed.count)
    for role in model.architecture.tensorRoles {
      let name = HuggingFaceTensorNames.name(of: role, subNorms: .transformers)
      switch (role, printed[name] ?? printed[String(name.dropLast(".weight".count))]) {
      case (.linear(let linear, let layer), .ternary(let expected)):
        guard case .ternary(let matrix) = try model.linear(linear, layer: layer) else {
          Issue.record("\(name) is not ternary")
          continue
        }
        #expect(matrix.values == expected.trits, "\(name)")
        #expect(abs(matrix.scale - expected.scale) <= expected.scale.ulp, "\(name)")
      case (.embedding, .bits(let bits)):
        #expect(try model.rows(0..<50, of: role).map(\.bitPattern) == bits)
      case (_, .bits(let bits)): #expect(try model.vector(role).map(\.bitPattern) == bits, "\(name)")
      default: Issue.record("\(name) was not printed")
      }
    }
  }

  @Test func aFileWrittenHereIsReadThere() throws {
    let folder = try TemporaryFolder()
    let path = folder.path(of: "out.safetensors")
    let single: [Float] = [1, -2.5, Float(bitPattern: 71_362), 3e38, 0, -0.0]
    let tensors: [SyntheticModel.Tensor] = [
      .init(name: "single", type: .float32, shape: [2, 3], bytes: littleEndian(single)),
      .init(name: "none", type: .float32, shape: [0, 7], bytes: []),
      .init(name: "half", type: .float16, shape: [2], bytes: [0x00, 0x3C, 0x01, 0x80]),
      .init(name: "tab\t\"é😀\\", type: .unsigned8, shape: [], bytes: [200]),
      .init(name: "count", type: .init(description: "I64"), shape: [1], bytes: littleEndian(UInt64(9))),
    ]
    try SyntheticModel.write(tensors, to: path)
    let printed = try #require(
      Python.run(
        """
        import sys
        from safetensors import safe_open
        with safe_open(sys.argv[1], framework="numpy") as file:
            print(file.metadata())
            for name in sorted(file.keys()):
                tensor = file.get_tensor(name)
                print(repr(name), tensor.dtype, tensor.shape, tensor.flatten().tobytes().hex())
        """, arguments: [path]))
    #expect(
      printed == """
        {'format': 'pt'}
        'count' int64 (1,) 0900000000000000
        'half' float16 (2,) 003c0180
        'none' float32 (0, 7) \("")
        'single' float32 (2, 3) \(hex(littleEndian(single)))
        'tab\\t"é😀\\\\' uint8 () c8

        """)
  }

  private func hex(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
