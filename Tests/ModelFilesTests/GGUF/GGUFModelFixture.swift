import Ternary
import Testing

@testable import ModelFiles

/// A small model of random weights, and a file of it.
struct GGUFModelFixture {
  var architecture: ModelArchitecture
  var linearType = TensorElementType.i2_s
  var layout = I2SLayout.x86
  var embeddingType = TensorElementType.float16
  var matrices: [TensorRole: TernaryMatrix] = [:]
  var vectors: [TensorRole: [Float]] = [:]
  var tokenizer: TokenizerDescription?
  /// Changes to what is written: keys replaced, added, or left out for `nil`.
  var keys: [(key: String, value: GGUFValue?)] = []
  var leftOut = Set<String>()
  var added: [(plan: GGUFTensorPlan, values: [Float])] = []

  init(
    name: String = "bitnet-b1.58", hiddenSize: Int = 256, intermediateSize: Int = 512, layers: Int = 2,
    tied: Bool = true, seed: UInt64 = 1
  ) throws {
    let isBitNet = name != "llama"
    architecture = ModelArchitecture(
      name: name, title: "fixture", vocabulary: 6, contextLength: 128, hiddenSize: hiddenSize,
      intermediateSize: intermediateSize, layers: layers, heads: 4, keyValueHeads: 2,
      headDimension: hiddenSize / 4, normEpsilon: 1e-5, rotaryBase: 500_000,
      rotaryPairs: isBitNet ? .halves : .neighbours,
      activation: GGUFArchitecture.defaultActivation(of: name), hasSubNorms: isBitNet, tiedEmbeddings: tied,
      isTernary: true)
    var generator = SeededGenerator(seed: seed)
    for (index, role) in architecture.tensorRoles.enumerated() {
      if case .linear(let linear, _) = role {
        let shape = architecture.shape(of: linear)
        matrices[role] = try randomTernary(
          rows: shape.rows, columns: shape.columns, scale: 0.25 + Float(index), seed: seed &+ UInt64(index))
      } else {
        let count = architecture.ggufDimensions(of: role).reduce(1, *)
        // Halves hold these exactly.
        vectors[role] = (0..<count).map { _ in Float(Int.random(in: -512...512, using: &generator)) / 256 }
      }
    }
  }

  func type(of role: TensorRole) -> TensorElementType {
    switch role {
    case .linear: linearType
    case .embedding, .head: embeddingType
    case .norm, .outputNorm: .float32
    }
  }

  func write(to path: String) throws {
    var metadata = architecture.ggufMetadata(fileType: 40, tokenizer: tokenizer)
    for (key, value) in keys {
      let index = metadata.firstIndex { $0.key == key }
      switch (index, value) {
      case (let index?, let value?): metadata[index].value = value
      case (let index?, nil): metadata.remove(at: index)
      case (nil, let value?): metadata.append((key, value))
      case (nil, nil): Issue.record("there is no key \(key) to leave out")
      }
    }
    let roles = architecture.tensorRoles.filter { !leftOut.contains($0.ggufName) }
    let plans = roles.map { GGUFTensorPlan($0, of: architecture, elementType: type(of: $0)) }
    let writer = try GGUFWriter(
      path: path, metadata: metadata, tensors: plans + added.map(\.plan), alignment: 64)
    for role in roles {
      if let matrix = matrices[role] {
        if linearType.isTernary {
          try writer.append(#require(matrix.encoded(as: linearType, layout: layout)), to: role.ggufName)
        } else {
          try writer.append(matrix.values.map { Float($0) * matrix.scale }, to: role.ggufName)
        }
      } else {
        try writer.append(#require(vectors[role]), to: role.ggufName)
      }
    }
    for (plan, values) in added { try writer.append(values, to: plan.name) }
    try writer.finish()
  }

  /// What opening the file as a model says.
  func error(i2sLayout: I2SLayout = .x86) throws -> String {
    let temporary = TemporaryPath()
    try write(to: temporary.path)
    do {
      _ = try GGUFModel(path: temporary.path, i2sLayout: i2sLayout).tokenizer()
      return "no error"
    } catch { return String(error.description.dropFirst(temporary.path.count + 2)) }
  }

  static let tokenizer = TokenizerDescription(
    kind: .byteLevelBPE, preTokenizer: "llama-bpe", tokens: ["a", "b", "ab", "Ġ", "<s>", "</s>"],
    scores: [0, 0, 0, 0, 0, 0], tokenKinds: [.normal, .normal, .normal, .normal, .control, .control],
    merges: ["a b"], beginOfText: 4, endOfText: 5, endOfTurn: 5, unknown: nil, addsBeginOfText: true,
    addsSpacePrefix: false, chatTemplate: "{{ messages }}")
}
