import Ternary

/// Small random errors before everything that is rounded, to see how far a computation in Float may be off.
///
/// Rounding makes the transformer discontinuous: an error of 10^-7 may change an activation by one step of its int8
/// scale. How much that changes the logits is what the reference's logits with noise differ by from those without.
public struct RoundingNoise: Sendable, Hashable {
  /// The largest error, in units of the root mean square of a token's values.
  public var relativeError: Double
  /// Of the random errors.
  public var seed: UInt64

  /// Noise of this size.
  public init(relativeError: Double, seed: UInt64) {
    self.relativeError = relativeError
    self.seed = seed
  }

  /// The values of some tokens with errors added; other errors for each `site` in the computation.
  func added(to values: [Double], columns: Int, site: UInt64) -> [Double] {
    var random = SeededGenerator(seed: seed, stream: site)
    var noisy = values
    for start in stride(from: 0, to: values.count, by: columns) {
      let token = values[start..<start + columns]
      let mean = token.reduce(0) { $0 + $1 * $1 } / Double(columns)
      let error = relativeError * mean.squareRoot()
      for index in token.indices {
        noisy[index] += error * (Double(random.next() >> 11) * 0x1p-52 - 1)
      }
    }
    return noisy
  }
}
