/// Y = X * Wᵀ in int32: the truth that every kernel, the plain C one included, is checked against.
///
/// - Parameters:
///   - x: activations, row-major, M tokens of K in-features; M follows from their number.
///   - weights: N out-features by K in-features.
/// - Returns: M x N sums, row-major, not scaled.
/// - Throws: ``TernaryError`` if `x` is not a whole number of tokens.
public func referenceMatmul(x: [Int8], weights: TernaryMatrix) throws(TernaryError) -> [Int32] {
  let inFeatures = weights.columns
  guard !x.isEmpty, x.count % inFeatures == 0 else {
    throw .elementCount(
      of: "activations of \(inFeatures) in-features", expected: max(1, x.count / inFeatures) * inFeatures,
      found: x.count)
  }
  return integerMatmul(x: x, weights: weights.values, inFeatures: inFeatures)
}

/// Y = X * Wᵀ in int32 for dense 8-bit weights, of which at most 131,071 in-features cannot overflow.
///
/// - Parameters:
///   - x: activations, row-major, M tokens of K in-features.
///   - weights: row-major, N out-features of K in-features.
///   - inFeatures: K.
/// - Returns: M x N sums, row-major.
/// - Throws: ``TernaryError`` if a matrix is not a whole number of rows of K, or K is too large.
public func referenceMatmul(x: [Int8], weights: [Int8], inFeatures: Int) throws(TernaryError) -> [Int32] {
  guard inFeatures > 0 else { throw .emptyMatrix(rows: 1, columns: inFeatures) }
  guard inFeatures <= Int(Int32.max) / (128 * 128) else {
    throw .matrixTooLarge(rows: weights.count / inFeatures, columns: inFeatures)
  }
  for (what, matrix) in [("activations", x), ("weights", weights)] {
    guard !matrix.isEmpty, matrix.count % inFeatures == 0 else {
      throw .elementCount(
        of: "\(what) of \(inFeatures) in-features", expected: max(1, matrix.count / inFeatures) * inFeatures,
        found: matrix.count)
    }
  }
  return integerMatmul(x: x, weights: weights, inFeatures: inFeatures)
}

/// The callers have checked that both matrices are whole rows and that no sum leaves int32.
private func integerMatmul(x: [Int8], weights: [Int8], inFeatures: Int) -> [Int32] {
  let tokens = x.count / inFeatures
  let outFeatures = weights.count / inFeatures
  return [Int32](unsafeUninitializedCapacity: tokens * outFeatures) { y, initialized in
    x.withUnsafeBufferPointer { x in
      weights.withUnsafeBufferPointer { weights in
        for token in 0..<tokens {
          let activations = UnsafeBufferPointer(rebasing: x[token * inFeatures..<(token + 1) * inFeatures])
          for row in 0..<outFeatures {
            let weightRow = UnsafeBufferPointer(rebasing: weights[row * inFeatures..<(row + 1) * inFeatures])
            var sum: Int32 = 0
            for index in 0..<inFeatures { sum &+= Int32(activations[index]) &* Int32(weightRow[index]) }
            y[token * outFeatures + row] = sum
          }
        }
      }
    }
    initialized = tokens * outFeatures
  }
}
