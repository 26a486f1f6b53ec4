import Testing

@testable import Bench

@Suite struct ResultsVerdictTests {
  /// A measured point whose interval is one percent wide on either side. FP16 takes 100 ms.
  private func measurement(
    _ kernel: String, milliseconds: Double, shape: (Int, Int) = (100, 200), weights: String = "ternary",
    activations: String = "int8", exact: Bool = true, tokens: Int = 1, threads: Int = 2,
    cache: MeasurementPoint.Cache = .cold, spread: Double = 0.01
  ) -> Measurement {
    func estimate(_ median: Double) -> Estimate {
      Estimate(
        median: median, low: median * (1 - spread), high: median * (1 + spread), coverage: 0.95, count: 20)
    }
    let point = MeasurementPoint(
      kernel: kernel, family: String(kernel.prefix { $0 != "-" }), packing: "p", weights: weights,
      activations: activations, exact: exact, isa: "scalar", tokens: tokens, inFeatures: shape.0,
      outFeatures: shape.1, threads: threads, cache: cache)
    return Measurement(
      point: point, status: .measured, operatorLatency: estimate(milliseconds / 1e3),
      speedupOverFP16: estimate(100 / milliseconds), baselineKernel: "float-fp16-avx2",
      roofline: Roofline(kind: .dramRead, ratePerSecond: 1e9, boundSeconds: 1e-3),
      rooflineShare: estimate(5 / milliseconds))
  }

  private func verdict(_ measurements: [Measurement]) -> Verdict {
    Verdict(
      BenchResults(
        context: RunContext(
          date: "", bitlabVersion: "", buildType: "", seed: 0, weightsSource: "", commandLine: ""),
        measurements: measurements))
  }

  @Test func fastestKernelOfEachFamilyStandsForIt() throws {
    let scenario = try #require(
      verdict([
        measurement("mad-i2s-avx2", milliseconds: 30), measurement("lut-t5-scalar", milliseconds: 90),
        measurement("lut-t5-avx2", milliseconds: 20),
      ]).scenarios.first)
    #expect(scenario.families.map(\.kernels) == [["lut-t5-avx2"], ["mad-i2s-avx2"]])
    #expect(scenario.baseline == nil)
  }

  @Test func onlyExactTernaryTimesInt8IsRanked() throws {
    let scenario = try #require(
      verdict([
        measurement("mad-i2s-avx2", milliseconds: 30),
        measurement(
          "float-fp16-avx2", milliseconds: 100, weights: "float", activations: "float", exact: false),
        measurement("popcount-planes-sign-avx2", milliseconds: 1, activations: "sign"),
        measurement("bitserial-planes-a4-avx2", milliseconds: 3, activations: "int4"),
        measurement("mad-b1-avx2", milliseconds: 2, weights: "binary"),
        measurement("int8-i8-avx2", milliseconds: 4, weights: "int8"),
      ]).scenarios.first)
    #expect(scenario.families.map(\.entrant.family) == ["mad"])
    #expect(scenario.different.map(\.entrant.family) == ["popcount", "mad", "bitserial"])
    #expect(scenario.baseline?.kernels == ["float-fp16-avx2"])
  }

  @Test func shapesCombineByGeometricMean() throws {
    let scenario = try #require(
      verdict([
        measurement("lut-t5-avx2", milliseconds: 10, shape: (1, 2)),
        measurement("mad-i2s-avx2", milliseconds: 20, shape: (1, 2)),
        measurement("lut-t5-avx2", milliseconds: 40, shape: (2, 1)),
        measurement("lut-tl2-avx2", milliseconds: 39, shape: (2, 1)),
        measurement("mad-i2s-avx2", milliseconds: 10, shape: (2, 1)),
      ]).scenarios.first)
    #expect(scenario.shapes.map { $0.families[0].entrant.family } == ["lut", "mad"])
    #expect(scenario.families.map(\.entrant.family) == ["mad", "lut"])
    let best = scenario.families[0]
    #expect(abs(best.latency.median - 0.2.squareRoot() * 0.1.squareRoot() / 10) < 1e-12)
    #expect(abs(try #require(best.speedupOverFP16).median - 50.0.squareRoot()) < 1e-12)
    #expect(scenario.families[1].kernels == ["lut-t5-avx2", "lut-tl2-avx2"])
    #expect(scenario.families[1].shapeCount == 2)
  }

  @Test func aFamilyThatLacksAShapeCannotWin() throws {
    let scenario = try #require(
      verdict([
        measurement("rsr-rsr-avx2", milliseconds: 1, shape: (1, 2)),
        measurement("mad-i2s-avx2", milliseconds: 20, shape: (1, 2)),
        measurement("mad-i2s-avx2", milliseconds: 10, shape: (2, 1)),
      ]).scenarios.first)
    #expect(scenario.families.map(\.entrant.family) == ["mad", "rsr"])
  }

  @Test func leadsWithinTheNoiseAreNotClear() throws {
    let scenario = try #require(
      verdict([
        measurement("lut-t5-avx2", milliseconds: 10), measurement("mad-i2s-avx2", milliseconds: 10.1),
        measurement("addsub-planes-avx2", milliseconds: 12),
      ]).scenarios.first)
    #expect(!scenario.families[0].isClearlyFaster(than: scenario.families[1]))
    #expect(scenario.families[0].isClearlyFaster(than: scenario.families[2]))
  }

  @Test func pairedSpeedupsDecideWhereLatenciesAreNoisy() throws {
    var fast = measurement("lut-t5-avx2", milliseconds: 10)
    var slow = measurement("mad-i2s-avx2", milliseconds: 11)
    fast.operatorLatency?.high *= 2
    slow.operatorLatency?.low /= 2
    let standings = try #require(verdict([fast, slow]).scenarios.first).families
    #expect(standings[0].isClearlyFaster(than: standings[1]))
    (fast.speedupOverFP16, slow.speedupOverFP16) = (nil, nil)
    let unpaired = try #require(verdict([fast, slow]).scenarios.first).families
    #expect(!unpaired[0].isClearlyFaster(than: unpaired[1]))
  }

  @Test func scenariosAreOrdered() {
    let scenarios = verdict([
      measurement("a-p-x", milliseconds: 1, tokens: 128), measurement("a-p-x", milliseconds: 1, cache: .hot),
      measurement("a-p-x", milliseconds: 1, threads: 1), measurement("a-p-x", milliseconds: 1),
    ]).scenarios.map(\.scenario)
    #expect(scenarios.map(\.tokens) == [1, 1, 1, 128])
    #expect(scenarios.map(\.threads) == [1, 2, 2, 2])
    #expect(scenarios.map(\.cache) == [.cold, .cold, .hot, .cold])
  }

  @Test func nothingMeasuredGivesNoScenario() {
    var wrong = measurement("a-p-x", milliseconds: 1)
    wrong.status = .wrong("everything")
    #expect(verdict([wrong]).scenarios.isEmpty)
    #expect(verdict([]).scenarios.isEmpty)
  }
}
