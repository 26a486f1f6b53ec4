import Bench

/// Keeps the points of a run in the store. What prevents that is said once, and the run goes on.
final class RunRecorder {
  /// Whether something could not be kept.
  private(set) var hasFailed = false

  private let options: StoreOptions
  private var store: ResultStore?
  private var run: Int?
  private var kind = RunKind.bench
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

  /// Before the first point: keeps the run's circumstances.
  ///
  /// - Parameters:
  ///   - kind: What makes it.
  ///   - keys: Of all its points, in the order of its plan.
  ///   - complete: Of those that an earlier part of the run has.
  func begin(
    _ kind: RunKind, points keys: [String], complete: Set<String> = [], context: RunContext,
    warnings: [String]
  ) {
    self.kind = kind
    positions = Dictionary(zip(keys, 0...)) { first, _ in first }
    missingPoints = Set(keys).subtracting(complete)
    guard let store else { return }
    attempt {
      if let run {
        try store.setWarnings(warnings, of: run)
      } else {
        run = try store.begin(
          kind, arguments: Program.arguments, plannedPoints: positions.count, context: context,
          warnings: warnings)
      }
    }
  }

  /// Keeps a point, at its place in the plan.
  ///
  /// - Parameter beforeWarning: Called if it cannot be kept, before that is said.
  func record(_ point: StoredPoint, beforeWarning: () -> Void = {}) {
    if point.isComplete { missingPoints.remove(point.key) }
    guard let store, let run else { return }
    var placed = point
    placed.position = positions[point.key] ?? positions.count
    attempt(beforeWarning: beforeWarning) { try store.record(placed, in: run) }
  }

  /// After the results: says which run they are, and how to go on with one that was interrupted.
  func tellWhereKept() {
    guard store != nil, let run else { return }
    let storeOption = options.store.map { " --store \($0)" } ?? ""
    StandardError.writeLine(
      missingPoints.isEmpty || kind != .bench
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
