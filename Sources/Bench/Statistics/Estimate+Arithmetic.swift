extension Estimate {
  /// The sum of independent estimates, each taken a number of times.
  ///
  /// The distance of each end from the middle adds up in quadrature, each side by itself, as in
  /// ``geometricMean(of:)``. The coverage is the lowest, the count the sum.
  ///
  /// - Returns: `nil` when there is nothing to add.
  public static func sum(of terms: [(estimate: Estimate, times: Double)]) -> Estimate? {
    guard let coverage = terms.map(\.estimate.coverage).min() else { return nil }
    func quadratureOfDistances(_ end: (Estimate) -> Double) -> Double {
      terms.reduce(0) { sum, term in
        let distance = (end(term.estimate) - term.estimate.median) * term.times
        return sum + distance * distance
      }.squareRoot()
    }
    let middle = terms.reduce(0) { $0 + $1.estimate.median * $1.times }
    return Estimate(
      median: middle, low: middle - quadratureOfDistances(\.low),
      high: middle + quadratureOfDistances(\.high), coverage: coverage,
      count: terms.reduce(0) { $0 + $1.estimate.count })
  }

  /// This quantity divided by an independent one, on the logarithms as in ``geometricMean(of:)``.
  ///
  /// - Returns: `nil` when an interval is not positive and finite.
  public func divided(by divisor: Estimate) -> Estimate? {
    guard let reciprocal = divisor.dividing(1),
      let root = Estimate.geometricMean(of: [self, reciprocal])
    else { return nil }
    return Estimate(
      median: root.median * root.median, low: root.low * root.low, high: root.high * root.high,
      coverage: root.coverage, count: root.count)
  }
}
