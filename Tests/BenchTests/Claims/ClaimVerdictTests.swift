import Testing
import Workloads

@testable import Bench

@Suite struct ClaimVerdictTests {
  /// A figure that is given.
  private struct GivenCheck: ClaimCheck {
    let method = ClaimMethod.measured
    func figure(from evidence: ClaimEvidence) throws -> ClaimFigure { ClaimFigure(1, basis: "given") }
  }

  private func verdict(
    _ published: Double, decimals: Int = 1, _ criterion: PublishedFigure.Criterion, ours: Double,
    interval: ClosedRange<Double>? = nil
  ) -> ClaimVerdict {
    let claim = Claim(
      "given", .latency, "a given figure",
      published: PublishedFigure(published, decimals: decimals, source: "arXiv 0", criterion: criterion),
      check: GivenCheck(), lower: "too low", higher: "too high")
    return ClaimResult(claim, ours: ClaimFigure(ours, interval: interval, basis: "")).verdict
  }

  @Test func printedDigitsMustBeTheSame() {
    #expect(verdict(71.4, .printed, ours: 71.43) == .reproduced)
    #expect(verdict(71.4, .printed, ours: 71.36) == .reproduced)
    #expect(verdict(0.258, decimals: 3, .printed, ours: 0.2577) == .reproduced)
    guard case .differs(let difference, "too high") = verdict(71.4, .printed, ours: 71.46) else {
      Issue.record("71.5 is not 71.4")
      return
    }
    #expect(abs(difference - (71.46 / 71.4 - 1)) < 1e-12)
  }

  @Test func sharesAreOfThePublishedFigure() {
    #expect(verdict(2, .within(0.1), ours: 2.19) == .reproduced)
    #expect(verdict(2, .within(0.1), ours: 1.81) == .reproduced)
    #expect(verdict(2, .within(0.1), ours: 1) == .differs(by: -0.5, reason: "too low"))
    #expect(verdict(2, .within(0.1), ours: 3) == .differs(by: 0.5, reason: "too high"))
  }

  @Test func advantagesAreAnythingAbove() {
    #expect(verdict(1, .above, ours: 1.01) == .reproduced)
    #expect(verdict(1, .above, ours: 0.5) == .differs(by: -0.5, reason: "too low"))
    #expect(verdict(1, .above, ours: 1) == .differs(by: 0, reason: "too high"))
  }

  @Test func wideIntervalsDecideNothing() {
    func isUndecided(_ verdict: ClaimVerdict) -> Bool {
      if case .untestable = verdict { true } else { false }
    }
    #expect(verdict(2, .within(0.1), ours: 2, interval: 1.8...2.2) == .reproduced)
    #expect(isUndecided(verdict(2, .within(0.1), ours: 2, interval: 1...4)))
    #expect(isUndecided(verdict(2, .within(0.1), ours: 3, interval: 2.1...4)))
    #expect(verdict(2, .within(0.1), ours: 3, interval: 2.9...3.1) == .differs(by: 0.5, reason: "too high"))
    #expect(verdict(1, .above, ours: 1.2, interval: 1.1...1.3) == .reproduced)
    #expect(isUndecided(verdict(1, .above, ours: 1.2, interval: 0.9...1.3)))
    #expect(verdict(1, .above, ours: 0.8, interval: 0.7...0.9) == .differs(by: 0.8 - 1, reason: "too low"))
  }
}

/// Figures that follow from shapes and tables alone: the same on every machine.
@Suite struct CalculatedClaimTests {
  private func results(_ names: String...) throws -> [String: ClaimResult] {
    let runner = try ClaimRunner(claims: ClaimCatalogue.claims(named: names), threads: 2)
    return Dictionary(uniqueKeysWithValues: try runner.results(from: []).map { ($0.id, $0) })
  }

  @Test func savingsAndEnergiesOfThePublicationsAreReproduced() throws {
    let results = try results("saving", "energy-2b4t")
    #expect(results.count == 8)
    #expect(results.values.allSatisfy { $0.verdict == .reproduced })
    #expect(results["saving-7nm"]?.ours?.basis.contains("24 bits") == true)
  }

  @Test func theEnergyRatioOfThe3BIsThatOfAnotherShape() throws {
    let results = try results("energy-size")
    for (id, result) in results where id != "energy-size-3b" {
      #expect(result.verdict == .reproduced, "\(id): \(String(describing: result.ours))")
    }
    let other = try #require(results["energy-size-3b"])
    guard case .differs(let difference, .some) = other.verdict else {
      Issue.record("\(other.verdict)")
      return
    }
    #expect(difference > 0.1)
    #expect(other.ours?.basis.hasSuffix("32 layers of 2560x6912 would give 21.8x") == true)
  }

  @Test func theMemoryOf2B4TIsThatOfItsInformation() throws {
    let results = try results("memory-2b4t")
    #expect(results["memory-2b4t-information"]?.verdict == .reproduced)
    let file = try #require(results["memory-2b4t-file"]?.ours)
    // 2 084 044 800 weights of 2 bits and 128256 x 2560 of 16.
    #expect(abs(file.value - (2_084_044_800.0 / 4 + 128_256.0 * 2560 * 2) * 1e-9) < 1e-9)
    guard case .differs = results["memory-2b4t-file"]?.verdict else {
      Issue.record("the file is no 0.4 GB")
      return
    }
  }

  /// A batch that would not fit must be seen to fail.
  @Test func theBatchOf176DoesNotFit() throws {
    let results = try results("throughput")
    guard case .differs(_, .some) = results["throughput-70b-batch"]?.verdict else {
      Issue.record("\(String(describing: results["throughput-70b-batch"]))")
      return
    }
    #expect(results["throughput-70b-tokens"]?.verdict == .reproduced)
  }

  @Test func chipsDecideEveryEquivalence() throws {
    let results = try results("equivalence").values.filter { $0.id.hasSuffix("-chip") }
    #expect(results.count == 15)
    #expect(results.allSatisfy { $0.ours != nil })
    #expect(results.contains { $0.verdict == .reproduced })
  }

  @Test func whatWasNotMeasuredIsNotTested() throws {
    let results = try results("equivalence", "latency", "memory").values.filter { $0.id.hasSuffix("-cpu") }
    #expect(!results.isEmpty)
    for result in results {
      guard case .untestable = result.verdict else {
        Issue.record("\(result.id): \(result.verdict)")
        continue
      }
    }
  }
}

/// Figures from measurements that are given.
@Suite struct MeasuredClaimTests {
  private let claims = ["equivalence-13b", "latency-3b", "memory-3b"]

  /// Every matrix as if memory brought so many bytes a second, the FP16 kernel half as many.
  private func measurements(of runner: ClaimRunner, joules: Double? = nil) throws -> [Measurement] {
    try runner.plan().plans.flatMap { plan in
      plan.shapes.flatMap { shape in
        plan.tokens.flatMap { tokens in
          plan.kernels(under: .init(tokens: tokens, threads: 2, cache: .cold)).map { kernel in
            let bytes = Double(shape.outFeatures * shape.inFeatures) * kernel.packing.bitsPerWeight / 8
            let seconds = bytes / (kernel.family == .float ? 5e9 : 10e9)
            return Measurement(
              point: MeasurementPoint(
                kernel: kernel.name, family: kernel.familyName, packing: kernel.packing.name,
                weights: "\(kernel.packing.weightKind)", activations: kernel.activationName, exact: true,
                isa: kernel.instructionSetName, tokens: tokens, inFeatures: shape.inFeatures,
                outFeatures: shape.outFeatures, threads: 2, cache: .cold), status: .measured,
              operatorLatency: Estimate(
                median: seconds, low: seconds * 0.99, high: seconds * 1.01, coverage: 0.95, count: 9),
              packedBytes: Int(bytes), energyJoules: joules.map { $0 * seconds })
          }
        }
      }
    }
  }

  @Test func latencyIsTheSumOfAllParts() throws {
    let runner = try ClaimRunner(claims: ClaimCatalogue.claims(named: claims), threads: 2)
    let results = try runner.results(from: measurements(of: runner))
    let model = try ModelCatalogue.builtIn().model(named: "3b")
    // LM head, and keys and values of 512 tokens, are FP16 on both sides.
    let rest = Double(model.embeddingParameters * 2 + 512 * model.keyValueCacheBytesPerToken()) / 5e9
    let float = model.linearBytes(bitsPerWeight: 16) / 5e9 + rest
    let ternary = model.linearBytes(bitsPerWeight: 1.6) / 10e9 + rest
    let latency = try #require(results.first { $0.id == "latency-3b-cpu" }?.ours)
    #expect(abs(latency.value / (float / ternary) - 1) < 1e-6)
    #expect(latency.interval?.contains(latency.value) == true)
    let memory = try #require(results.first { $0.id == "memory-3b-cpu" }?.ours)
    let besides = ModelPass(model, tokens: 1, context: 512).bytesBesidesLinears
    let expected =
      (model.linearBytes(bitsPerWeight: 16) + besides) / (model.linearBytes(bitsPerWeight: 1.6) + besides)
    #expect(abs(memory.value / expected - 1) < 1e-6)
  }

  @Test func energyNeedsAMeter() throws {
    let runner = try ClaimRunner(claims: ClaimCatalogue.claims(named: claims), threads: 2)
    let id = "equivalence-13b-energy-token-cpu"
    let without = try runner.results(from: measurements(of: runner)).first { $0.id == id }
    guard case .untestable(let reason) = without?.verdict else {
      Issue.record("\(String(describing: without))")
      return
    }
    #expect(reason.contains("RAPL"))
    let with = try runner.results(from: measurements(of: runner, joules: 30)).first { $0.id == id }
    // At equal power, FP16 3B at 5 GB/s over ternary 13B at 10 GB/s.
    let models = try ModelCatalogue.builtIn()
    let (small, large) = (try models.model(named: "3b"), try models.model(named: "13b"))
    let expected =
      small.linearBytes(bitsPerWeight: 16) / 5e9 / (large.linearBytes(bitsPerWeight: 1.6) / 10e9)
    #expect(abs((with?.ours?.value ?? 0) / expected - 1) < 1e-6)
    #expect(with?.verdict == .reproduced)
  }

  @Test func aWrongKernelLeavesTheClaimUntested() throws {
    let runner = try ClaimRunner(claims: ClaimCatalogue.claims(named: ["latency-3b"]), threads: 2)
    let broken = try measurements(of: runner).map { measurement in
      var broken = measurement
      if measurement.point.family == "float" { broken.status = .wrong("token 0") }
      return broken
    }
    let result = try runner.results(from: broken).first { $0.id == "latency-3b-cpu" }
    guard case .untestable(let reason) = result?.verdict else {
      Issue.record("\(String(describing: result))")
      return
    }
    #expect(reason.contains("a kernel was wrong"))
    let table = ClaimTable(
      results: [],
      context: RunContext(
        date: "", bitlabVersion: "", buildType: "", seed: 1, weightsSource: "", commandLine: ""),
      measurements: broken)
    #expect(table.warnings.isEmpty)
    #expect(table.wrong.count == broken.filter { $0.status.isWrong }.count && !table.wrong.isEmpty)
  }

  @Test func lostCPUTimeIsTold() throws {
    let runner = try ClaimRunner(claims: ClaimCatalogue.claims(named: ["latency-3b"]), threads: 2)
    var measurements = try measurements(of: runner)
    measurements[0].preemptedCount = 4
    measurements[1].preemptedCount = 3
    let table = ClaimTable(
      results: [],
      context: RunContext(
        date: "", bitlabVersion: "", buildType: "", seed: 1, weightsSource: "", commandLine: ""),
      warnings: ["another"], measurements: measurements)
    #expect(table.warnings.count == 2)
    #expect(table.warnings[1].contains("during 1 of \(measurements.count) measurements"))
  }

  @Test func aDisturbedFigureDecidesWithAWiderInterval() throws {
    let runner = try ClaimRunner(claims: ClaimCatalogue.claims(named: ["latency-3b"]), threads: 2)
    func figure(_ isDisturbed: (Measurement) -> Bool) throws -> ClaimFigure {
      let measurements = try measurements(of: runner).map { measurement in
        var disturbed = measurement
        if isDisturbed(measurement) { disturbed.preemptedCount = 9 }
        return disturbed
      }
      let result = try #require(
        try runner.results(from: measurements).first { $0.id == "latency-3b-cpu" })
      // Far enough from the published figure to differ all the same.
      guard case .differs = result.verdict else { throw ClaimUntestable(description: "\(result.verdict)") }
      return try #require(result.ours)
    }
    let quiet = try figure { _ in false }
    let narrow = try #require(quiet.interval)
    let disturbed = try figure { $0.point.outFeatures == 8640 }
    let wide = try #require(disturbed.interval)
    #expect(abs(wide.lowerBound - (narrow.lowerBound - 0.1 * quiet.value)) < 1e-9)
    #expect(abs(wide.upperBound - (narrow.upperBound + 0.1 * quiet.value)) < 1e-9)
    #expect(disturbed.basis.contains("other work took CPU time"))
    // A kernel that is not the fastest is no part of the figure.
    #expect(try figure { $0.point.packing == "i2s" }.interval == narrow)
  }
}
