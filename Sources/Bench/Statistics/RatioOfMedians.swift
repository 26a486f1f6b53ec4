import Foundation
import Ternary

extension Estimate {
  /// Fewer samples on either side give bootstrap intervals that are much too narrow.
  static let fewestForBootstrap = 6

  /// The ratio of the medians of two independent samples, with its percentile bootstrap interval (Efron and
  /// Tibshirani, An Introduction to the Bootstrap, 1993, section 13.3): both samples are drawn anew from themselves.
  ///
  /// - Parameters:
  ///   - numerator: Positive samples, at least ``fewestForBootstrap``.
  ///   - denominator: Likewise.
  ///   - resamples: 2000 place the ends of a 95 % interval to about a tenth of its width.
  ///   - seed: Equal seeds give equal intervals.
  /// - Returns: `nil` for too few samples, or one that is not positive and finite. The count is of both.
  public init?(
    ratioOfMedians numerator: [Double], to denominator: [Double], coverage: Double = standardCoverage,
    resamples: Int = 2000, seed: UInt64
  ) {
    guard numerator.count >= Self.fewestForBootstrap, denominator.count >= Self.fewestForBootstrap,
      let top = SortedSamples(numerator), let bottom = SortedSamples(denominator),
      top.values[0] > 0, bottom.values[0] > 0
    else { return nil }
    var generator = SeededGenerator(seed: seed)
    let ratios = (0..<resamples).map { _ in
      top.medianOfResample(using: &generator) / bottom.medianOfResample(using: &generator)
    }
    guard let sorted = SortedSamples(ratios) else { return nil }
    let median = top.median / bottom.median
    self.init(
      median: median, low: min(sorted.quantile((1 - coverage) / 2), median),
      high: max(sorted.quantile((1 + coverage) / 2), median), coverage: coverage,
      count: top.count + bottom.count)
  }

  /// The ratio of this quantity to an independent one of which no samples are known.
  ///
  /// On the logarithms the distances of the ends from the medians add up in quadrature, as for
  /// ``geometricMean(of:)``.
  ///
  /// - Returns: `nil` when an interval is not positive.
  public func ratio(to denominator: Estimate) -> Estimate? {
    guard low > 0, denominator.low > 0 else { return nil }
    let ratio = median / denominator.median
    func distance(_ above: Double, _ below: Double) -> Double {
      exp(hypot(log(above), log(below)))
    }
    return Estimate(
      median: ratio, low: ratio / distance(median / low, denominator.high / denominator.median),
      high: ratio * distance(high / median, denominator.median / denominator.low),
      coverage: min(coverage, denominator.coverage), count: count + denominator.count)
  }
}

extension SortedSamples {
  /// The median of as many values as there are, drawn from them with replacement. Only how often each is drawn is
  /// counted, so that nothing need be sorted.
  fileprivate func medianOfResample(using generator: inout SeededGenerator) -> Double {
    var draws = Array(repeating: 0, count: count)
    for _ in 0..<count { draws[Int.random(in: 0..<count, using: &generator)] += 1 }
    func value(ofRank rank: Int) -> Double {
      var passed = 0
      let index = draws.firstIndex { drawn in
        passed += drawn
        return passed > rank
      }
      return values[index ?? count - 1]
    }
    let upper = value(ofRank: count / 2)
    return count.isMultiple(of: 2) ? value(ofRank: count / 2 - 1) / 2 + upper / 2 : upper
  }
}
