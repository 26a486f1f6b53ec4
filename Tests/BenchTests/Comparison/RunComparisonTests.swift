import Foundation
import Ternary
import Testing

@testable import Bench

/// Comparisons of made-up runs of which the truth is known.
@Suite struct RunComparisonTests {
  /// A point with lognormal samples around a median, and FP16 in the same rounds ten times as slow.
  private static func measurement(
    _ kernel: String, median: Double, spread: Double = 0.02, count: Int = 40, drift: Double = 1,
    using generator: inout SeededGenerator
  ) -> Measurement {
    var point = ResultsTests.point
    point.kernel = kernel
    let samples = (0..<count).map { _ in median * drift * exp(spread * standardNormal(&generator)) }
    let baseline = (0..<count).map { _ in 1e-3 * drift * exp(spread * standardNormal(&generator)) }
    let ratios = zip(baseline, samples).map { $0 / $1 }
    return Measurement(
      point: point, status: .measured, operatorLatency: Estimate(medianOf: samples),
      multiplyLatency: Estimate(medianOf: samples.map { $0 * 0.9 }),
      speedupOverFP16: Estimate(medianOf: ratios),
      baselineKernel: "float-fp16-avx512",
      samples: MeasurementSamples(
        operatorSeconds: samples, multiplySeconds: samples.map { $0 * 0.9 }, speedupsOverFP16: ratios))
  }

  private static func side(
    _ label: String, _ measurements: [Measurement], context: RunContext = ResultsTests.context
  ) -> RunComparison.Side {
    .init(label: label, results: BenchResults(context: context, measurements: measurements))
  }

  private static func withoutSamples(_ measurements: [Measurement]) -> [Measurement] {
    measurements.map {
      var measurement = $0
      measurement.samples = nil
      return measurement
    }
  }

  /// Fifty pairs of runs for each true ratio. A truth at the threshold itself must be left open.
  @Test(arguments: [
    (1.0, PointComparison.Verdict.same), (1.10, .slower), (0.90, .faster), (1.05, .slower), (1.02, .unsure),
  ])
  func verdictsFollowTheTruth(ratio: Double, expected: PointComparison.Verdict) throws {
    var generator = SeededGenerator(seed: 5)
    var counts: [PointComparison.Verdict: Int] = [:]
    for _ in 0..<50 {
      let a = Self.measurement("k", median: 1e-4, using: &generator)
      let b = Self.measurement("k", median: 1e-4 * ratio, using: &generator)
      let comparison = RunComparison(Self.side("A", [a]), Self.side("B", [b]), threshold: 0.02)
      counts[try #require(comparison.points.first?.verdict), default: 0] += 1
    }
    #expect(counts[expected, default: 0] >= 40, "\(counts)")
    let opposite: PointComparison.Verdict = ratio > 1 ? .faster : .slower
    #expect(counts[opposite, default: 0] == 0, "\(counts)")
    // What is claimed beside the truth is so in 2.5 % at most; 6 of 50 are four standard deviations above that.
    let others = 50 - counts[expected, default: 0] - counts[.unsure, default: 0]
    #expect(others <= 6 || expected == .unsure && others <= 12, "\(counts)")
  }

  @Test func theIntervalCoversTheTrueRatio() throws {
    var generator = SeededGenerator(seed: 6)
    var covered = 0
    for _ in 0..<200 {
      let a = (0..<25).map { _ in 2 * exp(0.1 * standardNormal(&generator)) }
      let b = (0..<30).map { _ in 3 * exp(0.1 * standardNormal(&generator)) }
      let ratio = try #require(Estimate(ratioOfMedians: b, to: a, resamples: 300, seed: 1))
      #expect(ratio.low <= ratio.median && ratio.median <= ratio.high)
      if ratio.low <= 1.5, 1.5 <= ratio.high { covered += 1 }
    }
    // Four standard deviations below the 190 that 95 % are.
    #expect(covered >= 178, "\(covered) of 200")
  }

  @Test func equalSeedsGiveEqualIntervals() {
    let samples = (1...20).map(Double.init)
    let ratio = Estimate(ratioOfMedians: samples, to: samples, seed: 3)
    #expect(ratio?.median == 1)
    #expect(ratio == Estimate(ratioOfMedians: samples, to: samples, seed: 3))
    #expect(Estimate(ratioOfMedians: [1, 2, 3, 4, 5], to: samples, seed: 3) == nil)
    #expect(Estimate(ratioOfMedians: samples, to: [0] + samples, seed: 3) == nil)
  }

  @Test func fewSamplesDecideNothing() throws {
    var generator = SeededGenerator(seed: 7)
    let a = Self.measurement("k", median: 1, count: 5, using: &generator)
    let b = Self.measurement("k", median: 2, count: 5, using: &generator)
    let point = try #require(
      RunComparison(Self.side("A", [a]), Self.side("B", [b]), threshold: 0.02).points.first)
    #expect(point.verdict == .unsure)
    #expect(try #require(point.timeRatio).coverage < 0.95)
  }

  /// A slower clock in the second run: times show it, pairs with FP16 do not.
  @Test func pairsWithFP16CancelDrift() throws {
    var generator = SeededGenerator(seed: 8)
    let kernels = ["a", "b", "c"]
    let first = kernels.map { Self.measurement($0, median: 1e-4, using: &generator) }
    let second = kernels.map { Self.measurement($0, median: 1e-4, drift: 1.2, using: &generator) }
    let byTime = RunComparison(Self.side("A", first), Self.side("B", second), threshold: 0.05)
    #expect(byTime.points.allSatisfy { $0.verdict == .slower })
    #expect(abs(try #require(byTime.overall).median - 1.2) < 0.02)
    let byFP16 = RunComparison(Self.side("A", first), Self.side("B", second), by: .fp16, threshold: 0.05)
    #expect(byFP16.points.allSatisfy { $0.verdict == .same })
    #expect(abs(try #require(byFP16.overall).median - 1) < 0.02)
  }

  /// Points that other programs disturbed are judged by nobody; a speed-up is also disturbed by its FP16.
  @Test func whatOthersDisturbedIsLeftOpen() throws {
    var generator = SeededGenerator(seed: 12)
    var (a, b) = (
      Self.measurement("k", median: 1, using: &generator), Self.measurement("k", median: 2, using: &generator)
    )
    var fp16 = Self.measurement("float-fp16-avx512", median: 10, using: &generator)
    func verdicts(_ quantity: ComparedQuantity) -> [PointComparison.Verdict?] {
      RunComparison(Self.side("A", [a, fp16]), Self.side("B", [b, fp16]), by: quantity, threshold: 0.02)
        .points.map(\.verdict)
    }
    a.preemptedCount = 13
    #expect(verdicts(.latency) == [.slower, .same])
    fp16.preemptedCount = 14
    #expect(verdicts(.latency) == [.slower, .unsure])
    #expect(verdicts(.fp16) == [.unsure, nil])
    fp16.preemptedCount = 0
    #expect(verdicts(.fp16) == [.slower, nil])
    b.preemptedCount = 14
    #expect(verdicts(.latency) == [.unsure, .same])
  }

  /// Twice the speed-up is half the time.
  @Test func speedsAreTurnedIntoTimes() throws {
    var generator = SeededGenerator(seed: 9)
    let a = Self.measurement("k", median: 2e-4, using: &generator)
    let b = Self.measurement("k", median: 1e-4, using: &generator)
    for (first, second) in [([a], [b]), (Self.withoutSamples([a]), Self.withoutSamples([b]))] {
      let comparison = RunComparison(
        Self.side("A", first), Self.side("B", second), by: .fp16, threshold: 0.02)
      let point = try #require(comparison.points.first)
      #expect(point.verdict == .faster)
      #expect(abs(try #require(point.timeRatio).median - 0.5) < 0.02)
    }
  }

  @Test func withoutSamplesTheIntervalsDecide() throws {
    var generator = SeededGenerator(seed: 10)
    let a = ["k", "l"].map { Self.measurement($0, median: 1, using: &generator) }
    let b = zip(["k", "l"], [1.5, 1]).map { Self.measurement($0, median: $1, using: &generator) }
    let full = RunComparison(Self.side("A", a), Self.side("B", b), threshold: 0.05)
    let bare = RunComparison(Self.side("A", Self.withoutSamples(a)), Self.side("B", b), threshold: 0.05)
    #expect(bare.a.lacksSamples && !bare.b.lacksSamples)
    #expect(
      bare.points.map(\.verdict) == [.slower, .same] && full.points.map(\.verdict) == [.slower, .same])
    #expect(bare.points.allSatisfy { $0.pValue == nil } && full.points.allSatisfy { $0.pValue != nil })
    for (with, without) in zip(full.points, bare.points) {
      let (narrow, wide) = (try #require(with.timeRatio), try #require(without.timeRatio))
      #expect(narrow.median == wide.median)
      // The two methods agree on the width, within the luck of the draw.
      #expect((0.5...2).contains((wide.high - wide.low) / (narrow.high - narrow.low)))
    }
  }

  @Test func pointsThatCannotBeComparedSayWhy() throws {
    var generator = SeededGenerator(seed: 11)
    var wrong = Self.measurement("wrong", median: 1, using: &generator)
    wrong.status = .wrong("token 0, row 17")
    let common = Self.measurement("common", median: 1, using: &generator)
    var right = common
    right.point.kernel = "wrong"
    var old = common
    old.point.kernel = "old"
    var new = common
    new.point.kernel = "new"
    let comparison = RunComparison(
      Self.side("A", [old, right, common]), Self.side("B", [common, wrong, new]), threshold: 0.02)
    #expect(comparison.points.map(\.point.kernel) == ["old", "wrong", "common", "new"])
    #expect(
      comparison.points.map(\.obstacle) == [
        .onlyInA, .unmeasured("wrong in B (token 0, row 17)"), nil, .onlyInB,
      ])
    #expect(comparison.points.map(\.verdict) == [nil, nil, .same, nil])
    #expect(comparison.overall?.median == 1)
  }

  @Test func circumstancesThatMayExplainADifference() {
    var other = ResultsTests.context
    other.date = "2026-01-01T00:00:00Z"
    other.loadAverage = 3
    other.commandLine = "bitlab bench --seed 1"
    #expect(ContextDifference.all(between: ResultsTests.context, other).isEmpty)
    other.governor = "powersave"
    other.gitCommit = "ffff"
    let differences = ContextDifference.all(between: ResultsTests.context, other)
    #expect(differences.map(\.column) == ["git_commit", "governor"])
    #expect(differences.map(\.partsRuns) == [true, false])
    #expect(differences[1].a == .missing && differences[1].b == .text("powersave"))
  }
}
