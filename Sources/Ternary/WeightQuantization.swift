/// How float weights become ternary or binary ones, one scale for the whole tensor.
public enum WeightQuantization: String, CaseIterable, Sendable {
  /// BitNet b1.58 (arXiv 2402.17764): scaled by the mean of |w|, rounded half to even, clamped to -1...1.
  case absmean
  /// The original BitNet (arXiv 2310.11453): +1 where w is above the mean of the tensor, else -1.
  case sign

  /// The smallest mean of |w| that absmean divides by, so that a tensor of zeros has a scale.
  public static let epsilon: Float = 1e-5

  /// Quantises a row-major matrix of `rows` out-features by `columns` in-features.
  ///
  /// - absmean: s = 1 / max(mean|w|, 1e-5), q = clamp(round(w * s), -1, 1), scale = 1 / s, in Float as the
  ///   transformers library computes it; the mean is summed in Double.
  /// - sign: q = sign(w - mean w) with sign(0) = -1, scale = mean|w|.
  /// - Throws: ``TernaryError`` if the shape does not fit or a weight is not finite.
  public func quantize(_ weights: [Float], rows: Int, columns: Int) throws(TernaryError) -> TernaryMatrix {
    let count = try TernaryMatrix.elementCount(rows: rows, columns: columns)
    guard weights.count == count else {
      throw .elementCount(of: "a \(rows)x\(columns) weight matrix", expected: count, found: weights.count)
    }
    var sums = WeightSums()
    weights.withUnsafeBufferPointer { weights in
      for row in 0..<rows {
        sums.add(row: UnsafeBufferPointer(rebasing: weights[row * columns..<(row + 1) * columns]))
      }
    }
    let rounding = try rounding(sums: sums, count: count)
    let values = [Int8](unsafeUninitializedCapacity: count) { values, initialized in
      weights.withUnsafeBufferPointer { rounding.round($0, into: values) }
      initialized = count
    }
    return TernaryMatrix(rows: rows, columns: columns, quantized: values, scale: rounding.scale)
  }

  /// What to do with each weight, once the sums over all of them are known.
  func rounding(sums: WeightSums, count: Int) throws(TernaryError) -> WeightRounding {
    // One infinity or NaN anywhere makes the sum of magnitudes infinite or NaN.
    guard sums.magnitudes.isFinite else { throw .nonFiniteWeights }
    let meanMagnitude = Float(sums.magnitudes / Double(count))
    switch self {
    case .absmean:
      let factor = 1 / max(meanMagnitude, Self.epsilon)
      return WeightRounding(kind: self, factor: factor, mean: 0, scale: 1 / factor)
    case .sign:
      return WeightRounding(
        kind: self, factor: 1, mean: Float(sums.values / Double(count)), scale: meanMagnitude)
    }
  }
}

/// Sums over a tensor, row by row in a fixed order, so that they do not depend on who reads the rows.
struct WeightSums {
  var values = 0.0
  var magnitudes = 0.0

  /// Adds one row.
  mutating func add(row: UnsafeBufferPointer<Float>) {
    var sum = SIMD8<Double>.zero
    var magnitude = SIMD8<Double>.zero
    let vectors = row.count / 8
    for vector in 0..<vectors {
      let block = UnsafeRawPointer(row.baseAddress.unsafelyUnwrapped)
        .loadUnaligned(fromByteOffset: vector * 32, as: SIMD8<Float>.self)
      let wide = SIMD8<Double>(block)
      sum += wide
      magnitude += wide.replacing(with: -wide, where: wide .< 0)
    }
    values += sum.sum()
    magnitudes += magnitude.sum()
    for weight in row[(vectors * 8)...] {
      values += Double(weight)
      magnitudes += Double(weight.magnitude)
    }
  }
}

/// The last step of a weight quantisation: float to trit, element by element.
struct WeightRounding {
  let kind: WeightQuantization
  let factor: Float
  let mean: Float
  let scale: Float

  /// Writes one trit per weight; `values` has room for all of them and may be uninitialised.
  func round(_ weights: UnsafeBufferPointer<Float>, into values: UnsafeMutableBufferPointer<Int8>) {
    switch kind {
    case .absmean:
      // Half to even and clamping to one make 0.5 the last value that rounds to 0, so two comparisons do.
      for index in 0..<weights.count {
        let scaled = weights[index] * factor
        values[index] = (scaled > 0.5 ? 1 : 0) &- (scaled < -0.5 ? 1 : 0)
      }
    case .sign:
      for index in 0..<weights.count { values[index] = weights[index] - mean > 0 ? 1 : -1 }
    }
  }
}
