/// Several plans measured one after another as one run: on one machine, with one progress.
struct BenchSeries {
  private let machine: any BenchMachine
  private let source: any WeightSource
  private let isCancelled: () -> Bool
  private let onProgress: (BenchProgress) -> Void
  private var done: BenchProgress

  /// - Parameters:
  ///   - pointCount: Points of all plans together, as far as they are known.
  ///   - machine: Threads, memory, probes.
  ///   - source: The weights.
  ///   - isCancelled: True once the user wants to stop; what is measured by then is kept.
  ///   - onProgress: Told where the run stands.
  init(
    pointCount: Int, machine: any BenchMachine, source: any WeightSource,
    isCancelled: @escaping () -> Bool, onProgress: @escaping (BenchProgress) -> Void
  ) {
    self.machine = machine
    self.source = source
    self.isCancelled = isCancelled
    self.onProgress = onProgress
    done = BenchProgress(completedPoints: 0, totalPoints: pointCount, activity: "", elapsedSeconds: 0)
  }

  /// Points that turned out to be needed besides.
  mutating func expect(pointCount: Int) { done.totalPoints += pointCount }

  /// Time spent on plans so far.
  var elapsedSeconds: Double { done.elapsedSeconds }

  /// Work between the plans.
  mutating func report(_ activity: String) {
    done.activity = activity
    onProgress(done)
  }

  /// Measures a plan.
  ///
  /// - Parameter record: Called with each measurement as soon as it is there, in the order in which they end.
  /// - Returns: The measurements in the order of the plan.
  /// - Throws: What weights, memory or threads throw.
  @discardableResult
  mutating func measure(
    _ plan: BenchPlan, record: (Measurement) -> Void = { _ in }
  ) throws -> [Measurement] {
    var measurements: [Measurement] = []
    let before = done
    var latest = done
    try BenchRunner(
      plan: plan, machine: machine, source: source, isCancelled: isCancelled,
      onProgress: { [onProgress] progress in
        latest.completedPoints = before.completedPoints + progress.completedPoints
        latest.elapsedSeconds = before.elapsedSeconds + progress.elapsedSeconds
        latest.activity = progress.activity
        onProgress(latest)
      }
    ).run {
      measurements.append($0)
      record($0)
    }
    done = latest
    return plan.inOrder(measurements)
  }

  /// Replaces the measurements of some shapes of a plan by new ones.
  ///
  /// - Parameter shapes: As out-features and in-features; a plan that has none of them measures nothing.
  mutating func measureAgain(
    _ shapes: Set<[Int]>, of plan: BenchPlan, _ measurements: [Measurement]
  ) throws -> [Measurement] {
    var again = plan
    again.shapes = plan.shapes.filter { shapes.contains([$0.outFeatures, $0.inFeatures]) }
    guard !again.shapes.isEmpty, !isCancelled() else { return measurements }
    expect(pointCount: again.pointCount)
    let new = Dictionary(grouping: try measure(again), by: \.point)
    return measurements.map { old in
      new[old.point]?.first { $0.status != .measured || $0.operatorLatency != nil } ?? old
    }
  }
}
