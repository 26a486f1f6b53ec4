/// What the attention sees of keys and values.
public enum CachePrecision: Sendable, CaseIterable {
  /// Rounded to IEEE binary16, as the cache of the fast path holds them.
  case float16
  /// As they are computed.
  case exact

  /// The value that the cache holds: for binary16 to nearest, ties to even, infinite from 65520 on.
  func rounded(_ value: Double) -> Double {
    guard self == .float16, value.isFinite else { return value }
    guard value.magnitude < 65520 else { return value < 0 ? -.infinity : .infinity }
    let step = Self.step(at: value)
    return (value / step).rounded(.toNearestOrEven) * step
  }

  /// How far the value is from where rounding it changes, in rounding steps: 0 to a half.
  func boundaryDistance(_ value: Double) -> Double {
    guard self == .float16, value.isFinite else { return 0.5 }
    return RoundingBoundary.distance(value / Self.step(at: value))
  }

  /// What the last of the eleven significant bits of a binary16 is worth; below 2^-14 it stays the same.
  private static func step(at value: Double) -> Double {
    Double(sign: .plus, exponent: max(value.exponent, -14) - 10, significand: 1)
  }
}

/// Where rounding to integers changes: halfway between them.
enum RoundingBoundary {
  /// From the nearest boundary: 0 to a half.
  static func distance(_ value: Double) -> Double { abs(value - value.rounded(.down) - 0.5) }
}
