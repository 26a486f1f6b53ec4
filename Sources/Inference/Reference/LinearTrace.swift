import Ternary

/// What went into a linear layer and what came out.
public struct LinearTrace: Sendable {
  /// Before quantisation, tokens × in-features.
  public let input: [Double]
  /// Tokens × out-features.
  public let output: [Double]
  /// In-features.
  public let inFeatures: Int
  /// The activations as int8 of ternary weights; `nil` for float weights.
  public let quantized: QuantizedActivations?
  /// What one unit of ternary weights is worth; `nil` for float weights.
  public let weightScale: Float?

  /// How far each scaled activation is from where its rounding changes, in steps of int8, 0 to a half; empty for
  /// float weights.
  public var boundaryDistances: [Double] {
    guard let quantized else { return [] }
    return input.indices.map { index in
      // As the quantiser sees it: from the Float of the activation.
      RoundingBoundary.distance(Double(Float(input[index])) * Double(quantized.scales[index / inFeatures]))
    }
  }

  /// By token, how many activations lie within `distance` (of a step of int8) of a rounding boundary.
  public func nearBoundary(within distance: Double) -> [Int] {
    var counts = Array(repeating: 0, count: input.count / inFeatures)
    for (index, found) in boundaryDistances.enumerated() where found <= distance {
      counts[index / inFeatures] += 1
    }
    return counts
  }

  /// By token, what any output may change by if every activation within `distance` of a rounding boundary is rounded
  /// the other way: a step changes an output by at most weight scale / activation scale, for trits are at most one.
  public func flipBound(within distance: Double) -> [Double] {
    guard let quantized, let weightScale else {
      return Array(repeating: 0, count: input.count / inFeatures)
    }
    return zip(nearBoundary(within: distance), quantized.scales).map { count, scale in
      Double(count) * Double(weightScale) / Double(scale)
    }
  }
}
