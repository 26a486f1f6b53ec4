import Foundation
import Inference
import ModelFiles
import Ternary

/// A model written for numpy_reference.py, and what that makes of it.
struct NumPyModel {
  /// Sizes by the names that Hugging Face gives them.
  struct Configuration: Encodable {
    var hidden_size: Int
    var num_hidden_layers: Int
    var num_attention_heads: Int
    var num_key_value_heads: Int
    var head_dim: Int
    var rms_norm_eps: Double
    var rope_theta: Double
    var rope_pairs: String
    var hidden_act: String
    var sub_norms: Bool
    var tie_word_embeddings: Bool
    var cache: String

    init(_ architecture: ModelArchitecture, _ cachePrecision: CachePrecision) {
      hidden_size = architecture.hiddenSize
      num_hidden_layers = architecture.layers
      num_attention_heads = architecture.heads
      num_key_value_heads = architecture.keyValueHeads
      head_dim = architecture.headDimension
      rms_norm_eps = Double(architecture.normEpsilon)
      rope_theta = architecture.rotaryBase
      rope_pairs = architecture.rotaryPairs.rawValue
      hidden_act = architecture.activation.rawValue
      sub_norms = architecture.hasSubNorms
      tie_word_embeddings = architecture.tiedEmbeddings
      cache = "\(cachePrecision)"
    }
  }

  private struct Tensor: Encodable {
    var name: String
    var type: String
    var shape: [Int]
    var offset: Int
    var scale: Double?
  }

  private struct Description: Encodable {
    var config: Configuration
    var tensors: [Tensor] = []
    var prompts: [[Int]]
  }

  private static let script = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "numpy_reference.py").path

  /// The residual streams of every prompt, and its logits last.
  static func results(
    of source: any ModelSource, _ configuration: Configuration, prompts: [[Int]]
  ) throws -> [[[Double]]] {
    let folder = FileManager.default.temporaryDirectory.appending(path: "bitlab-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var description = Description(config: configuration, prompts: prompts)
    var data = Data()
    for role in source.architecture.tensorRoles { try append(role, of: source, &description.tensors, &data) }
    try data.write(to: folder.appending(path: "tensors.bin"))
    try JSONEncoder().encode(description).write(to: folder.appending(path: "model.json"))
    if let message = Python.run([script, folder.path]) { throw Failure(description: message) }
    var values = Data(try Data(contentsOf: folder.appending(path: "results.bin")))[...]
    let sizes = Array(repeating: source.architecture.hiddenSize, count: source.architecture.layers + 1)
    return try prompts.map { prompt in
      try (sizes + [source.architecture.vocabulary]).map { size in
        let bytes = values.prefix(prompt.count * size * 8)
        values = values.dropFirst(prompt.count * size * 8)
        guard bytes.count == prompt.count * size * 8 else {
          throw Failure(description: "results.bin ends early")
        }
        return bytes.withUnsafeBytes { bytes in
          (0..<bytes.count / 8).map {
            Double(
              bitPattern: UInt64(
                littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self)))
          }
        }
      }
    }
  }

  private static func append(
    _ role: TensorRole, of source: any ModelSource, _ tensors: inout [Tensor], _ data: inout Data
  ) throws {
    let architecture = source.architecture
    func append(floats: [Float], _ shape: [Int]) {
      tensors.append(Tensor(name: name(of: role), type: "float32", shape: shape, offset: data.count))
      for value in floats {
        withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
      }
    }
    switch role {
    case .embedding, .head:
      append(
        floats: try source.rows(0..<architecture.vocabulary, of: role),
        [architecture.vocabulary, architecture.hiddenSize])
    case .outputNorm, .norm:
      let values = try source.vector(role)
      append(floats: values, [values.count])
    case .linear(let linear, let layer):
      switch try source.linear(linear, layer: layer) {
      case .float(let matrix): append(floats: matrix.values, [matrix.rows, matrix.columns])
      case .ternary(let matrix):
        tensors.append(
          Tensor(
            name: name(of: role), type: "int8", shape: [matrix.rows, matrix.columns], offset: data.count,
            scale: Double(matrix.scale)))
        data.append(contentsOf: matrix.values.map { UInt8(bitPattern: $0) })
      }
    }
  }

  private static func name(of role: TensorRole) -> String {
    switch role {
    case .embedding: return "model.embed_tokens.weight"
    case .outputNorm: return "model.norm.weight"
    case .head: return "lm_head.weight"
    case .linear(let linear, let layer):
      let block =
        switch linear {
        case .query, .key, .value, .output: "self_attn"
        case .gate, .up, .down: "mlp"
        }
      return "model.layers.\(layer).\(block).\(linear.rawValue)_proj.weight"
    case .norm(let norm, let layer):
      let name =
        switch norm {
        case .attention: "input_layernorm"
        case .attentionSub: "self_attn.attn_sub_norm"
        case .feedForward: "post_attention_layernorm"
        case .feedForwardSub: "mlp.ffn_sub_norm"
        }
      return "model.layers.\(layer).\(name).weight"
    }
  }

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }
}
