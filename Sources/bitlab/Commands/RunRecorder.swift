import Bench

/// Keeps the points of a bench run in the store. What prevents that is said once, and measuring goes on.
final class RunRecorder {
  /// Whether something could not be kept.
  private(set) var hasFailed = false

  private let options: StoreOptions
  private var store: ResultStore?
  private var run: Int?
  private var positions: [String: Int] = [:]
  private var missingPoints: Set<String> = []

  /// - Parameters:
  ///   - options: Which store.
  ///   - isWanted: False keeps nothing.
  ///   - earlier: The run that is gone on with; `nil` begins a new one.
  init(_ options: StoreOptions, isWanted: Bool, continuing earlier: EarlierRun?) {
    self.options = options
    if let earlier {
      store = earlier.store
      run = earlier.run.number
    } else if isWanted {
      attempt { store = try options.open(isCreated: true) }
    }
  }

  /// Before the first measurement: keeps the run's circumstances.
  func begin(_ plan: BenchPlan, _ results: BenchResults) {
    let points = plan.points
    positions = Dictionary(zip(points.map(\.key), 0...)) { first, _ in first }
    missingPoints = Set(points.filter { !plan.alreadyMeasured.contains($0) }.map(\.key))
    guard let store else { return }
    attempt {
      if let run {
        try store.setWarnings(results.warnings, of: run)
      } else {
        run = try store.begin(
          .bench, arguments: Program.arguments, plannedPoints: positions.count, context: results.context,
          warnings: results.warnings)
      }
    }
  }

  /// Keeps a measurement.
  ///
  /// - Parameter beforeWarning: Called if it cannot be kept, before that is said.
  func record(_ measurement: Measurement, beforeWarning: () -> Void) {
    let key = measurement.point.key
    if measurement.isComplete { missingPoints.remove(key) }
    guard let store, let run else { return }
    attempt(beforeWarning: beforeWarning) {
      try store.record(measurement, position: positions[key] ?? positions.count, in: run)
    }
  }

  /// After the results: says which run they are, and how to go on with one that was interrupted.
  func tellWhereKept() {
    guard store != nil, let run else { return }
    let storeOption = options.store.map { " --store \($0)" } ?? ""
    StandardError.writeLine(
      missingPoints.isEmpty
        ? "Kept as run \(run)."
        : "Kept as run \(run), which lacks \(missingPoints.count) of \(positions.count) points: "
          + "'bitlab bench --resume \(run)\(storeOption)' measures them.")
  }

  /// After a failure nothing more is kept, so that it is said once and does not hold up every further point.
  private func attempt(beforeWarning: () -> Void = {}, _ body: () throws -> Void) {
    do {
      try body()
    } catch {
      store = nil
      hasFailed = true
      beforeWarning()
      let what = run.map { "run \($0) keeps no further results, they are" } ?? "results are not kept,"
      StandardError.writeLine("Warning: \(what) only printed: \(error)")
    }
  }
}
