/// Why a measurement ended.
public enum StopReason: String, Sendable, Hashable, CaseIterable {
  /// The interval is as narrow as was asked for.
  case precision
  /// Time ran out first: the interval is wider than was asked for.
  case timeCap = "time-cap"
  /// The most samples allowed were taken first.
  case maximumSamples = "maximum-samples"
  /// The user stopped the run; what was measured until then is kept.
  case interrupted
}

/// The rule that ends a measurement: enough precision, or enough time, or enough samples.
public struct AdaptiveStop: Sendable {
  /// Wanted half-width of the interval of the median, as a share of the median.
  public var targetRelativeHalfWidth: Double
  /// Coverage of that interval.
  public var coverage: Double
  /// Samples before precision may end the measurement. The first few are often alike by chance.
  public var minimumSamples: Int
  /// Samples at which the measurement ends whatever its precision.
  public var maximumSamples: Int
  /// Time after which the measurement ends whatever its precision, even with less than the minimum of samples,
  /// once there are ``fewestSamples``.
  public var timeCap: Duration

  /// Creates a rule.
  public init(
    targetRelativeHalfWidth: Double = 0.01, coverage: Double = Estimate.standardCoverage,
    minimumSamples: Int = 10, maximumSamples: Int = 10_000, timeCap: Duration
  ) {
    self.targetRelativeHalfWidth = targetRelativeHalfWidth
    self.coverage = coverage
    self.minimumSamples = minimumSamples
    self.maximumSamples = maximumSamples
    self.timeCap = timeCap
  }

  /// Whether `estimate` is precise enough: enough samples, the wanted coverage reached, the interval narrow.
  public func isPrecise(_ estimate: Estimate) -> Bool {
    estimate.count >= minimumSamples && estimate.coverage >= coverage
      && estimate.relativeHalfWidth <= targetRelativeHalfWidth
  }

  /// Whether to stop now, and why; `nil` to take another sample.
  ///
  /// - Parameters:
  ///   - samples: All samples so far. A sample that is not finite never counts as precise.
  ///   - elapsed: Time spent on them.
  public func reason(samples: [Double], elapsed: Duration) -> StopReason? {
    if let estimate = Estimate(medianOf: samples, coverage: coverage), isPrecise(estimate) {
      return .precision
    }
    if samples.count >= maximumSamples { return .maximumSamples }
    return samples.count >= Self.fewestSamples && elapsed >= timeCap ? .timeCap : nil
  }

  /// Taken whatever the time cap says: fewer do not even show whether they agree.
  public static let fewestSamples = 3
}
