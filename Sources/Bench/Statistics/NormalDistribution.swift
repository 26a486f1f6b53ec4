import Foundation

/// The standard normal distribution.
enum NormalDistribution {
  /// P(X <= x).
  static func cumulative(_ x: Double) -> Double {
    erfc(-x / 2.0.squareRoot()) / 2
  }

  /// The x with P(X <= x) = `probability`; infinite at 0 and 1.
  ///
  /// Bisection on ``cumulative(_:)`` over the side where it keeps its relative precision: slower than a
  /// rational approximation, used a few times per interval, and right to the last bits.
  static func quantile(_ probability: Double) -> Double {
    guard probability > 0 else { return -.infinity }
    guard probability < 1 else { return .infinity }
    guard probability <= 0.5 else { return -quantile(1 - probability) }
    var low = -40.0
    var high = 0.0
    while true {
      let middle = (low + high) / 2
      guard middle > low, middle < high else { return middle }
      if cumulative(middle) < probability { low = middle } else { high = middle }
    }
  }
}
