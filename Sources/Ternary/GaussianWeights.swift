/// A reproducible matrix of Gaussian weights: what a layer looks like before training.
///
/// Each row has a random stream of its own, so rows may be made in any order and by any number of threads.
public struct GaussianWeights: Sendable {
  /// Out-features (N).
  public let rows: Int
  /// In-features (K).
  public let columns: Int
  /// Standard deviation of the weights, whose mean is 0.
  public let standardDeviation: Float
  /// What the weights follow from.
  public let seed: UInt64

  /// Describes a matrix; nothing is generated yet.
  ///
  /// - Throws: ``TernaryError`` if a side is not positive or the matrix is too large, or the standard
  ///   deviation is not a positive finite number.
  public init(
    rows: Int, columns: Int, standardDeviation: Float = 0.02, seed: UInt64
  ) throws(TernaryError) {
    _ = try TernaryMatrix.elementCount(rows: rows, columns: columns)
    guard standardDeviation.isFinite, standardDeviation > 0 else { throw .invalidScale(standardDeviation) }
    self.rows = rows
    self.columns = columns
    self.standardDeviation = standardDeviation
    self.seed = seed
  }

  /// Writes one row; `weights` has ``columns`` elements and may be uninitialised.
  public func fill(row: Int, into weights: UnsafeMutableBufferPointer<Float>) {
    precondition(weights.count == columns, "a row has one weight per column")
    var generator = SeededGenerator(seed: seed, stream: UInt64(truncatingIfNeeded: row))
    Ziggurat.standard.fill(weights, scale: standardDeviation, using: &generator)
  }

  /// All weights, row-major.
  public func matrix() -> [Float] {
    [Float](unsafeUninitializedCapacity: rows * columns) { weights, initialized in
      for row in 0..<rows {
        fill(
          row: row, into: UnsafeMutableBufferPointer(rebasing: weights[row * columns..<(row + 1) * columns]))
      }
      initialized = rows * columns
    }
  }

  /// The same as quantising ``matrix()``, without ever holding the float matrix: rows are generated twice.
  ///
  /// - Throws: ``TernaryError`` if the standard deviation is so large that weights are not finite.
  public func quantized(by quantization: WeightQuantization = .absmean) throws(TernaryError) -> TernaryMatrix
  {
    let row = UnsafeMutableBufferPointer<Float>.allocate(capacity: columns)
    defer { row.deallocate() }
    var sums = WeightSums()
    for index in 0..<rows {
      fill(row: index, into: row)
      sums.add(row: UnsafeBufferPointer(row))
    }
    let rounding = try quantization.rounding(sums: sums, count: rows * columns)
    let values = [Int8](unsafeUninitializedCapacity: rows * columns) { values, initialized in
      for index in 0..<rows {
        fill(row: index, into: row)
        rounding.round(
          UnsafeBufferPointer(row),
          into: UnsafeMutableBufferPointer(rebasing: values[index * columns..<(index + 1) * columns]))
      }
      initialized = rows * columns
    }
    return TernaryMatrix(rows: rows, columns: columns, quantized: values, scale: rounding.scale)
  }
}
