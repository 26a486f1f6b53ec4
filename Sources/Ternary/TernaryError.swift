/// What is wrong with a matrix, a scale or an operand handed to this room.
public enum TernaryError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A matrix without elements, or with a negative side.
  case emptyMatrix(rows: Int, columns: Int)
  /// More in-features than an int32 sum of 8-bit activations can hold, or more elements than can be counted.
  case matrixTooLarge(rows: Int, columns: Int)
  /// A buffer whose length does not follow from its shape.
  case elementCount(of: String, expected: Int, found: Int)
  /// A weight that is not -1, 0 or +1.
  case notTernary(value: Int8, row: Int, column: Int)
  /// A scale that is negative, infinite or not a number.
  case invalidScale(Float)
  /// A matrix to quantise holds infinities or values that are not numbers.
  case nonFiniteWeights
  /// Operands of a matmul that disagree on the in-features.
  case inFeatureMismatch(activations: Int, weights: Int)

  /// One sentence: what is wrong and what would be right.
  public var description: String {
    switch self {
    case .emptyMatrix(let rows, let columns):
      "a matrix needs at least one row and one column, not \(rows)x\(columns)"
    case .matrixTooLarge(let rows, let columns):
      "a matrix of \(rows)x\(columns) is too large: at most \(TernaryMatrix.maximumColumns) columns "
        + "and \(Int.max) elements"
    case .elementCount(let what, let expected, let found):
      "\(what) must have \(expected) elements for this shape, not \(found)"
    case .notTernary(let value, let row, let column):
      "the weight at row \(row), column \(column) is \(value): a ternary weight is -1, 0 or +1"
    case .invalidScale(let scale):
      "a weight scale must be finite and not negative, not \(scale)"
    case .nonFiniteWeights:
      "the weights hold infinite or not-a-number values and cannot be quantised"
    case .inFeatureMismatch(let activations, let weights):
      "activations of \(activations) in-features do not fit weights of \(weights)"
    }
  }
}
