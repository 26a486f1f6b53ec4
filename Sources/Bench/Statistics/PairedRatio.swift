/// How many times faster `latencies` are than `baseline`, round by round: baseline / latency of each.
///
/// The two were taken in the same round, one soon after the other, so that drift of clock and memory bandwidth
/// over the run, which is often larger than the difference sought, cancels in each ratio. A ratio of two medians
/// would keep it.
///
/// - Parameters:
///   - baseline: Seconds of the baseline, one per round.
///   - latencies: Seconds of the kernel, in the same rounds.
/// - Returns: `nil` when the counts differ or a sample is not positive and finite.
func speedups(over baseline: [Double], latencies: [Double]) -> [Double]? {
  guard baseline.count == latencies.count, (baseline + latencies).allSatisfy({ $0 > 0 && $0.isFinite })
  else { return nil }
  return zip(baseline, latencies).map { $0 / $1 }
}

extension Estimate {
  /// The median, with interval, of how many times faster `latencies` are than the `baseline` of the same rounds.
  ///
  /// - Returns: `nil` when there is no round, the counts differ, or a sample is not positive and finite.
  public init?(
    speedupOver baseline: [Double], latencies: [Double], coverage: Double = standardCoverage
  ) {
    guard let ratios = speedups(over: baseline, latencies: latencies) else { return nil }
    self.init(medianOf: ratios, coverage: coverage)
  }
}
