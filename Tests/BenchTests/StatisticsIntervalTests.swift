import Foundation
import Ternary
import Testing

@testable import Bench

@Suite struct StatisticsIntervalTests {
  /// Ranks and coverages from binomial tables: 1 - 2 P(B(n, 1/2) < rank).
  @Test(arguments: [
    (1, 1, 0.0), (2, 1, 0.5), (5, 1, 0.9375), (6, 1, 0.96875), (8, 1, 0.9921875), (9, 2, 0.9609375),
    (15, 4, 0.96484375), (20, 6, 0.9586105346679688),
  ])
  func ranksAreThoseOfTheBinomial(count: Int, rank: Int, coverage: Double) {
    let interval = MedianInterval(count: count, coverage: 0.95)
    #expect(interval.rank == rank)
    #expect(abs(interval.coverage - coverage) < 1e-12)
  }

  @Test(arguments: [1_000, 1_001, 100_000])
  func manySamplesFollowTheNormalApproximation(count: Int) {
    let interval = MedianInterval(count: count, coverage: 0.95)
    let expected = Double(count) / 2 - 1.959964 * Double(count).squareRoot() / 2
    #expect(abs(Double(interval.rank) - expected) <= 2)
    #expect(interval.coverage >= 0.95 && interval.coverage < 0.96)
  }

  @Test func tooFewSamplesGiveTheFullRangeAndSaySo() throws {
    let one = try #require(Estimate(medianOf: [7]))
    #expect(one == Estimate(median: 7, low: 7, high: 7, coverage: 0, count: 1))
    let two = try #require(Estimate(medianOf: [4, 2]))
    #expect(two == Estimate(median: 3, low: 2, high: 4, coverage: 0.5, count: 2))
  }

  @Test func nineSamplesByHand() throws {
    let estimate = try #require(Estimate(medianOf: [9, 1, 8, 2, 7, 3, 6, 4, 5]))
    #expect((estimate.median, estimate.low, estimate.high) == (5, 2, 8))
    #expect(estimate.relativeHalfWidth == 0.6)
  }

  /// 1000 draws of 15 lognormal samples with median 1: the interval, whose coverage is 0.9648, must hold 1 in
  /// about that share of them (four standard deviations are 0.023).
  @Test(arguments: [UInt64(1), 20_240_229])
  func medianIntervalCoversSkewedDistributions(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var covered = 0
    for _ in 0..<1_000 {
      let samples = (0..<15).map { _ in exp(standardNormal(&generator)) }
      let estimate = try #require(Estimate(medianOf: samples))
      if estimate.low <= 1, 1 <= estimate.high { covered += 1 }
    }
    #expect((942...988).contains(covered), "seed \(seed)")
  }

  /// The mean of 30 exponential samples: skewed, so BCa is closer to 95 % than the plain percentiles, and
  /// both are known to fall somewhat short at this size.
  @Test func bootstrapCoversTheMean() throws {
    var generator = SeededGenerator(seed: 3)
    var covered = 0
    for draw in 0..<100 {
      let samples = (0..<30).map { _ in -log(Double.random(in: 0x1p-53..<1, using: &generator)) }
      let interval = try #require(
        bootstrapInterval(of: samples, resamples: 150, seed: UInt64(draw)) { values in
          values.reduce(0, +) / Double(values.count)
        })
      if interval.contains(1) { covered += 1 }
    }
    #expect((85...100).contains(covered), "seed 3")
  }

  @Test func bootstrapRepeatsWithItsSeed() throws {
    let samples = [1.0, 2, 4, 8, 16, 32, 64]
    func interval(_ method: BootstrapMethod, _ seed: UInt64) -> ClosedRange<Double>? {
      bootstrapInterval(of: samples, method: method, resamples: 200, seed: seed) { values in
        values.reduce(0, +) / Double(values.count)
      }
    }
    #expect(interval(.percentile, 5) == interval(.percentile, 5))
    #expect(interval(.percentile, 5) != interval(.percentile, 6))
    let percentile = try #require(interval(.percentile, 5))
    let corrected = try #require(interval(.biasCorrectedAccelerated, 5))
    #expect(percentile.contains(127.0 / 7))
    // The long tail is to the right: BCa moves the interval that way.
    #expect(corrected.lowerBound > percentile.lowerBound)
    #expect(corrected.upperBound > percentile.upperBound)
  }

  @Test func bootstrapOfFewOrEqualSamplesIsAPoint() {
    #expect(bootstrapInterval(of: [3], resamples: 50, seed: 1) { $0[0] } == 3...3)
    #expect(bootstrapInterval(of: [2, 2, 2], resamples: 50, seed: 1) { $0[0] } == 2...2)
    #expect(bootstrapInterval(of: [1, 2], coverage: 1, seed: 1) { $0[0] } == nil)
    #expect(bootstrapInterval(of: [1, 2], resamples: 0, seed: 1) { $0[0] } == nil)
  }

  /// Both latencies drift by a factor of four over the run; their ratio of 2 does not.
  @Test func pairedRatioIgnoresDrift() throws {
    let drift = (0..<20).map { 1 + 0.15 * Double($0) }
    let estimate = try #require(Estimate(speedupOver: drift.map { 6 * $0 }, latencies: drift.map { 3 * $0 }))
    #expect(abs(estimate.median - 2) < 1e-12)
    #expect(estimate.relativeHalfWidth < 1e-12)
    #expect(estimate.count == 20)
  }

  @Test(
    arguments: [([1, 2], [1]), ([], []), ([1], [0]), ([-1], [1]), ([.nan], [1]), ([.infinity], [1])]
      as [([Double], [Double])])
  func brokenPairsHaveNoRatio(baseline: [Double], latencies: [Double]) {
    #expect(Estimate(speedupOver: baseline, latencies: latencies) == nil)
  }

  @Test func dividingSwapsTheEnds() {
    let latency = Estimate(median: 4, low: 2, high: 8, coverage: 0.95, count: 9)
    #expect(latency.dividing(2) == Estimate(median: 0.5, low: 0.25, high: 1, coverage: 0.95, count: 9))
    #expect(Estimate(median: 4, low: 0, high: 8, coverage: 0.95, count: 9).dividing(2) == nil)
  }

  @Test func clearDifferencesShareNothing() {
    func interval(_ low: Double, _ high: Double) -> Estimate {
      Estimate(median: (low + high) / 2, low: low, high: high, coverage: 0.95, count: 9)
    }
    #expect(interval(1, 2).isClear(of: interval(3, 4)))
    #expect(interval(3, 4).isClear(of: interval(1, 2)))
    #expect(!interval(1, 3).isClear(of: interval(3, 4)))
  }
}
