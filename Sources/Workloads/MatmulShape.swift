/// What a matrix does in a transformer layer.
public enum MatmulRole: String, CaseIterable, Sendable {
  /// Query projection.
  case query = "q"
  /// Key projection.
  case key = "k"
  /// Value projection.
  case value = "v"
  /// Output projection of the attention.
  case output = "o"
  /// Gate of the feed-forward network.
  case gate
  /// Widening matrix of the feed-forward network.
  case up
  /// Narrowing matrix of the feed-forward network.
  case down
  /// Query, key and value projections as one matrix.
  case fusedQueryKeyValue = "qkv"
  /// Gate and widening matrices as one.
  case fusedGateUp = "gate-up"
  /// From the last hidden state to scores of the vocabulary.
  case languageModelHead = "lm-head"
}

/// A weight matrix of a model, and how often one token is multiplied by such a one.
public struct MatmulShape: Sendable, Hashable {
  /// What the matrix does.
  public let role: MatmulRole
  /// Rows of the weight matrix (N).
  public let outFeatures: Int
  /// Columns of the weight matrix (K).
  public let inFeatures: Int
  /// Matrices of this role that each token passes: the number of layers, or one LM head.
  public let countPerToken: Int
  /// How the matrix is stored. The LM head of a ternary model stays at full precision.
  public let weights: WeightPrecision

  /// Weights, and so multiply-accumulates per token, of all these matrices together.
  public var weightsPerToken: Int { outFeatures * inFeatures * countPerToken }
}

extension LanguageModel {
  /// All weight matrices that a token is multiplied by, in the order of the computation.
  ///
  /// - Parameters:
  ///   - fused: whether matrices with the same input are one: q, k and v; gate and up.
  ///   - includingHead: whether the LM head, which is not a linear layer of the model, comes last.
  public func matmulShapes(fused: Bool = false, includingHead: Bool = true) -> [MatmulShape] {
    let queryFeatures = heads * headDimension
    let keyFeatures = keyValueHeads * headDimension
    var roles: [(MatmulRole, out: Int, in: Int)] = []
    if fused {
      roles.append((.fusedQueryKeyValue, queryFeatures + 2 * keyFeatures, hiddenSize))
    } else {
      roles += [
        (.query, queryFeatures, hiddenSize), (.key, keyFeatures, hiddenSize),
        (.value, keyFeatures, hiddenSize),
      ]
    }
    roles.append((.output, hiddenSize, queryFeatures))
    switch (gatedFeedForward, fused) {
    case (true, true): roles.append((.fusedGateUp, 2 * intermediateSize, hiddenSize))
    case (true, false):
      roles += [(.gate, intermediateSize, hiddenSize), (.up, intermediateSize, hiddenSize)]
    case (false, _): roles.append((.up, intermediateSize, hiddenSize))
    }
    roles.append((.down, hiddenSize, intermediateSize))
    var shapes = roles.map { role, out, `in` in
      MatmulShape(
        role: role, outFeatures: out, inFeatures: `in`, countPerToken: layers, weights: weights)
    }
    if includingHead {
      shapes.append(
        MatmulShape(
          role: .languageModelHead, outFeatures: vocabulary, inFeatures: hiddenSize, countPerToken: 1,
          weights: .fp16))
    }
    return shapes
  }
}

/// Matrices of one size and precision, whatever their roles: what is worth measuring once.
public struct DistinctShape: Sendable, Hashable {
  /// Rows of the weight matrix (N).
  public let outFeatures: Int
  /// Columns of the weight matrix (K).
  public let inFeatures: Int
  /// How the matrices are stored.
  public let weights: WeightPrecision
  /// What they do, in the order of the computation.
  public internal(set) var roles: [MatmulRole]
  /// How many of them each token passes, all roles together.
  public internal(set) var countPerToken: Int
}

extension Sequence where Element == MatmulShape {
  /// The shapes with equal sizes and precisions merged, in order of first appearance.
  public func distinct() -> [DistinctShape] {
    var distinct: [DistinctShape] = []
    for shape in self {
      let index = distinct.firstIndex {
        $0.outFeatures == shape.outFeatures && $0.inFeatures == shape.inFeatures
          && $0.weights == shape.weights
      }
      if let index {
        distinct[index].countPerToken += shape.countPerToken
        if !distinct[index].roles.contains(shape.role) { distinct[index].roles.append(shape.role) }
      } else {
        distinct.append(
          DistinctShape(
            outFeatures: shape.outFeatures, inFeatures: shape.inFeatures, weights: shape.weights,
            roles: [shape.role], countPerToken: shape.countPerToken))
      }
    }
    return distinct
  }
}
