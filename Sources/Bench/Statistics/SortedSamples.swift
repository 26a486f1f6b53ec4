/// Samples in ascending order, none of them NaN or infinite, at least one: what order statistics need.
struct SortedSamples: Sendable {
  let values: [Double]

  /// - Returns: `nil` when there is no sample, or when one is not finite: such a sample has no rank, and
  ///   dropping it silently would turn a broken measurement into a good one.
  init?(_ samples: some Sequence<Double>) {
    let values = samples.sorted()
    guard !values.isEmpty, values.allSatisfy(\.isFinite) else { return nil }
    self.values = values
  }

  var count: Int { values.count }

  /// The middle value, or the mean of the two middle ones.
  var median: Double {
    let upper = values[count / 2]
    // Halved before adding: the sum of two huge values may overflow.
    return count.isMultiple(of: 2) ? values[count / 2 - 1] / 2 + upper / 2 : upper
  }

  /// The quantile at `probability`, interpolated between neighbours (type 7 of Hyndman and Fan, The American
  /// Statistician 50, 1996: rank (n - 1) p + 1). Probabilities beyond 0 and 1 give the extremes.
  func quantile(_ probability: Double) -> Double {
    let position = Double(count - 1) * min(max(probability, 0), 1)
    let below = Int(position)
    let above = min(below + 1, count - 1)
    let share = position - Double(below)
    return values[below] * (1 - share) + values[above] * share
  }
}

/// The median of `samples`.
///
/// - Returns: `nil` when there is none or one is not finite.
public func median(of samples: some Sequence<Double>) -> Double? {
  SortedSamples(samples)?.median
}
