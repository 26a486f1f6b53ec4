/// The pair of order statistics that encloses the true median with a known probability.
///
/// The number of samples below the true median is binomial with p = 1/2 whatever the distribution, so the
/// interval from the r-th smallest to the r-th largest of n samples covers it with probability
/// 1 - 2 P(Binomial(n, 1/2) <= r - 1) (David and Nagaraja, Order Statistics, 3rd edition, section 7.1). For
/// discrete distributions the coverage is at least that. No assumption of normality is made: latencies are
/// skewed and have several modes.
struct MedianInterval: Sendable, Equatable {
  /// Rank of the lower end, counted from 1 at the smallest sample; the upper end has the same rank from
  /// the largest.
  let rank: Int
  /// Probability of covering the true median.
  let coverage: Double

  /// The narrowest such interval that covers with at least `coverage`; the full range with what it does
  /// cover when `count` samples are too few (fewer than 6 for 95 %). Requires `count` of at least 1.
  init(count: Int, coverage wanted: Double) {
    var rank = 1
    var reached = 0.0
    var tail = 0.0
    for (belowCount, probability) in Self.lowerHalfOfBinomial(count) {
      tail += probability
      let coverage = 1 - 2 * tail
      guard belowCount == 0 || coverage >= wanted else { break }
      rank = belowCount + 1
      reached = coverage
    }
    self.rank = rank
    self.coverage = max(reached, 0)
  }

  /// P(Binomial(n, 1/2) = k) for ascending k up to (n - 1) / 2.
  ///
  /// Built outwards from the centre by the ratio of neighbours, which neither underflows nor needs
  /// factorials, and left out where it cannot change a sum any more: about 9 sqrt(n) terms.
  private static func lowerHalfOfBinomial(_ count: Int) -> [(belowCount: Int, probability: Double)] {
    let centre = count / 2
    var descending: [(belowCount: Int, probability: Double)] = []
    var weight = 1.0
    var belowCount = centre
    while belowCount >= 0, weight > 1e-20 {
      descending.append((belowCount, weight))
      weight *= Double(belowCount) / Double(count - belowCount + 1)
      belowCount -= 1
    }
    var total = 2 * descending.reduce(0) { $0 + $1.probability }
    if count.isMultiple(of: 2) {
      // The centre has no mirror image and no place in the lower half.
      total -= 1
      descending.removeFirst()
    }
    return descending.reversed().map { ($0.belowCount, $0.probability / total) }
  }
}

extension Estimate {
  /// The median of `samples` with its distribution-free interval from order statistics.
  ///
  /// When `coverage` cannot be reached with so few samples, the interval is their full range and
  /// ``Estimate/coverage`` says what that covers: 0 for one sample, 0.5 for two, 0.9375 for five.
  ///
  /// - Returns: `nil` when there is no sample or one is not finite.
  public init?(medianOf samples: some Sequence<Double>, coverage: Double = standardCoverage) {
    guard let sorted = SortedSamples(samples) else { return nil }
    let interval = MedianInterval(count: sorted.count, coverage: coverage)
    self.init(
      median: sorted.median, low: sorted.values[interval.rank - 1],
      high: sorted.values[sorted.count - interval.rank], coverage: interval.coverage, count: sorted.count)
  }
}
