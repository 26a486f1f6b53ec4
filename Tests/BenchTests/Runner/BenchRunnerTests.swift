import CKernels
import KernelZoo
import Testing

@testable import Bench

@Suite struct BenchRunnerTests {
  let machine = FakeMachine()
  let baseline = KernelRegistry.kernel(named: "float-fp16-scalar")
  let reference = KernelRegistry.kernel(named: "reference-i8-scalar")

  private func plan(
    kernels: [Kernel], baseline: Kernel,
    shapes: [BenchShape] = [BenchShape(outFeatures: 67, inFeatures: 129)],
    tokens: [Int] = [1], caches: [MeasurementPoint.Cache] = [.cold]
  ) -> BenchPlan {
    BenchPlan(
      shapes: shapes, tokens: tokens, threads: [1], caches: caches, kernels: kernels, baseline: baseline,
      seed: 9,
      stop: AdaptiveStop(minimumSamples: 8, maximumSamples: 50, timeCap: .seconds(1)))
  }

  private func run(_ plan: BenchPlan, isCancelled: @escaping () -> Bool = { false }) throws -> [Measurement] {
    var measurements: [Measurement] = []
    try BenchRunner(
      plan: plan, machine: machine, source: GaussianWeightSource(seed: 9), clock: machine.clock,
      isCancelled: isCancelled
    ).run { measurements.append($0) }
    return measurements
  }

  @Test func measuresEveryKernelOfTheZoo() throws {
    let baseline = try #require(baseline)
    let kernels = KernelRegistry.available(on: .ofThisCPU)
    let measurements = try run(
      plan(kernels: kernels, baseline: baseline, tokens: [1, 5], caches: [.cold, .hot]))
    #expect(measurements.count == kernels.count * 4)
    for measurement in measurements {
      #expect(measurement.status == .measured, "\(measurement.point.kernel)")
      #expect(measurement.speedupOverFP16 != nil)
      #expect(measurement.packedBytes != nil && measurement.operations != nil)
    }
  }

  @Test(arguments: [1, 2, 7])
  func catchesAKernelWithOneWrongEntry(tokens: Int) throws {
    let broken = try #require(BrokenKernel.lastEntryOff)
    let baseline = try #require(baseline)
    let reference = try #require(reference)
    let measurements = try run(plan(kernels: [broken, reference], baseline: baseline, tokens: [tokens]))
    #expect(measurements.count == 3)
    guard case .wrong(let message) = measurements[0].status else {
      Issue.record("the broken kernel passed: \(measurements[0].status)")
      return
    }
    #expect(message.hasPrefix("token \(tokens - 1), out-feature 66: "))
    #expect(measurements[0].operatorLatency == nil, "a wrong kernel must not be timed")
    #expect(measurements[1].status == .measured)
    #expect(measurements[2].status == .measured)
  }

  @Test func withoutARightBaselineNothingIsTimed() throws {
    let baseline = try #require(baseline)
    let index = try #require(
      (0..<bl_kernel_total()).first { String(cString: bl_kernel_at($0)!.pointee.name) == baseline.name })
    let silent = BrokenKernel.silent(bl_kernel_at(index)!.pointee)
    let reference = try #require(reference)
    let measurements = try run(plan(kernels: [reference], baseline: silent))
    guard case .skipped = measurements[0].status, case .wrong = measurements[1].status else {
      Issue.record("\(measurements.map(\.status))")
      return
    }
  }

  /// With a clock that moves alike at every look, every call takes the same time.
  @Test func stopsWhenPreciseAndPairsWithTheBaseline() throws {
    let baseline = try #require(baseline)
    let reference = try #require(reference)
    let measurement = try #require(try run(plan(kernels: [reference], baseline: baseline)).first)
    #expect(measurement.stopReason == .precision)
    let latency = try #require(measurement.operatorLatency)
    #expect(latency.count == 8)
    #expect(abs(latency.median - machine.tick) < 1e-9)
    #expect(abs((measurement.speedupOverFP16?.median ?? 0) - 1) < 1e-9)
    // 67 x 192 packed bytes at 10 GB/s against 67 x 129 MACs at 100 GMAC/s: memory binds.
    #expect(measurement.roofline?.kind == .dramRead)
    let share = Double(67 * 192) / 10e9 / machine.tick
    #expect(abs((measurement.rooflineShare?.median ?? 0) / share - 1) < 1e-6)
    #expect(measurement.counters["PAPI_TOT_CYC"] == 100)
    #expect(measurement.energyJoules == nil)
    #expect(machine.startedWorkers == 16)
  }

  @Test func stopsAtTheTimeCapWithAFewSamples() throws {
    machine.tick = 0.7
    let baseline = try #require(baseline)
    let reference = try #require(reference)
    let measurement = try #require(try run(plan(kernels: [reference], baseline: baseline)).first)
    #expect(measurement.stopReason == .timeCap)
    #expect(measurement.operatorLatency?.count == 3)
  }

  @Test func keepsWhatWasMeasuredWhenInterrupted() throws {
    let baseline = try #require(baseline)
    let reference = try #require(reference)
    var looks = 0
    let shapes = [BenchShape(outFeatures: 8, inFeatures: 8), BenchShape(outFeatures: 9, inFeatures: 9)]
    let measurements = try run(plan(kernels: [reference], baseline: baseline, shapes: shapes)) {
      looks += 1
      return looks > 40
    }
    let first = try #require(measurements.first)
    #expect(first.point.outFeatures == 8)
    #expect(first.status == .measured)
    #expect(measurements.count < 4 || measurements.last?.stopReason == .interrupted)
  }

  /// Between two groups the same weights are verified again: what was streamed before must not count, however
  /// many copies were not used yet. Each group's first call lacks what its first probe (128 MiB) did not stream.
  @Test func everyGroupOfColdRoundsStartsFromDRAM() throws {
    let baseline = try #require(baseline)
    let reference = try #require(reference)
    machine.lastLevelCacheBytes = 64 << 20
    _ = try run(plan(kernels: [reference], baseline: baseline, tokens: [1, 2]))
    let probeBytes = 128 << 20
    #expect(machine.streamRequests.filter { $0 != probeBytes }.isEmpty)
    // 8 rounds in each of two groups, each with its probe, and one eviction in each group.
    #expect(machine.streamRequests.count == 2 * (8 + 1))
  }

  /// Of one shape nothing is missing, of the other one kernel: only that is measured, paired with the baseline.
  @Test func aPlanLeavesOutWhatIsAlreadyMeasured() throws {
    let baseline = try #require(baseline)
    let reference = try #require(reference)
    let other = try #require(KernelRegistry.kernel(named: "mad-i2s-scalar"))
    let shapes = [BenchShape(outFeatures: 8, inFeatures: 8), BenchShape(outFeatures: 9, inFeatures: 9)]
    var plan = plan(kernels: [reference, other], baseline: baseline, shapes: shapes)
    let missing = try #require(
      plan.points.first { $0.outFeatures == 9 && $0.kernel == other.name })
    plan.alreadyMeasured = Set(plan.points).subtracting([missing])
    #expect(plan.pointCount == 2)
    let measurements = try run(plan)
    #expect(measurements.map(\.point) == [missing])
    #expect(measurements.first?.speedupOverFP16 != nil)
    plan.alreadyMeasured.insert(missing)
    #expect(plan.pointCount == 0)
    #expect(try run(plan).isEmpty)
  }

  @Test func measurementsCarryTheirSamplesAndRegainThePlansOrder() throws {
    let baseline = try #require(baseline)
    let reference = try #require(reference)
    let plan = plan(kernels: [reference], baseline: baseline, tokens: [1, 2])
    let measurements = try run(plan)
    for measurement in measurements {
      let samples = try #require(measurement.samples)
      #expect(samples.operatorSeconds.count == measurement.operatorLatency?.count)
      #expect(samples.multiplySeconds.count == samples.operatorSeconds.count)
      #expect(median(of: samples.speedupsOverFP16) == measurement.speedupOverFP16?.median)
    }
    #expect(plan.inOrder(measurements.reversed()).map(\.point) == plan.points)
  }

  /// A user who stops before the baseline is verified has not shown it to be wrong.
  @Test func whatIsInterruptedIsNotComplete() throws {
    let baseline = try #require(baseline)
    let reference = try #require(reference)
    for limit in 1...12 {
      var looks = 0
      let measurements = try run(plan(kernels: [reference], baseline: baseline)) {
        looks += 1
        return looks > limit
      }
      #expect(measurements.allSatisfy { !$0.isComplete }, "interrupted at look \(limit)")
    }
  }

  @Test func hotWeightsAreHeldAgainstTheCacheTheyFit() throws {
    let baseline = try #require(baseline)
    let reference = try #require(reference)
    let measurement = try #require(
      try run(plan(kernels: [reference], baseline: baseline, caches: [.hot])).first)
    #expect(measurement.roofline?.kind == .l2Read)
  }
}

@Suite struct ColdWeightsTests {
  private func weights(copies: Int) throws -> ColdWeights {
    let kernel = try #require(KernelRegistry.kernel(named: "reference-i8-scalar"))
    let shape = BenchShape(outFeatures: 4, inFeatures: 4)
    let matrix = try ShapeWeights(shape: shape, source: GaussianWeightSource(seed: 1)).matrix(for: .ternary)
    return ColdWeights(
      copies: try (0..<copies).map { _ in try PackedWeights(matrix, packing: kernel.packing) })
  }

  @Test func rotatesAndAsksForTheMissingDistance() throws {
    let cold = try weights(copies: 2)
    #expect(cold.coldest(streamed: 1000, distance: 1000).missingBytes == 0)
    #expect(cold.coldest(streamed: 1000, distance: 1000).index == 0)
    cold.used(0, streamed: 1000)
    #expect(cold.coldest(streamed: 1200, distance: 1000).index == 1)
    cold.used(1, streamed: 1200)
    let next = cold.coldest(streamed: 1300, distance: 1000)
    #expect(next.index == 0)
    #expect(next.missingBytes == 700)
  }

  @Test func nothingIsColdAfterItWasPackedOrVerified() throws {
    let cold = try weights(copies: 2)
    cold.allMayBeCached(streamed: 5000)
    #expect(cold.coldest(streamed: 5000, distance: 1000).missingBytes == 1000)
    #expect(cold.coldest(streamed: 6000, distance: 1000).missingBytes == 0)
  }

  @Test func copiesFillTheDistanceWithinMemory() {
    #expect(ColdWeights.copyCount(roundBytes: 100, distance: 401, memoryBytes: 10_000) == 5)
    #expect(ColdWeights.copyCount(roundBytes: 100, distance: 401, memoryBytes: 300) == 3)
    #expect(ColdWeights.copyCount(roundBytes: 1000, distance: 401, memoryBytes: 300) == 1)
    #expect(ColdWeights.copyCount(roundBytes: 0, distance: 401, memoryBytes: 300) == 1)
  }
}
