import Foundation
import Ternary

@testable import ModelFiles

/// A small model with random weights, written as Hugging Face's libraries would.
struct SyntheticModel {
  /// How linear weights lie in the file.
  enum Storage: String, CaseIterable {
    case float32 = "F32"
    case bfloat16 = "BF16"
    case float16 = "F16"
    case packedAsFactor
    case packedAsDivisor
  }

  struct Tensor {
    let name: String
    let type: SafetensorsElementType
    let shape: [Int]
    let bytes: [UInt8]
  }

  var classes = "BitNetForCausalLM"
  var storage = Storage.float32
  var vocabulary = 19
  var hidden = 24
  // No multiple of 4: the last packed rows are padded.
  var intermediate = 38
  var layers = 2
  var heads = 4
  var keyValueHeads = 2
  var headDimension = 6
  var tied = true
  var subNorms: HuggingFaceTensorNames.SubNorms? = .transformers
  var seed: UInt64 = 1
  /// Members of config.json that replace others, or come first; `nil` removes one.
  var changes: [String: String?] = [:]

  var architecture: ModelArchitecture {
    ModelArchitecture(
      name: "", title: "", vocabulary: vocabulary, contextLength: 64, hiddenSize: hidden,
      intermediateSize: intermediate, layers: layers, heads: heads, keyValueHeads: keyValueHeads,
      headDimension: headDimension, normEpsilon: 1e-5, rotaryBase: 1e4, rotaryPairs: .halves,
      activation: .squaredReLU, hasSubNorms: subNorms != nil, tiedEmbeddings: tied, isTernary: true)
  }

  var configuration: String {
    var members: [String: String] = [
      "architectures": "[\"\(classes)\"]", "vocab_size": "\(vocabulary)", "hidden_size": "\(hidden)",
      "intermediate_size": "\(intermediate)", "num_hidden_layers": "\(layers)",
      "num_attention_heads": "\(heads)", "num_key_value_heads": "\(keyValueHeads)",
      "head_dim": "\(headDimension)", "max_position_embeddings": "64", "rms_norm_eps": "1e-05",
      "rope_theta": "500000.0", "tie_word_embeddings": "\(tied)",
      "hidden_act": classes == "BitNetForCausalLM" ? "\"relu2\"" : "\"silu\"",
    ]
    switch storage {
    case .packedAsFactor:
      members["quantization_config"] =
        #"{"quant_method": "bitnet", "linear_class": "autobitlinear", "quantization_mode": "offline"}"#
    case .packedAsDivisor: members["quantization_config"] = #"{"quant_method": "bitnet"}"#
    default: break
    }
    for (key, value) in changes { members[key] = value }
    return "{" + members.map { "\"\($0.key)\": \($0.value)" }.joined(separator: ", ") + "}"
  }

  /// The float weights of a role, whatever the storage: the same for the same seed.
  func weights(_ role: TensorRole) -> [Float] {
    let name = name(of: role)
    // Not hashValue, which differs from run to run.
    let salt = name.utf8.reduce(seed) { ($0 &* 31) &+ UInt64($1) }
    var generator = SeededGenerator(seed: salt)
    let (rows, columns) = shape(of: role)
    // Multiples of 1/64 are exact in all three types.
    return (0..<rows * columns).map { _ in Float(Int.random(in: -120...120, using: &generator)) / 64 }
  }

  func shape(of role: TensorRole) -> (rows: Int, columns: Int) {
    switch role {
    case .embedding, .head: (vocabulary, hidden)
    case .outputNorm: (1, hidden)
    case .norm(let norm, _): (1, architecture.count(of: norm))
    case .linear(let linear, _): architecture.shape(of: linear)
    }
  }

  func name(of role: TensorRole) -> String {
    HuggingFaceTensorNames.name(of: role, subNorms: subNorms ?? .transformers)
  }

  func tensors() throws -> [Tensor] {
    try architecture.tensorRoles.flatMap { role -> [Tensor] in
      let values = weights(role)
      let (rows, columns) = shape(of: role)
      if case .linear(let linear, let layer) = role, storage == .packedAsFactor || storage == .packedAsDivisor
      {
        let ternary = try WeightQuantization.absmean.quantize(values, rows: rows, columns: columns)
        let scale = storage == .packedAsFactor ? ternary.scale : 1 / ternary.scale
        return [
          Tensor(
            name: name(of: role), type: .unsigned8, shape: [(rows + 3) / 4, columns],
            bytes: Self.packed(ternary)),
          Tensor(
            name: HuggingFaceTensorNames.scaleName(of: linear, layer: layer), type: .float32, shape: [1],
            bytes: littleEndian([scale])),
        ]
      }
      var shape = [rows, columns]
      switch role {
      case .norm, .outputNorm: shape = [columns]
      default: break
      }
      let type: SafetensorsElementType =
        switch storage {
        case .bfloat16: .bfloat16
        case .float16: .float16
        default: .float32
        }
      return [Tensor(name: name(of: role), type: type, shape: shape, bytes: Self.bytes(values, type))]
    }
  }

  /// Element by element, as the layout is described.
  static func packed(_ matrix: TernaryMatrix) -> [UInt8] {
    let packedRows = (matrix.rows + 3) / 4
    var bytes = [UInt8](repeating: 0, count: packedRows * matrix.columns)
    for row in 0..<matrix.rows {
      for column in 0..<matrix.columns {
        let code = UInt8(matrix.values[row * matrix.columns + column] + 1)
        bytes[row % packedRows * matrix.columns + column] |= code << UInt8(2 * (row / packedRows))
      }
    }
    return bytes
  }

  /// The values must be exact in the type.
  private static func bytes(_ values: [Float], _ type: SafetensorsElementType) -> [UInt8] {
    switch type {
    case .bfloat16: values.flatMap { littleEndian(UInt16($0.bitPattern >> 16)) }
    case .float16: values.flatMap { littleEndian(half($0)) }
    default: littleEndian(values)
    }
  }

  /// The half of a multiple of 1/64 below 2.
  private static func half(_ value: Float) -> UInt16 {
    guard value != 0 else { return 0 }
    let sign: UInt16 = value < 0 ? 0x8000 : 0
    return sign | UInt16(Int(value.exponent) + 15) << 10 | UInt16(value.significandBitPattern >> 13)
  }

  /// Writes the folder, tensors spread over `shards` files.
  func write(to folder: TemporaryFolder, shards: Int = 1) throws {
    try folder.write("config.json", configuration)
    let tensors = try tensors()
    guard shards > 1 else { return try Self.write(tensors, to: folder.path(of: "model.safetensors")) }
    var map: [String] = []
    for shard in 0..<shards {
      let name = "model-0000\(shard + 1)-of-0000\(shards).safetensors"
      let part = tensors.enumerated().filter { $0.offset % shards == shard }.map(\.element)
      try Self.write(part, to: folder.path(of: name))
      map += part.map { "\"\($0.name)\": \"\(name)\"" }
    }
    try folder.write(
      "model.safetensors.index.json",
      #"{"metadata": {"total_size": 0}, "weight_map": {"# + map.joined(separator: ", ") + "}}")
  }

  static func write(_ tensors: [Tensor], to path: String) throws {
    let writer = try SafetensorsWriter(
      path: path,
      tensors: tensors.map { .init(name: $0.name, elementType: $0.type, shape: $0.shape) },
      metadata: ["format": "pt"])
    for tensor in tensors { try tensor.bytes.withUnsafeBytes { try writer.write($0) } }
    try writer.finish()
  }
}
