import ModelFiles
import Ternary

/// The numerical truth of the transformer: plain loops in Double, no speed.
///
/// It rounds where the fast path rounds by definition and nowhere else: ternary layers quantise the Float of their
/// input to int8 (``ActivationQuantization/int8``), and keys and values are rounded to binary16 if the cache is.
public struct ReferenceTransformer: Sendable {
  /// What it computes.
  public let architecture: ModelArchitecture
  private let embedding: [Float]
  private let layers: [ReferenceLayer]
  private let outputNorm: ReferenceNorm
  /// `nil` if the embedding is the head.
  private let head: [Float]?

  /// Decodes all weights.
  ///
  /// - Parameters:
  ///   - cachePrecision: What the attention sees of keys and values.
  ///   - noise: Errors to add before everything that is rounded.
  /// - Throws: ``ModelFileError`` of the source; ``ReferenceError`` if sizes do not fit together.
  public init(
    _ source: any ModelSource, cachePrecision: CachePrecision = .float16, noise: RoundingNoise? = nil
  ) throws {
    architecture = source.architecture
    try Self.check(architecture)
    embedding = try Self.rows(of: .embedding, source)
    layers = try (0..<architecture.layers).map {
      try ReferenceLayer($0, of: source, cachePrecision: cachePrecision, noise: noise)
    }
    outputNorm = try ReferenceNorm(of: source, .outputNorm, count: architecture.hiddenSize)
    head = architecture.tiedEmbeddings ? nil : try Self.rows(of: .head, source)
  }

  /// A cache of no tokens.
  public func emptyCache() -> ReferenceCache {
    ReferenceCache(
      layers: architecture.layers, keyFeatures: architecture.keyValueHeads * architecture.headDimension)
  }

  /// A forward pass from the first position on.
  ///
  /// - Throws: ``ReferenceError`` if there is no token or one is not in the vocabulary.
  public func forward(tokens: [Int]) throws -> ReferenceTrace {
    var cache = emptyCache()
    return try forward(tokens: tokens, cache: &cache)
  }

  /// A forward pass over the tokens that follow those in the cache.
  ///
  /// - Throws: ``ReferenceError`` if there is no token or one is not in the vocabulary.
  public func forward(tokens: [Int], cache: inout ReferenceCache) throws -> ReferenceTrace {
    let embedding = try embed(tokens)
    var residual = embedding
    var traces: [LayerTrace] = []
    for layer in layers.indices {
      let trace = try forwardLayer(layer, residual: residual, cache: &cache)
      residual = trace.residual
      traces.append(trace)
    }
    return ReferenceTrace(
      embedding: embedding, layers: traces, logits: try logits(residual: residual), tokens: tokens.count)
  }

  /// The residual stream before the first layer, tokens × hidden size.
  ///
  /// - Throws: ``ReferenceError`` if there is no token or one is not in the vocabulary.
  public func embed(_ tokens: [Int]) throws -> [Double] {
    guard !tokens.isEmpty else { throw ReferenceError.token(nil, vocabulary: architecture.vocabulary) }
    return try tokens.flatMap { token in
      guard (0..<architecture.vocabulary).contains(token) else {
        throw ReferenceError.token(token, vocabulary: architecture.vocabulary)
      }
      let start = token * architecture.hiddenSize
      return embedding[start..<start + architecture.hiddenSize].map { Double($0) }
    }
  }

  /// One layer's work on tokens that follow those in the cache, so that a layer of the fast path can be compared from
  /// its own input.
  ///
  /// - Parameters:
  ///   - residual: The layer's input, tokens × hidden size.
  ///   - cache: What the layer has seen, which says the position of the first token; the tokens are added to it.
  /// - Throws: ``ReferenceError`` if there is no such layer or the input is not whole tokens.
  public func forwardLayer(_ layer: Int, residual: [Double], cache: inout ReferenceCache) throws -> LayerTrace
  {
    guard layers.indices.contains(layer) else {
      throw ReferenceError.layer(layer, layers: layers.count)
    }
    try checkResidual(residual)
    return try layers[layer].apply(residual, cache: &cache)
  }

  /// What the last norm and the LM head make of the last layer's output, tokens × vocabulary.
  ///
  /// - Throws: ``ReferenceError`` if the input is not whole tokens.
  public func logits(residual: [Double]) throws -> [Double] {
    try checkResidual(residual)
    return ReferenceLinear.multiply(
      outputNorm.apply(residual), head ?? embedding, columns: architecture.hiddenSize)
  }

  private func checkResidual(_ residual: [Double]) throws(ReferenceError) {
    guard !residual.isEmpty, residual.count % architecture.hiddenSize == 0 else {
      throw .residual(elements: residual.count, hiddenSize: architecture.hiddenSize)
    }
  }

  private static func check(_ architecture: ModelArchitecture) throws(ReferenceError) {
    let sizes = [
      ("vocabulary", architecture.vocabulary), ("hidden size", architecture.hiddenSize),
      ("intermediate size", architecture.intermediateSize), ("layers", architecture.layers),
      ("heads", architecture.heads), ("key and value heads", architecture.keyValueHeads),
      ("head dimension", architecture.headDimension),
    ]
    for (name, size) in sizes where size <= 0 {
      throw .architecture("\(name) must be positive, not \(size)")
    }
    guard architecture.heads % architecture.keyValueHeads == 0 else {
      throw .architecture(
        "\(architecture.heads) heads are no multiple of \(architecture.keyValueHeads) key and value heads")
    }
    guard architecture.headDimension % 2 == 0 else {
      throw .architecture("head dimension must be even, not \(architecture.headDimension)")
    }
  }

  private static func rows(of role: TensorRole, _ source: any ModelSource) throws -> [Float] {
    let architecture = source.architecture
    let rows = try source.rows(0..<architecture.vocabulary, of: role)
    let expected = architecture.vocabulary.multipliedReportingOverflow(by: architecture.hiddenSize)
    guard !expected.overflow, rows.count == expected.partialValue else {
      throw ReferenceError.tensor(
        "\(role)", expected: "\(architecture.vocabulary)x\(architecture.hiddenSize) elements",
        found: "\(rows.count)")
    }
    return rows
  }
}

extension ReferenceNorm {
  /// Reads the weights of a norm and checks their number.
  init(of source: any ModelSource, _ role: TensorRole, count: Int) throws {
    weight = try source.vector(role)
    epsilon = source.architecture.normEpsilon
    guard weight.count == count else {
      throw ReferenceError.tensor("\(role)", expected: "\(count) elements", found: "\(weight.count)")
    }
  }
}
