import Ternary

/// What the weights of one ternary matrix are like.
public struct TernaryStatistics: Sendable, Hashable {
  /// All of them.
  public let weights: Int
  /// Those that are 0.
  public let zeros: Int
  /// Those that are +1.
  public let positives: Int
  /// What one unit is worth.
  public let scale: Float
  /// Shannon entropy of the three values.
  public let entropyBitsPerWeight: Double

  /// Counts the weights of a matrix.
  public init(_ matrix: TernaryMatrix) {
    weights = matrix.values.count
    zeros = matrix.zeroCount
    positives = matrix.positiveCount
    scale = matrix.scale
    entropyBitsPerWeight = matrix.entropyBitsPerWeight
  }

  /// Zeros per weight.
  public var zeroShare: Double { Double(zeros) / Double(weights) }
  /// Weights of +1 per weight that is not 0; `nil` if all are.
  public var positiveShare: Double? {
    weights == zeros ? nil : Double(positives) / Double(weights - zeros)
  }
}

/// The least, middle and greatest of some numbers, and their mean.
public struct Spread: Sendable, Hashable {
  /// The least.
  public let minimum: Double
  /// The middle one, or the mean of the two in the middle.
  public let median: Double
  /// The greatest.
  public let maximum: Double
  /// The mean.
  public let mean: Double

  /// - Returns: `nil` of no numbers.
  public init?(_ values: [Double]) {
    let sorted = values.sorted()
    guard let first = sorted.first, let last = sorted.last else { return nil }
    minimum = first
    maximum = last
    median = (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    mean = sorted.reduce(0, +) / Double(sorted.count)
  }
}

/// What the weights of all ternary matrices of a model are like.
public struct TernarySummary: Sendable, Hashable {
  /// How many matrices there are.
  public let matrices: Int
  /// Weights of all.
  public let weights: Int
  /// Zeros per weight, over the matrices; the mean is that of matrices, not of weights.
  public let zeroShare: Spread
  /// Zeros per weight of all matrices together.
  public let totalZeroShare: Double
  /// What one unit is worth, over the matrices.
  public let scale: Spread
  /// Weights of +1 per weight that is not 0, over the matrices that have such; `nil` if none has.
  public let positiveShare: Spread?
  /// Mean of the entropies of the matrices' three values, weighted by their sizes: what the best coder of
  /// independent weights would need.
  public let entropyBitsPerWeight: Double

  /// - Returns: `nil` of no matrices.
  public init?(_ matrices: [TernaryStatistics]) {
    guard let zeroShare = Spread(matrices.map(\.zeroShare)),
      let scale = Spread(matrices.map { Double($0.scale) })
    else { return nil }
    self.matrices = matrices.count
    weights = matrices.reduce(0) { $0 + $1.weights }
    self.zeroShare = zeroShare
    totalZeroShare = Double(matrices.reduce(0) { $0 + $1.zeros }) / Double(weights)
    self.scale = scale
    positiveShare = Spread(matrices.compactMap(\.positiveShare))
    entropyBitsPerWeight =
      matrices.reduce(0) { $0 + $1.entropyBitsPerWeight * Double($1.weights) } / Double(weights)
  }
}
