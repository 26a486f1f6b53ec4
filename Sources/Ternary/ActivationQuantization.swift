/// How the activations of one token become small integers, one scale per token: x is about q / scale.
///
/// This is the definition that the vector code of the kernels must equal bit for bit.
public enum ActivationQuantization: String, CaseIterable, Sendable {
  /// -128...127, scaled by 127 / max|x| (arXiv 2402.17764 as the transformers library implements it).
  case int8
  /// -8...7, scaled by 7 / max|x|.
  case int4
  /// -2...1, scaled by 1 / max|x|.
  case int2
  /// -1, 0, +1, scaled by 1 / mean|x|.
  case ternary
  /// -1, +1: the sign alone, zero counting as positive, worth mean|x|.
  case sign

  /// The smallest max|x| or mean|x| that a scale divides by.
  public static let epsilon: Float = 1e-5

  /// The values a quantised activation can take.
  public var range: ClosedRange<Int8> {
    switch self {
    case .int8: -128...127
    case .int4: -8...7
    case .int2: -2...1
    case .ternary, .sign: -1...1
    }
  }

  /// Bits of one activation in two's complement, or the one bit of a sign.
  public var bits: Int {
    switch self {
    case .int8: 8
    case .int4: 4
    case .int2, .ternary: 2
    case .sign: 1
    }
  }

  /// Quantises `tokens` rows of equal length, row-major. The values should be finite; what is not is
  /// quantised to some value of ``range``.
  ///
  /// - Throws: ``TernaryError`` if `x` is empty or not a whole number of tokens.
  public func quantize(_ x: [Float], tokens: Int) throws(TernaryError) -> QuantizedActivations {
    guard tokens > 0, x.count >= tokens else {
      throw .emptyMatrix(rows: tokens, columns: tokens > 0 ? x.count / tokens : 0)
    }
    let inFeatures = x.count / tokens
    guard inFeatures * tokens == x.count else {
      throw .elementCount(
        of: "activations of \(tokens) tokens of \(inFeatures)", expected: inFeatures * tokens, found: x.count)
    }
    var scales: [Float] = []
    scales.reserveCapacity(tokens)
    let values = [Int8](unsafeUninitializedCapacity: x.count) { values, initialized in
      x.withUnsafeBufferPointer { x in
        for token in 0..<tokens {
          let elements = token * inFeatures..<(token + 1) * inFeatures
          scales.append(
            quantize(
              UnsafeBufferPointer(rebasing: x[elements]),
              into: UnsafeMutableBufferPointer(rebasing: values[elements])))
        }
      }
      initialized = x.count
    }
    return QuantizedActivations(
      kind: self, tokens: tokens, inFeatures: inFeatures, values: values, scales: scales)
  }

  /// Quantises one token and returns its scale.
  private func quantize(_ x: UnsafeBufferPointer<Float>, into q: UnsafeMutableBufferPointer<Int8>) -> Float {
    let scale: Float =
      switch self {
      case .int8, .int4, .int2: Float(range.upperBound) / max(maximumMagnitude(x), Self.epsilon)
      case .ternary, .sign: 1 / max(meanMagnitude(x), Self.epsilon)
      }
    if self == .sign {
      for index in 0..<x.count { q[index] = x[index] >= 0 ? 1 : -1 }
      return scale
    }
    let lowest = Float(range.lowerBound)
    let highest = Float(range.upperBound)
    for index in 0..<x.count {
      let rounded = (x[index] * scale).rounded(.toNearestOrEven)
      // In this order a value that is not a number becomes the lowest instead of a trap.
      q[index] = Int8(rounded >= highest ? highest : rounded > lowest ? rounded : lowest)
    }
    return scale
  }
}

/// max|x|; values that are not numbers are skipped.
private func maximumMagnitude(_ x: UnsafeBufferPointer<Float>) -> Float {
  var largest: Float = 0
  for value in x where value.magnitude > largest { largest = value.magnitude }
  return largest
}

/// mean|x| in Float, summed in an order that 512-bit vector code can keep: lane i of 16 adds the elements i,
/// i + 16, i + 32 and so on; then lanes 8 apart are added, then 4, 2 and 1 apart.
private func meanMagnitude(_ x: UnsafeBufferPointer<Float>) -> Float {
  var lanes = [Float](repeating: 0, count: 16)
  for index in 0..<x.count { lanes[index % 16] += x[index].magnitude }
  for distance in [8, 4, 2, 1] {
    for lane in 0..<distance { lanes[lane] += lanes[lane + distance] }
  }
  return lanes[0] / Float(x.count)
}

/// Activations as integers, with the scale of each token: x is about `value / scale`.
public struct QuantizedActivations: Sendable, Equatable {
  /// The rule that made them.
  public let kind: ActivationQuantization
  /// Tokens (M).
  public let tokens: Int
  /// In-features (K).
  public let inFeatures: Int
  /// Row-major, `tokens * inFeatures` of them.
  public let values: [Int8]
  /// One per token.
  public let scales: [Float]
}
