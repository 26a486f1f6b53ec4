/// The decoder-only transformer that a file holds, as far as computing it needs to know.
///
/// Each layer adds to the residual stream o(sub-norm(attention(norm(x)))) and then
/// down(sub-norm(activation(gate(norm(x))) * up(norm(x)))); without sub-norms those are left out.
public struct ModelArchitecture: Sendable, Hashable {
  /// What is applied to the gate before it multiplies the widened values.
  public enum Activation: String, CaseIterable, Sendable {
    /// max(x, 0)²: BitNet b1.58 2B4T (arXiv 2504.12285).
    case squaredReLU = "relu2"
    /// x · sigmoid(x): LLaMA and the first BitNet b1.58 models.
    case silu
  }

  /// Which elements of a head the rotary embedding turns together (arXiv 2104.09864).
  public enum RotaryPairs: String, CaseIterable, Sendable {
    /// i and i + half of the head: Hugging Face's order, and GGUF's of BitNet architectures.
    case halves
    /// 2i and 2i + 1: GGUF's order of the architecture `llama`, whose converter reorders queries and keys.
    case neighbours
  }

  /// As `general.architecture` of GGUF has it: `bitnet-b1.58`, `bitnet-25`, `bitnet`, `llama`.
  public var name: String
  /// What the file calls the model, for readers.
  public var title: String
  /// Rows of embedding and LM head.
  public var vocabulary: Int
  /// Tokens the model was trained to attend to.
  public var contextLength: Int
  /// Width of the residual stream.
  public var hiddenSize: Int
  /// Width inside the feed-forward network.
  public var intermediateSize: Int
  /// Transformer layers.
  public var layers: Int
  /// Query heads.
  public var heads: Int
  /// Key and value heads, of which ``heads`` is a multiple.
  public var keyValueHeads: Int
  /// Elements of one head, an even number.
  public var headDimension: Int
  /// Added to the mean square in every norm.
  public var normEpsilon: Float
  /// The θ of the rotary embedding.
  public var rotaryBase: Double
  /// Which elements are turned together.
  public var rotaryPairs: RotaryPairs
  /// Of the gate.
  public var activation: Activation
  /// Whether there are norms before the output and the narrowing projection.
  public var hasSubNorms: Bool
  /// Whether the embedding is the LM head too.
  public var tiedEmbeddings: Bool
  /// Whether the linear layers are ternary with 8-bit activations, so that a file of float weights is quantised
  /// by absmean when it is read.
  public var isTernary: Bool

  /// An architecture with every part given.
  public init(
    name: String, title: String, vocabulary: Int, contextLength: Int, hiddenSize: Int, intermediateSize: Int,
    layers: Int, heads: Int, keyValueHeads: Int, headDimension: Int, normEpsilon: Float, rotaryBase: Double,
    rotaryPairs: RotaryPairs, activation: Activation, hasSubNorms: Bool, tiedEmbeddings: Bool, isTernary: Bool
  ) {
    self.name = name
    self.title = title
    self.vocabulary = vocabulary
    self.contextLength = contextLength
    self.hiddenSize = hiddenSize
    self.intermediateSize = intermediateSize
    self.layers = layers
    self.heads = heads
    self.keyValueHeads = keyValueHeads
    self.headDimension = headDimension
    self.normEpsilon = normEpsilon
    self.rotaryBase = rotaryBase
    self.rotaryPairs = rotaryPairs
    self.activation = activation
    self.hasSubNorms = hasSubNorms
    self.tiedEmbeddings = tiedEmbeddings
    self.isTernary = isTernary
  }

  /// Rows (out-features) and columns (in-features) of a layer's matrix.
  public func shape(of role: LinearRole) -> (rows: Int, columns: Int) {
    let queryFeatures = heads * headDimension
    let keyFeatures = keyValueHeads * headDimension
    return switch role {
    case .query: (queryFeatures, hiddenSize)
    case .key, .value: (keyFeatures, hiddenSize)
    case .output: (hiddenSize, queryFeatures)
    case .gate, .up: (intermediateSize, hiddenSize)
    case .down: (hiddenSize, intermediateSize)
    }
  }

  /// Elements of a layer's norm.
  public func count(of role: NormRole) -> Int {
    switch role {
    case .attention, .feedForward: hiddenSize
    case .attentionSub: heads * headDimension
    case .feedForwardSub: intermediateSize
    }
  }

  /// The norms that each layer has.
  public var norms: [NormRole] { hasSubNorms ? NormRole.allCases : [.attention, .feedForward] }

  /// Every tensor of a model of this architecture: embedding, layers, last norm, and LM head if it has its own.
  public var tensorRoles: [TensorRole] {
    let layers = (0..<layers).flatMap { layer in
      norms.map { TensorRole.norm($0, layer: layer) } + LinearRole.allCases.map { .linear($0, layer: layer) }
    }
    return [.embedding] + layers + [.outputNorm] + (tiedEmbeddings ? [] : [.head])
  }
}
