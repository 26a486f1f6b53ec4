import KernelZoo
import Machine
import Ternary

/// Runs a plan: packs, verifies, measures, shape by shape, and hands on each measurement as soon as it is there.
public struct BenchRunner {
  private let plan: BenchPlan
  private let machine: any BenchMachine
  private let source: any WeightSource
  private let clock: () -> Double
  private let isCancelled: () -> Bool
  private let onProgress: (BenchProgress) -> Void

  /// - Parameters:
  ///   - plan: What to measure.
  ///   - machine: Threads, memory, probes.
  ///   - source: The weights.
  ///   - clock: Monotonic seconds.
  ///   - isCancelled: True once the user wants to stop; what is measured by then is kept.
  ///   - onProgress: Told where the run stands.
  public init(
    plan: BenchPlan, machine: any BenchMachine, source: any WeightSource,
    clock: @escaping () -> Double = { Double(monotonicNanoseconds()) * 1e-9 },
    isCancelled: @escaping () -> Bool = { false },
    onProgress: @escaping (BenchProgress) -> Void = { _ in }
  ) {
    self.plan = plan
    self.machine = machine
    self.source = source
    self.clock = clock
    self.isCancelled = isCancelled
    self.onProgress = onProgress
  }

  /// Measures every point of the plan.
  ///
  /// - Parameter record: Called with each measurement as soon as it is there, wrong and skipped ones included; those
  ///   of one matmul come in the order in which they end, which ``BenchPlan/inOrder(_:)`` undoes.
  /// - Throws: What weights, memory or threads throw.
  public func run(record: (Measurement) -> Void) throws {
    var progress = ProgressState(total: plan.pointCount, begin: clock())
    var streamedBytes = 0
    for shape in plan.shapes where !isCancelled() && !kernelsToCall(on: shape).isEmpty {
      report(&progress, "quantising \(shape.outFeatures)x\(shape.inFeatures)")
      let weights = try ShapeWeights(shape: shape, source: source)
      let packed = try pack(weights, &progress)
      for tokens in plan.tokens where !isCancelled() {
        let x = try GaussianWeights(
          rows: tokens, columns: shape.inFeatures, standardDeviation: 1, seed: plan.seed &+ 1
        ).matrix()
        let verifier = KernelVerifier(weights: weights, x: x, tokens: tokens, seed: plan.seed &+ 2)
        for threads in plan.threads where !isCancelled() {
          let group = Group(shape: shape, tokens: tokens, threads: threads)
          let team = try machine.team(threads: threads)
          try machine.keepingCallerPinned(to: team) {
            try measure(
              group, team, weights: weights, packed: packed, x: x, verifier: verifier,
              streamedBytes: &streamedBytes, progress: &progress, record: record)
          }
        }
      }
    }
  }

  private struct Group {
    let shape: BenchShape
    let tokens: Int
    let threads: Int

    func conditions(_ cache: MeasurementPoint.Cache) -> BenchPlan.Conditions {
      .init(tokens: tokens, threads: threads, cache: cache)
    }
  }

  /// The kernels that are called on a shape under some conditions.
  private func kernelsToCall(on shape: BenchShape) -> [Kernel] {
    let called = Set(plan.conditions.flatMap { plan.kernelsToCall(on: shape, under: $0) })
    return plan.kernels.filter(called.contains)
  }

  private struct ProgressState {
    let total: Int
    let begin: Double
    var completed = 0
  }

  private func report(_ progress: inout ProgressState, _ activity: String) {
    onProgress(
      BenchProgress(
        completedPoints: progress.completed, totalPoints: progress.total, activity: activity,
        elapsedSeconds: clock() - progress.begin))
  }

  // MARK: - Packing

  /// Packs the shape once for every packing, in as many copies as keep them cold.
  private func pack(_ weights: ShapeWeights, _ progress: inout ProgressState) throws -> [Packing: ColdWeights]
  {
    let team = try machine.team(threads: plan.threads.max() ?? 1)
    var originals: [Packing: PackedWeights] = [:]
    for kernel in kernelsToCall(on: weights.shape) where originals[kernel.packing] == nil && !isCancelled() {
      let packing = kernel.packing
      report(&progress, "packing \(weights.shape.outFeatures)x\(weights.shape.inFeatures) as \(packing.name)")
      originals[packing] = try PackedWeights(
        weights.matrix(for: packing.weightKind), packing: packing, team: team, allocate: machine.allocate)
    }
    let copies =
      plan.caches.contains(.cold)
      ? ColdWeights.copyCount(
        roundBytes: originals.values.reduce(0) { $0 + $1.byteCount },
        distance: ColdWeights.distanceInCaches * machine.probe.lastLevelCacheBytes,
        memoryBytes: machine.weightMemoryBytes)
      : 1
    return try originals.mapValues { original in
      let others = try (1..<copies).map { _ in
        try PackedWeights(copying: original, allocate: machine.allocate)
      }
      return ColdWeights(copies: [original] + others)
    }
  }

  // MARK: - Measuring

  private func measure(
    _ group: Group, _ team: any WorkerTeam, weights: ShapeWeights, packed: [Packing: ColdWeights], x: [Float],
    verifier: KernelVerifier,
    streamedBytes: inout Int, progress: inout ProgressState, record: (Measurement) -> Void
  ) throws {
    let y = AlignedBuffer(byteCount: group.tokens * group.shape.outFeatures * MemoryLayout<Float>.stride)
    let results = y.baseAddress.bindMemory(to: Float.self, capacity: group.tokens * group.shape.outFeatures)
    let place =
      "\(group.shape.outFeatures)x\(group.shape.inFeatures), M=\(group.tokens), \(group.threads) threads"
    for cache in plan.caches where !isCancelled() {
      let kernels = plan.kernelsToCall(on: group.shape, under: group.conditions(cache))
      guard !kernels.isEmpty else { continue }
      report(&progress, "verifying \(place)")
      var candidates: [Candidate] = []
      for kernel in kernels where !isCancelled() {
        guard let cold = packed[kernel.packing] else { continue }
        let candidate = Candidate(
          kernel: kernel,
          linear: try LinearOperator(
            kernel: kernel, weights: cold.first, tokens: group.tokens, workers: group.threads),
          cold: cold, zeroShare: weights.zeroShare(for: kernel.packing.weightKind))
        if let mismatch = try verifier.mismatch(of: candidate.linear, y: results, team: team) {
          candidate.state = .wrong(mismatch.description)
        }
        candidates.append(candidate)
      }
      x.withUnsafeBufferPointer { x in
        measureRounds(
          candidates, RoundRunner.Conditions(team: team, cache: cache, x: x, y: results), place,
          streamedBytes: &streamedBytes, progress: &progress
        ) { candidate, readRate in
          let measurement = measurement(of: candidate, group, cache: cache, readRate: readRate)
          if !plan.alreadyMeasured.contains(measurement.point) { record(measurement) }
        }
      }
    }
  }

  /// Times the candidates that are right, if the baseline is or none is wanted.
  ///
  /// - Parameter onEnd: Told of each candidate as soon as nothing more is measured of it, which for the baseline is
  ///   last, and of the read bandwidth by then.
  private func measureRounds(
    _ candidates: [Candidate], _ conditions: RoundRunner.Conditions, _ place: String,
    streamedBytes: inout Int, progress: inout ProgressState,
    onEnd: (_ candidate: Candidate, _ readRate: Double?) -> Void
  ) {
    let verified = candidates.filter(\.isActive)
    let baseline = verified.first { $0.kernel == plan.baseline }
    if let wanted = plan.baseline, baseline == nil {
      for candidate in verified {
        candidate.state =
          isCancelled()
          ? .stopped(.interrupted)
          : .skipped("the baseline \(wanted.name) is not available to pair it with")
      }
    }
    for candidate in candidates where !candidate.isActive {
      progress.completed += 1
      onEnd(candidate, nil)
    }
    let rounds = RoundRunner(
      candidates: candidates.filter(\.isActive), baseline: baseline, conditions: conditions, machine: machine,
      rule: plan.stop, seed: plan.seed &+ 3, streamedBytes: streamedBytes, clock: clock)
    let activity = "measuring \(place), \(conditions.cache.rawValue)"
    report(&progress, activity)
    streamedBytes = rounds.run(isCancelled: isCancelled) { candidate in
      progress.completed += 1
      report(&progress, activity)
      if candidate !== baseline { onEnd(candidate, rounds.medianReadRate) }
    }
    if let baseline { onEnd(baseline, rounds.medianReadRate) }
  }

  private func measurement(
    of candidate: Candidate, _ group: Group, cache: MeasurementPoint.Cache, readRate: Double?
  ) -> Measurement {
    let kernel = candidate.kernel
    let weights = candidate.linear.weights
    let point = MeasurementPoint(
      kernel: kernel, shape: group.shape, conditions: group.conditions(cache))
    let cost = kernel.cost(
      tokens: group.tokens, outFeatures: group.shape.outFeatures, inFeatures: group.shape.inFeatures,
      weights: weights)
    var measurement = Measurement(
      point: point, status: .measured, packedBytes: weights.byteCount, bitsPerWeight: weights.bitsPerWeight,
      zeroShare: candidate.zeroShare, baselineKernel: plan.baseline?.name,
      readBandwidthProbeBytesPerSecond: readRate, operations: OperationCounts(cost))
    switch candidate.state {
    case .wrong(let message): measurement.status = .wrong(message)
    case .skipped(let message): measurement.status = .skipped(message)
    case .active: measurement.status = .skipped("interrupted before its first sample")
    case .stopped(let reason):
      measurement.stopReason = reason
      if candidate.operatorSeconds.isEmpty {
        measurement.status = .skipped("interrupted before its first sample")
      }
    }
    measurement.fill(from: candidate, coverage: plan.stop.coverage)
    return measurement
  }
}

extension Measurement {
  /// The figures of a candidate's samples; missing where there are none.
  fileprivate mutating func fill(from candidate: Candidate, coverage: Double) {
    operatorLatency = Estimate(medianOf: candidate.operatorSeconds, coverage: coverage)
    multiplyLatency = Estimate(medianOf: candidate.multiplySeconds, coverage: coverage)
    guard !candidate.operatorSeconds.isEmpty else { return }
    samples = MeasurementSamples(
      operatorSeconds: candidate.operatorSeconds, multiplySeconds: candidate.multiplySeconds,
      speedupsOverFP16: speedups(over: candidate.baselineSeconds, latencies: candidate.operatorSeconds) ?? [])
    outlierCount = Bench.outlierCount(in: candidate.operatorSeconds)
    preemptedCount = candidate.preemptedCount
    speedupOverFP16 = Estimate(
      speedupOver: candidate.baselineSeconds, latencies: candidate.operatorSeconds, coverage: coverage)
    rooflineShare = Estimate(medianOf: candidate.rooflineShares, coverage: coverage)
    // The roof of the median round: rounds differ in rate, seldom in kind.
    roofline =
      candidate.rooflines.sorted { $0.boundSeconds < $1.boundSeconds }[
        safe: candidate.rooflines.count / 2]
    let calls = Double(candidate.countedCalls)
    if calls > 0 {
      counters = candidate.reading.counters.mapValues { $0 / calls }
      countersMultiplexed = candidate.reading.isMultiplexed
      energyJoules = candidate.reading.energyJoules.map { $0 / calls }
    }
  }
}

extension OperationCounts {
  /// The operations of a kernel's cost.
  init(_ cost: OperationCost) {
    self.init(
      adds: cost.adds, multiplies: cost.multiplies, tableReads: cost.tableReads,
      tableWrites: cost.tableWrites,
      popcounts: cost.popcounts, logicOperations: cost.logicOperations)
  }
}

extension Array {
  fileprivate subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
