import KernelZoo
import Machine

/// Measures what the targets need, each shape visited once for all kernels, batches and team sizes.
public struct TargetRunner {
  /// Seconds and samples a point may take; the large shapes take their three samples all the same. Twelve shapes
  /// with some forty points each leave no more within five minutes, of which the probes of every round take a part.
  private static let secondsAPoint = 0.1
  private static let samplesAPoint = 41
  /// The batch sizes of the curve: all small ones, then the tiles' multiples with some that leave a remainder.
  private static let batches = Array(1...16) + [24, 32, 33, 48, 64, 96, 128, 129, 192, 256, 384, 512]
  private static let batchShape = BenchShape(model: "7B", outFeatures: 4096, inFeatures: 4096)
  /// Ternary weights of the first lie in second-level caches of 2 MiB, of the second in the last level.
  private static let hotShapes = [
    BenchShape(model: "2B4T", outFeatures: 2560, inFeatures: 2560),
    BenchShape(model: "2B4T", outFeatures: 6912, inFeatures: 2560),
  ]

  private let list: TargetList
  private let threads: [Int]
  private let machine: any BenchMachine
  private let seed: UInt64
  private let isCancelled: () -> Bool
  private let onProgress: (BenchProgress) -> Void

  /// - Parameters:
  ///   - list: What is to be reached.
  ///   - threads: Team sizes.
  ///   - machine: Threads, memory, probes.
  ///   - seed: Of weights, activations and order.
  ///   - isCancelled: True once the user wants to stop; what is measured by then is kept.
  ///   - onProgress: Told where the run stands.
  public init(
    list: TargetList, threads: [Int], machine: any BenchMachine, seed: UInt64,
    isCancelled: @escaping () -> Bool = { false }, onProgress: @escaping (BenchProgress) -> Void = { _ in }
  ) {
    self.list = list
    self.threads = threads
    self.machine = machine
    self.seed = seed
    self.isCancelled = isCancelled
    self.onProgress = onProgress
  }

  /// Every target's kernels on every shape.
  public var layers: BenchPlan {
    let names = Set(list.targets.flatMap(\.kernels)).union(list.ternary.map(\.name))
    var plan = plan(
      shapes: list.shapes, tokens: Set(list.targets.map(\.tokens)).sorted(),
      threads: threads, kernels: KernelRegistry.all.filter { names.contains($0.name) })
    let targets = list.targets
    let ternary = Set(list.ternary)
    let vectorLevel = list.vectorLevel
    plan.takesPart = { kernel, conditions in
      let isTarget = targets.contains {
        $0.tokens == conditions.tokens && $0.threads == conditions.threads && $0.kernels.contains(kernel.name)
      }
      // The packings are shown at both phases, whichever kernel a target is about.
      let isPhase = conditions.tokens == 1 && ternary.contains(kernel) && kernel.level == vectorLevel
      return isTarget || isPhase
    }
    return plan
  }

  /// The ternary kernels over the batch, on all CPUs.
  public var curve: BenchPlan {
    plan(
      shapes: [Self.batchShape], tokens: Self.batches, threads: [threads.max() ?? 1], kernels: list.ternary)
  }

  /// Every family for one token on one core, with weights in a cache.
  public var hot: BenchPlan {
    plan(shapes: Self.hotShapes, tokens: [1], threads: [1], caches: [.hot], kernels: list.families)
  }

  private func plan(
    shapes: [BenchShape], tokens: [Int], threads: [Int], caches: [MeasurementPoint.Cache] = [.cold],
    kernels: [Kernel]
  ) -> BenchPlan {
    BenchPlan(
      shapes: shapes, tokens: tokens, threads: threads, caches: caches, kernels: kernels, baseline: nil,
      seed: seed,
      stop: AdaptiveStop(
        targetRelativeHalfWidth: 0.01, minimumSamples: 7, maximumSamples: Self.samplesAPoint,
        timeCap: .seconds(Self.secondsAPoint)))
  }

  /// What a run measured.
  public struct Outcome: Sendable {
    /// Every target's kernels on every shape.
    public var layers: [Measurement]
    /// The ternary kernels over the batch.
    public var batches: [Measurement]
    /// All families with weights in a cache.
    public var cached: [Measurement]
    /// The fastest of each, held against its own instructions.
    public var hot: [HotRow]

    /// Shapes measured once more, because the probes found somebody else at work.
    public var disturbedShapes: Int

    /// An outcome with every part given.
    public init(
      layers: [Measurement], batches: [Measurement], cached: [Measurement], hot: [HotRow],
      disturbedShapes: Int = 0
    ) {
      self.layers = layers
      self.batches = batches
      self.cached = cached
      self.hot = hot
      self.disturbedShapes = disturbedShapes
    }
  }

  /// Measures all plans.
  ///
  /// - Throws: What weights, memory or threads throw.
  public func run() throws -> Outcome {
    let plans = [layers, curve, hot]
    var series = BenchSeries(
      pointCount: plans.reduce(0) { $0 + $1.pointCount }, machine: machine,
      source: GaussianWeightSource(seed: seed), isCancelled: isCancelled, onProgress: onProgress)
    let ratesBefore = try rates()
    var measurements = try plans.map { try series.measure($0) }
    let disturbed = Disturbance.shapes(of: measurements[0])
    measurements[0] = try series.measureAgain(disturbed, of: plans[0], measurements[0])
    let rows = try HotRow.rows(
      of: measurements[2], probe: machine.probe, rates: ratesBefore.best(with: rates()), seed: seed
    ) { kernel in
      series.report("counting the instructions of \(kernel)")
    }
    return Outcome(
      layers: measurements[0], batches: measurements[1], cached: measurements[2], hot: rows,
      disturbedShapes: disturbed.count)
  }

  private func rates() throws -> InstructionRates {
    let instructionSet = list.instructionSet
    return try machine.keepingCallerPinned(to: machine.team(threads: 1)) {
      InstructionRates.measure(isa: instructionSet.rawValue)
    }
  }
}
