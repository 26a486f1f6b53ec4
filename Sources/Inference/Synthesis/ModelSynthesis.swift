import ModelFiles
import Ternary

/// Writes a model of a true architecture with random weights and a small working tokenizer, with tensors and metadata
/// as in published files, so that other engines load it too and can be compared.
public struct ModelSynthesis: Sendable {
  /// The architecture.
  public let architecture: ModelArchitecture
  /// How the linear layers lie.
  public let linearType: TensorElementType
  /// How embedding and LM head lie.
  public let embeddingType: TensorElementType
  /// Of the weights.
  public let seed: UInt64

  /// Tensors begin at multiples of this, so that kernels read them in place.
  private static let alignmentBytes = 64
  /// Floats made at one time.
  private static let rowsAtOnce = 256

  /// - Parameters:
  ///   - linearType: I2_S, TQ1_0 or TQ2_0 for a ternary model; F16, BF16, F32, Q8_0, Q6_K or Q4_0 for another one.
  ///   - embeddingType: F16, BF16, F32, Q8_0, Q6_K or Q4_0.
  public init(
    _ architecture: ModelArchitecture, linearType: TensorElementType, embeddingType: TensorElementType,
    seed: UInt64
  ) {
    self.architecture = architecture
    self.linearType = linearType
    self.embeddingType = embeddingType
    self.seed = seed
  }

  /// Writes the file, tensor by tensor.
  ///
  /// - Parameters:
  ///   - path: Where it appears once it is whole.
  ///   - isCancelled: Asked between tensors; nothing is left behind then.
  ///   - onProgress: Told how many tensors of how many are written.
  /// - Throws: ``InferenceError``, ``TokenizerError``, `ModelFileError` or `TernaryError`.
  public func write(
    to path: String, isCancelled: () -> Bool = { false }, onProgress: (Int, Int) -> Void = { _, _ in }
  ) throws {
    // Byte-level encoding came with Llama 3 and its θ of 500,000; models before it have SentencePiece's.
    let tokenizer =
      architecture.rotaryBase >= 500_000
      ? try SyntheticVocabulary.byteLevel(size: architecture.vocabulary)
      : try SyntheticVocabulary.sentencePiece(size: architecture.vocabulary)
    let roles = architecture.tensorRoles
    let writer = try GGUFWriter(
      path: path,
      metadata: architecture.ggufMetadata(fileType: linearType.fileType, tokenizer: tokenizer),
      tensors: roles.map { GGUFTensorPlan($0, of: architecture, elementType: type(of: $0)) },
      alignment: Self.alignmentBytes)
    for (index, role) in roles.enumerated() {
      guard !isCancelled() else { throw InferenceError.interrupted }
      try append(role, to: writer, tokenizer)
      onProgress(index + 1, roles.count)
    }
    try writer.finish()
  }

  private func type(of role: TensorRole) -> TensorElementType {
    switch role {
    case .embedding, .head: embeddingType
    case .outputNorm, .norm: .float32
    case .linear: linearType
    }
  }

  private func append(
    _ role: TensorRole, to writer: GGUFWriter, _ tokenizer: TokenizerDescription
  ) throws {
    let weights = SyntheticWeights(architecture: architecture, seed: seed)
    let name = role.ggufName
    switch role {
    case .outputNorm: try writer.append(weights.norm(role, count: architecture.hiddenSize), to: name)
    case .norm(let norm, _):
      try writer.append(weights.norm(role, count: architecture.count(of: norm)), to: name)
    case .embedding, .head:
      try inPieces(of: architecture.vocabulary) { rows in
        var values = try weights.rows(rows, of: role)
        let columns = architecture.hiddenSize
        for (index, row) in rows.enumerated() where !tokenizer.tokenKinds[row].isText {
          // Scores of tokens without text stay small, so that there is something to read.
          for element in index * columns..<(index + 1) * columns { values[element] *= 0.1 }
        }
        try writer.append(values, to: name)
      }
    case .linear(let linear, let layer) where linearType.isTernary:
      try writer.append(weights.ternary(linear, layer: layer), to: name)
    case .linear(let linear, let layer):
      try inPieces(of: architecture.shape(of: linear).rows) {
        try writer.append(weights.float(linear, layer: layer, rows: $0), to: name)
      }
    }
  }

  private func inPieces(of rows: Int, _ body: (Range<Int>) throws -> Void) rethrows {
    for first in stride(from: 0, to: rows, by: Self.rowsAtOnce) {
      try body(first..<min(first + Self.rowsAtOnce, rows))
    }
  }
}

extension TokenizerDescription.TokenKind {
  /// Whether such tokens stand for text.
  fileprivate var isText: Bool {
    switch self {
    case .normal, .userDefined, .byte: true
    case .unknown, .control, .unused: false
    }
  }
}
