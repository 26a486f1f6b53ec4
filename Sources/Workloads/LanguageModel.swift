/// How a model stores the weights of its linear layers.
public enum WeightPrecision: String, CaseIterable, Sendable {
  /// -1, 0, +1 with one scale per matrix, multiplied by 8-bit activations.
  case ternary
  /// 16-bit floating point.
  case fp16
}

/// The shape of a decoder-only transformer and where that shape is published.
///
/// Linear layers have no biases. A ternary model has ternary linear layers, and embedding and LM head at full
/// precision.
public struct LanguageModel: Sendable, Hashable, Identifiable {
  /// How sure the shape is.
  public enum Confidence: String, CaseIterable, Sendable {
    /// The source states it.
    case stated
    /// It was derived from other published figures.
    case derived
  }

  /// What a published parameter count covers.
  public enum ParameterScope: String, CaseIterable, Sendable {
    /// The linear layers alone.
    case linears
    /// Linear layers, embedding and LM head, a tied matrix counted once.
    case total
    /// Linear layers, embedding and LM head, counted apart even where they share a matrix.
    case untied
  }

  /// A published parameter count, to check the shape against.
  public struct PublishedParameters: Sendable, Hashable {
    /// The count.
    public let count: Int
    /// How far the shape may be from it: the last printed digit, and norms.
    public let tolerance: Int
    /// What it covers.
    public let scope: ParameterScope
    /// Where it is published.
    public let source: String
  }

  /// The name on the command line, in lower case: `bitnet-3b`.
  public let id: String
  /// The name for readers.
  public let title: String
  /// Shorter names for the command line, in lower case: `3b`.
  public let aliases: [String]
  /// How the linear layers are stored.
  public let weights: WeightPrecision
  /// Width of the residual stream.
  public let hiddenSize: Int
  /// Width inside the feed-forward network.
  public let intermediateSize: Int
  /// Transformer layers.
  public let layers: Int
  /// Query heads.
  public let heads: Int
  /// Key and value heads; fewer than ``heads`` is grouped-query attention.
  public let keyValueHeads: Int
  /// Elements of one head.
  public let headDimension: Int
  /// Tokens in the vocabulary.
  public let vocabulary: Int
  /// Whether embedding and LM head are one matrix.
  public let tiedEmbeddings: Bool
  /// Whether the feed-forward network has a gate matrix beside up and down.
  public let gatedFeedForward: Bool
  /// How sure the shape is.
  public let confidence: Confidence
  /// Where the shape is published.
  public let source: String
  /// What a reader must know about the shape.
  public let note: String?
  /// A count to check the shape against.
  public let published: PublishedParameters?

  /// Parameters of all linear layers.
  public var linearParameters: Int {
    matmulShapes(includingHead: false).reduce(0) { $0 + $1.weightsPerToken }
  }

  /// Parameters of the embedding, which is also the LM head when they are tied.
  public var embeddingParameters: Int { vocabulary * hiddenSize }

  /// Linear layers, embedding and LM head, a tied matrix counted once. Norms are left out.
  public var totalParameters: Int { parameters(.total) }

  /// Parameters within a scope. Norms are left out.
  public func parameters(_ scope: ParameterScope) -> Int {
    switch scope {
    case .linears: linearParameters
    case .total: linearParameters + embeddingParameters * (tiedEmbeddings ? 1 : 2)
    case .untied: linearParameters + embeddingParameters * 2
    }
  }

  /// Bytes of all linear layers at so many stored bits per weight: what decoding one token reads, LM head
  /// apart.
  public func linearBytes(bitsPerWeight: Double) -> Double {
    Double(linearParameters) * bitsPerWeight / 8
  }

  /// Bytes that each token adds to the key-value cache, over all layers.
  public func keyValueCacheBytesPerToken(bytesPerElement: Int = 2) -> Int {
    2 * layers * keyValueHeads * headDimension * bytesPerElement
  }

  /// Multiply-accumulates for one token that attends to `context` tokens, itself included.
  public func multiplyAccumulatesPerToken(context: Int) -> MultiplyAccumulates {
    MultiplyAccumulates(
      linear: linearParameters,
      languageModelHead: embeddingParameters,
      attention: 2 * layers * heads * headDimension * context)
  }
}

/// Multiply-accumulates by the part of the model that needs them.
public struct MultiplyAccumulates: Sendable, Hashable {
  /// Linear layers.
  public let linear: Int
  /// The matrix that turns the last hidden state into scores of the vocabulary.
  public let languageModelHead: Int
  /// Queries times keys, and scores times values.
  public let attention: Int

  /// All of them.
  public var total: Int { linear + languageModelHead + attention }
}
