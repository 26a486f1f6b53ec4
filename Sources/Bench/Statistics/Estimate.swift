/// A median with its confidence interval: the form in which every measured figure leaves the bench.
///
/// All values are finite and in the unit of the samples they come from.
public struct Estimate: Sendable, Hashable {
  /// Median of the samples.
  public var median: Double
  /// Lower end of the interval.
  public var low: Double
  /// Upper end of the interval.
  public var high: Double
  /// Probability, from 0 to 1, that an interval built this way holds the true median. With few samples it is
  /// less than what was asked for: readers must show it rather than assume 0.95.
  public var coverage: Double
  /// Number of samples.
  public var count: Int

  /// Creates an estimate from values computed elsewhere.
  public init(median: Double, low: Double, high: Double, coverage: Double, count: Int) {
    self.median = median
    self.low = low
    self.high = high
    self.coverage = coverage
    self.count = count
  }

  /// The coverage asked for where nothing else is said.
  public static let standardCoverage = 0.95

  /// Half the interval as a share of the median: 0.01 reads as plus or minus one percent. Infinite when the
  /// median is 0 but the interval is not.
  public var relativeHalfWidth: Double {
    let halfWidth = (high - low) / 2
    return halfWidth == 0 ? 0 : halfWidth / abs(median)
  }

  /// Whether the two intervals share no value, so that the difference is more than noise.
  public func isClear(of other: Estimate) -> Bool {
    high < other.low || other.high < low
  }

  /// The estimate of `numerator` divided by this quantity, as for the share of a bound that a latency
  /// reaches. The ends of the interval change places.
  ///
  /// - Returns: `nil` when the interval reaches 0 or below, where the quotient has no finite bounds.
  public func dividing(_ numerator: Double) -> Estimate? {
    guard low > 0, numerator.isFinite else { return nil }
    let (atLow, atHigh) = (numerator / low, numerator / high)
    return Estimate(
      median: numerator / median, low: min(atLow, atHigh), high: max(atLow, atHigh), coverage: coverage,
      count: count)
  }
}
