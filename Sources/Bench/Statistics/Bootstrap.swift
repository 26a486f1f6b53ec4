import Ternary

/// How the spread of resampled statistics becomes an interval.
public enum BootstrapMethod: Sendable {
  /// The quantiles of the resampled statistics themselves.
  case percentile
  /// The same, moved for bias and for a spread that depends on the value (BCa).
  case biasCorrectedAccelerated
}

/// The bootstrap interval of a statistic of `samples`, for figures that order statistics do not cover (a mean,
/// a ratio of two medians).
///
/// Efron and Tibshirani, An Introduction to the Bootstrap (1993), sections 13.3 and 14.3. For the plain median
/// ``Estimate/init(medianOf:coverage:)`` is exact and cheaper.
///
/// - Parameters:
///   - samples: The samples, in any order.
///   - coverage: Wanted coverage, between 0 and 1, exclusive. Reached only asymptotically; with fewer than
///     about ten samples it falls short.
///   - resamples: Number of resamples; 2000 place the ends of a 95 % interval to about a tenth of its width.
///   - seed: Equal seeds give equal intervals.
///   - statistic: Maps samples, as many as given or one fewer, to the value of interest.
/// - Returns: The interval, or `nil` when there is no sample, the coverage is out of range, or the statistic of
///   some resample is not finite.
public func bootstrapInterval(
  of samples: [Double], coverage: Double = Estimate.standardCoverage,
  method: BootstrapMethod = .biasCorrectedAccelerated, resamples: Int = 2000, seed: UInt64,
  statistic: ([Double]) -> Double
) -> ClosedRange<Double>? {
  guard !samples.isEmpty, resamples > 0, coverage > 0, coverage < 1 else { return nil }
  var generator = SeededGenerator(seed: seed)
  let resampled = (0..<resamples).map { _ in
    statistic(samples.map { _ in samples[Int.random(in: 0..<samples.count, using: &generator)] })
  }
  guard let sorted = SortedSamples(resampled) else { return nil }

  var levels = ((1 - coverage) / 2, (1 + coverage) / 2)
  if method == .biasCorrectedAccelerated {
    let observed = statistic(samples)
    let bias = biasCorrection(of: observed, among: sorted.values)
    let acceleration = jackknifeAcceleration(of: samples, statistic: statistic)
    func adjusted(_ level: Double) -> Double {
      let shifted = bias + NormalDistribution.quantile(level)
      return NormalDistribution.cumulative(bias + shifted / (1 - acceleration * shifted))
    }
    levels = (adjusted(levels.0), adjusted(levels.1))
  }
  let ends = [sorted.quantile(levels.0), sorted.quantile(levels.1)].sorted()
  return ends[0]...ends[1]
}

/// The normal quantile of the share of resampled values below the observed one. Ties, which a median has in
/// plenty, count half; the share stays off 0 and 1, where the quantile is infinite.
private func biasCorrection(of observed: Double, among resampled: [Double]) -> Double {
  let below = resampled.count { $0 < observed }
  let equal = resampled.count { $0 == observed }
  let total = Double(resampled.count)
  let share = (Double(below) + Double(equal) / 2) / total
  return NormalDistribution.quantile(min(max(share, 0.5 / total), 1 - 0.5 / total))
}

/// A sixth of the skewness of the statistic when each sample is left out in turn; 0 when that has no spread.
private func jackknifeAcceleration(of samples: [Double], statistic: ([Double]) -> Double) -> Double {
  guard samples.count > 1 else { return 0 }
  let leftOut = samples.indices.map { index in
    var others = samples
    others.remove(at: index)
    return statistic(others)
  }
  let mean = leftOut.reduce(0, +) / Double(leftOut.count)
  var squares = 0.0
  var cubes = 0.0
  for value in leftOut {
    let difference = mean - value
    squares += difference * difference
    cubes += difference * difference * difference
  }
  let spread = 6 * squares * squares.squareRoot()
  let acceleration = cubes / spread
  return acceleration.isFinite ? acceleration : 0
}
