import ArgumentParser
import Bench

/// The run that `bench --resume` goes on with.
struct EarlierRun {
  let store: ResultStore
  let run: StoredRun
  let results: BenchResults
  private let command: BenchCommand

  /// - Throws: `StoreError` when there is no such run, `ResumeError` when its command is not understood.
  init(_ reference: RunReference, in store: ResultStore) throws {
    self.store = store
    run = try store.run(reference, kind: .bench)
    results = try store.results(of: run)
    guard let command = try? Bitlab.parseAsRoot(run.arguments) as? BenchCommand else {
      throw ResumeError(run: run, reason: "this bitlab does not understand its command")
    }
    self.command = command
  }

  /// The command with the options that decided what the run measures; how results are written is as typed now.
  ///
  /// - Throws: `ResumeError` when one was typed now that was not typed so then.
  func completing(_ typed: BenchCommand) throws -> BenchCommand {
    var completed = typed
    for option in PlanOption.all where !option.adopt(&completed, command) {
      throw ResumeError(run: run, reason: "--\(option.name) was not so then")
    }
    return completed
  }

  /// Takes what the run has out of the plan.
  ///
  /// - Throws: `ResumeError` when the run is of another plan.
  func leaveOutMeasured(of plan: inout BenchPlan) throws {
    let points = Set(plan.points)
    guard points.count == run.plannedPoints, points.isSuperset(of: results.measurements.map(\.point)) else {
      throw ResumeError(run: run, reason: "its command now stands for other points than then")
    }
    plan.alreadyMeasured = Set(results.measurements.filter(\.isComplete).map(\.point))
  }

  /// Gives new results the circumstances of the run.
  ///
  /// - Throws: `ResumeError` when the machine or the program is another one.
  func lendCircumstances(to new: inout BenchResults) throws {
    if let difference = ContextDifference.all(between: run.context, new.context).first(where: \.partsRuns) {
      throw ResumeError(
        run: run,
        reason: "its \(difference.column) was \(difference.a.plainText) and is now \(difference.b.plainText)")
    }
    new.context = run.context
    new.warnings = run.warnings + new.warnings.filter { !run.warnings.contains($0) }
  }

  /// What the run has of points that were not measured anew.
  func measurements(without new: [Measurement]) -> [Measurement] {
    let measured = Set(new.map(\.point))
    return results.measurements.filter { !measured.contains($0.point) }
  }
}

/// Why a run cannot be gone on with.
struct ResumeError: Error, CustomStringConvertible {
  let run: StoredRun
  let reason: String

  var description: String {
    "run \(run.number) ('\(run.context.commandLine)') cannot be resumed: \(reason); measure anew without --resume"
  }
}

/// An option of `bench` that decides what is measured.
struct PlanOption {
  let name: String
  /// Takes the option's value from the second command; false when the first has one of its own that differs.
  let adopt: (inout BenchCommand, BenchCommand) -> Bool

  static var all: [PlanOption] {
    typealias Default = BenchCommand.Default
    return [
      PlanOption("models", \.models, Default.models), PlanOption("shape", \.shape, absent: []),
      PlanOption("weights", \.weights), PlanOption("tensor", \.tensor),
      PlanOption("fused", \.fused, absent: false),
      PlanOption("tokens", \.tokens, Default.tokens), PlanOption("threads", \.threads),
      PlanOption("kernels", \.kernels), PlanOption("families", \.families),
      PlanOption("cache", \.cache, Default.cache), PlanOption("isa", \.isa),
      PlanOption("numa", \.numa, Default.numa),
      PlanOption("seed", \.seed, Default.seed), PlanOption("max-time", \.maxTime, Default.maxTime),
      PlanOption("precision", \.precision, Default.precision),
    ]
  }

  /// An option that stands for `standard` when it is not given.
  private init<Value: Equatable>(
    _ name: String, _ path: WritableKeyPath<BenchCommand, Value?>, _ standard: Value? = nil
  ) {
    self.name = name
    adopt = { command, earlier in
      let typed = command[keyPath: path]
      command[keyPath: path] = earlier[keyPath: path]
      return typed == nil || typed == earlier[keyPath: path] ?? standard
    }
  }

  /// An option that has the value `absent` when it is not given.
  private init<Value: Equatable>(
    _ name: String, _ path: WritableKeyPath<BenchCommand, Value>, absent: Value
  ) {
    self.name = name
    adopt = { command, earlier in
      let typed = command[keyPath: path]
      command[keyPath: path] = earlier[keyPath: path]
      return typed == absent || typed == earlier[keyPath: path]
    }
  }
}
