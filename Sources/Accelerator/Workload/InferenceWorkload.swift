import Workloads

/// One pass through a model: what is asked of a chip.
///
/// Each of ``batch`` sequences brings the tokens of the phase. The keys and values of all its earlier tokens are in
/// a cache in DRAM, 16 bits each.
public struct InferenceWorkload: Sendable, Hashable {
  /// The model. Only its shape counts: how weights are stored is the design's choice.
  public let model: LanguageModel
  /// One new token a sequence, or a prompt.
  public let phase: Phase
  /// Tokens of each sequence when the pass is over, those of the pass included.
  public let context: Int
  /// Sequences.
  public let batch: Int
  /// Whether matrices with the same input are one: q, k and v; gate and up.
  public let fusesMatrices: Bool

  /// The most tokens in a pass, and in a sequence.
  public static let maximumTokens = 1 << 24

  /// - Parameters:
  ///   - model: The model.
  ///   - phase: Decode, or prefill of so many tokens.
  ///   - context: Tokens of each sequence when the pass is over; `nil` is those of the pass alone, a prompt from
  ///     its beginning.
  ///   - batch: Sequences.
  ///   - fusesMatrices: Whether matrices with the same input are one.
  /// - Throws: ``WorkloadError`` for sizes that cannot be.
  public init(
    _ model: LanguageModel, phase: Phase, context: Int? = nil, batch: Int = 1, fusesMatrices: Bool = false
  ) throws(WorkloadError) {
    let tokens = phase.tokens
    let context = context ?? tokens
    let range = 1...Self.maximumTokens
    guard range.contains(tokens) else { throw .outOfRange(what: "tokens", value: tokens, range: range) }
    guard (tokens...max(tokens, Self.maximumTokens)).contains(context) else {
      throw .outOfRange(what: "context", value: context, range: tokens...Self.maximumTokens)
    }
    guard range.contains(batch) else { throw .outOfRange(what: "batch", value: batch, range: range) }
    guard batch <= Self.maximumTokens / tokens else {
      throw .outOfRange(what: "batch", value: batch, range: 1...(Self.maximumTokens / tokens))
    }
    self.model = model
    self.phase = phase
    self.context = context
    self.batch = batch
    self.fusesMatrices = fusesMatrices
  }

  /// Rows of the activation matrix (M).
  public var tokens: Int { phase.tokens * batch }

  /// Pairs of a token and one that it attends to, of one sequence: with causal attention token i of the pass sees
  /// all earlier ones and itself.
  public var attendedPairs: Double {
    let tokens = Double(phase.tokens)
    return tokens * Double(context - phase.tokens) + tokens * (tokens + 1) / 2
  }

  /// Multiply-accumulates of the pass, by the part of the model that needs them. Only the last token of a prompt
  /// needs scores of the vocabulary.
  public var multiplyAccumulates: (linear: Double, languageModelHead: Double, attention: Double) {
    let attention = 2 * Double(model.layers) * Double(model.heads * model.headDimension)
    return (
      Double(model.linearParameters) * Double(tokens), Double(model.embeddingParameters) * Double(batch),
      attention * attendedPairs * Double(batch)
    )
  }

  /// Bytes of the key-value cache when the pass is over, all layers and sequences.
  public var keyValueCacheBytes: Double {
    Double(model.keyValueCacheBytesPerToken()) * Double(context) * Double(batch)
  }
}

/// A pass that cannot be.
public enum WorkloadError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A size is out of bounds.
  case outOfRange(what: String, value: Int, range: ClosedRange<Int>)

  /// One sentence.
  public var description: String {
    switch self {
    case .outOfRange(let what, let value, let range):
      "\(what): expected from \(range.lowerBound) to \(range.upperBound), found \(value)"
    }
  }
}
