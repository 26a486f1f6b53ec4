import KernelZoo

/// Plans run one after the other on one machine, with one progress over all of them.
struct PlanSequence {
  private let machine: any BenchMachine
  private let seed: UInt64
  private let isCancelled: () -> Bool
  private let onProgress: (BenchProgress) -> Void
  private var done: BenchProgress

  /// - Parameters:
  ///   - totalPoints: Points of all plans.
  ///   - machine: Threads, memory, probes.
  ///   - seed: Of the weights.
  ///   - isCancelled: True once the user wants to stop; what is measured by then is kept.
  ///   - onProgress: Told where the sequence stands.
  init(
    totalPoints: Int, machine: any BenchMachine, seed: UInt64, isCancelled: @escaping () -> Bool,
    onProgress: @escaping (BenchProgress) -> Void
  ) {
    self.machine = machine
    self.seed = seed
    self.isCancelled = isCancelled
    self.onProgress = onProgress
    done = BenchProgress(completedPoints: 0, totalPoints: totalPoints, activity: "", elapsedSeconds: 0)
  }

  /// Seconds spent on measuring so far.
  var elapsedSeconds: Double { done.elapsedSeconds }

  /// Reports an activity that measures no point.
  mutating func report(_ activity: String) {
    done.activity = activity
    onProgress(done)
  }

  /// Measures a plan on Gaussian weights.
  ///
  /// - Throws: What weights, memory or threads throw.
  mutating func measure(_ plan: BenchPlan) throws -> [Measurement] {
    var measurements: [Measurement] = []
    let before = done
    var latest = done
    try BenchRunner(
      plan: plan, machine: machine, source: GaussianWeightSource(seed: seed), isCancelled: isCancelled,
      onProgress: { [onProgress] progress in
        latest.completedPoints = before.completedPoints + progress.completedPoints
        latest.elapsedSeconds = before.elapsedSeconds + progress.elapsedSeconds
        latest.activity = progress.activity
        onProgress(latest)
      }
    ).run { measurements.append($0) }
    done = latest
    return measurements
  }

  /// Replaces the measurements of some shapes, given as out-features and in-features, by new ones.
  ///
  /// - Throws: What weights, memory or threads throw.
  mutating func measureAgain(
    _ shapes: Set<[Int]>, of plan: BenchPlan, _ measurements: [Measurement]
  ) throws -> [Measurement] {
    var again = plan
    again.shapes = plan.shapes.filter { shapes.contains([$0.outFeatures, $0.inFeatures]) }
    guard !again.shapes.isEmpty, !isCancelled() else { return measurements }
    done.totalPoints += again.pointCount
    let new = Dictionary(grouping: try measure(again), by: \.point)
    return measurements.map { old in
      new[old.point]?.first { $0.status != .measured || $0.operatorLatency != nil } ?? old
    }
  }
}
