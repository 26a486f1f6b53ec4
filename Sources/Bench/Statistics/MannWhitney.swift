/// The Mann-Whitney U test: whether values of one sample tend to be larger than those of another, with no
/// assumption on the shape of either (Mann and Whitney, Annals of Mathematical Statistics 18, 1947).
///
/// It takes the samples as independent; those of one run are so only as far as the machine does not drift.
public struct MannWhitney: Sendable, Hashable {
  /// Pairs in which the value of the first sample is the larger one, ties counted half.
  public let u: Double
  /// Probability of a U at least this far from its mean if both samples come from one distribution.
  public let pValue: Double

  /// Up to so many values together the distribution is counted out, ties included.
  private static let mostExactly = 40

  /// Tests two samples.
  ///
  /// - Returns: `nil` when one is empty or holds a value that is not finite.
  public init?(_ first: [Double], _ second: [Double]) {
    guard !first.isEmpty, !second.isEmpty, (first + second).allSatisfy(\.isFinite) else { return nil }
    let ranks = DoubledRanks(first, second)
    let count = first.count
    u = Double(ranks.sumOfFirst - count * (count + 1)) / 2
    pValue =
      first.count + second.count <= Self.mostExactly
      ? ranks.exactPValue() : ranks.normalPValue(pairs: Double(first.count) * Double(second.count), u: u)
  }
}

/// The ranks of two samples together, doubled, so that the mean rank of an even number of ties is whole.
private struct DoubledRanks {
  /// Of all values in ascending order.
  let all: [Int]
  let countOfFirst: Int
  let sumOfFirst: Int
  /// How many values are equal, for each value that occurs.
  let ties: [Int]

  init(_ first: [Double], _ second: [Double]) {
    let values =
      (first.map { (value: $0, isFirst: true) } + second.map { (value: $0, isFirst: false) })
      .sorted { $0.value < $1.value }
    var all: [Int] = []
    var ties: [Int] = []
    var sum = 0
    var begin = 0
    while begin < values.count {
      let end = values[begin...].firstIndex { $0.value != values[begin].value } ?? values.count
      // Ranks begin + 1 to end have the mean (begin + 1 + end) / 2.
      let rank = begin + 1 + end
      all += Array(repeating: rank, count: end - begin)
      ties.append(end - begin)
      sum += rank * values[begin..<end].count(where: \.isFirst)
      begin = end
    }
    self.all = all
    self.ties = ties
    countOfFirst = first.count
    sumOfFirst = sum
  }

  /// Twice the rank sum of the first sample that chance gives on average.
  private var meanSum: Int { countOfFirst * (all.count + 1) }

  /// By the permutation distribution: of all ways to choose the first sample's ranks, the share whose sum is at least
  /// as far from the mean. Ways are counted by dynamic programming over the ranks, by how many are chosen and their
  /// sum; doubles hold the counts exactly.
  func exactPValue() -> Double {
    let largest = all.suffix(countOfFirst).reduce(0, +)
    var ways = Array(repeating: Array(repeating: 0.0, count: largest + 1), count: countOfFirst + 1)
    ways[0][0] = 1
    for (index, rank) in all.enumerated() {
      for chosen in stride(from: min(countOfFirst, index + 1), to: 0, by: -1) {
        for sum in rank...largest {
          ways[chosen][sum] += ways[chosen - 1][sum - rank]
        }
      }
    }
    let distance = abs(sumOfFirst - meanSum)
    var total = 0.0
    var extreme = 0.0
    for (sum, count) in ways[countOfFirst].enumerated() {
      total += count
      if abs(sum - meanSum) >= distance { extreme += count }
    }
    return extreme / total
  }

  /// By the normal approximation, with the variance corrected for ties and half a step for continuity (Lehmann,
  /// Nonparametrics, 1975, section 1.2).
  func normalPValue(pairs: Double, u: Double) -> Double {
    let count = Double(all.count)
    let tied = ties.reduce(0.0) { $0 + Double($1) * (Double($1) * Double($1) - 1) }
    let variance = pairs / 12 * (count + 1 - tied / (count * (count - 1)))
    guard variance > 0 else { return 1 }
    let distance = max(abs(u - pairs / 2) - 0.5, 0)
    return min(2 * NormalDistribution.cumulative(-distance / variance.squareRoot()), 1)
  }
}
