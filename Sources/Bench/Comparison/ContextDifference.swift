/// A circumstance in which two runs differ.
public struct ContextDifference: Sendable, Hashable {
  /// Name of the context's column.
  public var column: String
  /// Its value in the first run.
  public var a: ColumnValue
  /// Its value in the second.
  public var b: ColumnValue

  /// What tells two runs of the same command apart, and the load, which is never twice the same.
  private static let alwaysDifferent: Set = ["date", "command_line", "load_average"]

  /// All differences between two contexts that may explain a difference in speed, in the order of the columns.
  public static func all(between a: RunContext, _ b: RunContext) -> [ContextDifference] {
    ContextColumns.all.filter { !alwaysDifferent.contains($0.name) }
      .map { ContextDifference(column: $0.name, a: $0.value(a), b: $0.value(b)) }
      .filter { $0.a != $0.b }
  }

  /// Whether points measured under both are no longer points of one run: another machine, another program, other
  /// weights. What is unknown on one side is no difference.
  public var partsRuns: Bool {
    let parting: Set = [
      "bitlab_version", "git_commit", "build_type", "compiler", "cpu_model", "usable_isa", "logical_cpus",
      "seed",
      "weights_source",
    ]
    return parting.contains(column) && a != .missing && b != .missing
  }
}
