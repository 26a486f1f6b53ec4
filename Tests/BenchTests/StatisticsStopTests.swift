import Testing

@testable import Bench

@Suite struct StatisticsStopTests {
  private let stop = AdaptiveStop(
    targetRelativeHalfWidth: 0.01, minimumSamples: 10, maximumSamples: 50, timeCap: .seconds(5))

  private func reason(_ samples: [Double], after elapsed: Duration = .seconds(1)) -> StopReason? {
    stop.reason(samples: samples, elapsed: elapsed)
  }

  /// Samples spread evenly over `spread` on either side of 1.
  private func samples(_ count: Int, spread: Double) -> [Double] {
    (0..<count).map { 1 + spread * (2 * Double($0) / Double(count - 1) - 1) }
  }

  @Test func narrowIntervalsStopForPrecision() {
    #expect(reason(samples(10, spread: 0.005)) == .precision)
    #expect(reason(samples(10, spread: 0.05)) == nil)
  }

  @Test func equalSamplesStillNeedTheMinimum() {
    #expect(reason(samples(9, spread: 0)) == nil)
    #expect(reason(samples(10, spread: 0)) == .precision)
  }

  @Test func tooFewForTheCoverageAreNeverPrecise() {
    let eager = AdaptiveStop(minimumSamples: 1, timeCap: .seconds(5))
    #expect(eager.reason(samples: [1, 1, 1, 1, 1], elapsed: .zero) == nil)
    #expect(eager.reason(samples: [1, 1, 1, 1, 1, 1], elapsed: .zero) == .precision)
  }

  @Test func timeRunsOut() {
    #expect(reason(samples(10, spread: 0.5), after: .milliseconds(4_999)) == nil)
    #expect(reason(samples(10, spread: 0.5), after: .seconds(5)) == .timeCap)
    #expect(reason([1, 2], after: .seconds(60)) == nil)
    #expect(reason([1, 2, 3], after: .seconds(5)) == .timeCap)
  }

  @Test func precisionIsNamedBeforeTheTimeCap() {
    #expect(reason(samples(10, spread: 0.001), after: .seconds(9)) == .precision)
  }

  @Test func samplesRunOut() {
    #expect(reason(samples(50, spread: 0.5)) == .maximumSamples)
  }

  @Test func brokenSamplesNeverCountAsPrecise() {
    #expect(reason(Array(repeating: .nan, count: 20)) == nil)
    #expect(reason(Array(repeating: 1, count: 20) + [.infinity], after: .seconds(6)) == .timeCap)
  }
}
