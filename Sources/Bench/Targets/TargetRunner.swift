import KernelZoo

/// Measures what the targets need, each shape visited once for all kernels, batches and team sizes.
public struct TargetRunner {
  /// Seconds and samples a point may take; the large shapes take their three samples all the same. Twelve shapes
  /// with some forty points each leave no more within five minutes, of which the probes of every round take a part.
  private static let secondsAPoint = 0.1
  private static let samplesAPoint = 41
  /// The batch sizes of the curve: all small ones, then the tiles' multiples with some that leave a remainder.
  private static let batches = Array(1...16) + [24, 32, 33, 48, 64, 96, 128, 129, 192, 256, 384, 512]
  private static let batchShape = BenchShape(model: "7B", outFeatures: 4096, inFeatures: 4096)

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
      shapes: TargetList.shapes, tokens: Set(list.targets.map(\.tokens)).sorted(),
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

  private func plan(shapes: [BenchShape], tokens: [Int], threads: [Int], kernels: [Kernel]) -> BenchPlan {
    BenchPlan(
      shapes: shapes, tokens: tokens, threads: threads, caches: [.cold], kernels: kernels, baseline: nil,
      seed: seed,
      stop: AdaptiveStop(
        targetRelativeHalfWidth: 0.01, minimumSamples: 7, maximumSamples: Self.samplesAPoint,
        timeCap: .seconds(Self.secondsAPoint)))
  }

  /// Measures all plans.
  ///
  /// - Returns: The measurements of each.
  /// - Throws: What weights, memory or threads throw.
  public func run() throws -> (layers: [Measurement], batches: [Measurement]) {
    let plans = [layers, curve]
    let total = plans.reduce(0) { $0 + $1.pointCount }
    var completed = 0
    var seconds = 0.0
    let measurements = try plans.map { plan in
      var measurements: [Measurement] = []
      var last = BenchProgress(completedPoints: 0, totalPoints: 0, activity: "", elapsedSeconds: 0)
      let (before, secondsBefore) = (completed, seconds)
      try BenchRunner(
        plan: plan, machine: machine, source: GaussianWeightSource(seed: seed), isCancelled: isCancelled,
        onProgress: { progress in
          last = progress
          onProgress(
            BenchProgress(
              completedPoints: before + progress.completedPoints, totalPoints: total,
              activity: progress.activity, elapsedSeconds: secondsBefore + progress.elapsedSeconds))
        }
      ).run { measurements.append($0) }
      completed += plan.pointCount
      seconds += last.elapsedSeconds
      return measurements
    }
    return (measurements[0], measurements[1])
  }
}
