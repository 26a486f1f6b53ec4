import Testing

@testable import Accelerator

@Suite struct AnalyticalBenchmarkTests {
  /// That it measures, not how fast: speed is for `bitlab simulate --benchmark`.
  @Test func measuresBothRates() throws {
    var chips = RandomChips(seed: 1)
    let benchmark = try AnalyticalBenchmark(
      chips: [try chips.chip(), try chips.chip()],
      sizes: [MatmulSize(tokens: 1, inFeatures: 64, outFeatures: 96)],
      duration: .milliseconds(1))
    #expect(benchmark.fixedTilingPointsPerSecond > 0)
    #expect(benchmark.searchPointsPerSecond > 0)
    let nothing = try AnalyticalBenchmark(chips: [], sizes: [], duration: .milliseconds(1))
    #expect(nothing.searchPointsPerSecond == 0)
  }
}
