import Foundation

/// The geometric mean of `values`: the mean that ratios want, since the mean of the reciprocals is then the
/// reciprocal of the mean (Fleming and Wallace, Communications of the ACM 29(3), 1986).
///
/// - Returns: `nil` when there is no value or one is not positive and finite.
public func geometricMean(of values: [Double]) -> Double? {
  guard !values.isEmpty, values.allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
  // Logarithms, because a product of many values overflows.
  return exp(values.reduce(0) { $0 + log($1) } / Double(values.count))
}

extension Estimate {
  /// The geometric mean of independent estimates with its interval.
  ///
  /// On the logarithms the distance of each end from the middle adds up in quadrature over the estimates, each
  /// side by itself, as in Zou and Donner's method of variance estimates recovery (Statistics in Medicine
  /// 27(10), 2008); no samples are needed. The coverage is the lowest among `estimates`, the count the sum.
  ///
  /// - Returns: `nil` when there is no estimate or an interval is not positive and finite.
  public static func geometricMean(of estimates: [Estimate]) -> Estimate? {
    guard let coverage = estimates.map(\.coverage).min(),
      estimates.allSatisfy({ $0.low > 0 && $0.high.isFinite })
    else { return nil }
    func meanOfLogarithms(_ part: (Estimate) -> Double) -> Double {
      estimates.reduce(0) { $0 + log(part($1)) } / Double(estimates.count)
    }
    func quadratureOfDistances(_ end: (Estimate) -> Double) -> Double {
      let squares = estimates.reduce(0) { sum, estimate in
        let distance = log(end(estimate) / estimate.median)
        return sum + distance * distance
      }
      return squares.squareRoot() / Double(estimates.count)
    }
    let middle = meanOfLogarithms(\.median)
    return Estimate(
      median: exp(middle), low: exp(middle - quadratureOfDistances(\.low)),
      high: exp(middle + quadratureOfDistances(\.high)), coverage: coverage,
      count: estimates.reduce(0) { $0 + $1.count })
  }
}
