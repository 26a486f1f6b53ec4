import Foundation
import Testing

@testable import Bench

@Suite struct StatisticsTests {
  @Test(arguments: [([3], 3), ([4, 1], 2.5), ([9, 1, 5], 5), ([8, 1, 2, 3], 2.5)] as [([Double], Double)])
  func medianOfSmallSamples(samples: [Double], expected: Double) {
    #expect(median(of: samples) == expected)
  }

  @Test func medianOfHugeValuesDoesNotOverflow() {
    #expect(median(of: [1e308, 1.5e308]) == 1.25e308)
  }

  @Test(arguments: [[], [Double.nan], [1, .nan, 2], [1, .infinity]])
  func brokenSamplesHaveNoStatistics(samples: [Double]) {
    #expect(median(of: samples) == nil)
    #expect(Estimate(medianOf: samples) == nil)
    #expect(medianAbsoluteDeviation(of: samples) == nil)
    #expect(modifiedZScores(of: samples).isEmpty)
    #expect(outlierCount(in: samples) == 0)
    #expect(bootstrapInterval(of: samples, seed: 1) { $0.reduce(0, +) } == nil)
  }

  @Test(arguments: [(0.0, 1.0), (0.25, 1.75), (0.5, 2.5), (1.0, 4.0), (7.0, 4.0), (-1.0, 1.0)])
  func quantilesInterpolate(probability: Double, expected: Double) throws {
    #expect(try #require(SortedSamples([4, 2, 1, 3])).quantile(probability) == expected)
  }

  @Test func deviationAndScoresByHand() {
    // Median 2, absolute deviations 1 1 0 0 2 4 7, their median 1.
    let samples: [Double] = [1, 1, 2, 2, 4, 6, 9]
    #expect(medianAbsoluteDeviation(of: samples) == 1)
    #expect(modifiedZScores(of: samples)[6] == 0.6745 * 7)
    #expect(outlierCount(in: samples) == 1)
  }

  @Test func outliersAmongEqualSamples() {
    // MAD is 0, mean absolute deviation 0.9: the score is 9 / (1.253314 * 0.9), about 8.
    #expect(outlierCount(in: [5, 5, 5, 5, 5, 5, 5, 5, 5, 14]) == 1)
    #expect(outlierCount(in: [5, 5, 5]) == 0)
    #expect(outlierCount(in: [5]) == 0)
  }

  @Test func outliersBelowCountToo() {
    #expect(outlierCount(in: [10, 10.1, 9.9, 10.2, 9.8, 1]) == 1)
  }

  @Test func geometricMeanByHand() throws {
    #expect(abs(try #require(geometricMean(of: [1, 2, 4])) - 2) < 1e-15)
    #expect(abs(try #require(geometricMean(of: [1e300, 1e300, 1e300])) / 1e300 - 1) < 1e-12)
    #expect(geometricMean(of: [Double]()) == nil)
    #expect(geometricMean(of: [1, 0]) == nil)
    #expect(geometricMean(of: [1, -1]) == nil)
    #expect(geometricMean(of: [1, .nan]) == nil)
  }

  @Test func geometricMeanOfEstimatesNarrows() throws {
    let estimate = Estimate(median: 4, low: 2, high: 16, coverage: 0.96, count: 10)
    let four = try #require(Estimate.geometricMean(of: [estimate, estimate, estimate, estimate]))
    // Distances in log2 are 1 below and 2 above; four of them in quadrature, divided by four, halve them.
    #expect(abs(four.median - 4) < 1e-12)
    #expect(abs(log2(four.low) - 1.5) < 1e-12)
    #expect(abs(log2(four.high) - 3) < 1e-12)
    #expect(four.coverage == 0.96)
    #expect(four.count == 40)

    var touchingZero = estimate
    touchingZero.low = 0
    #expect(Estimate.geometricMean(of: [estimate, touchingZero]) == nil)
    #expect(Estimate.geometricMean(of: []) == nil)
  }

  @Test(arguments: [
    (0.5, 0.0), (0.975, 1.959963984540054), (0.025, -1.959963984540054), (0.8413447460685429, 1.0),
  ])
  func normalQuantiles(probability: Double, expected: Double) {
    #expect(abs(NormalDistribution.quantile(probability) - expected) < 1e-12)
    #expect(abs(NormalDistribution.cumulative(expected) - probability) < 1e-15)
  }

  @Test func normalQuantileAtTheEnds() {
    #expect(NormalDistribution.quantile(0) == -.infinity)
    #expect(NormalDistribution.quantile(1) == .infinity)
  }
}
