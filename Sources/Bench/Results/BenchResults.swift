/// All results of one run.
public struct BenchResults: Sendable, Hashable {
  /// The version of the record's layout that this code writes and reads.
  public static let currentSchema = 1

  /// The version of the layout.
  public var schema: Int
  /// The circumstances of the run.
  public var context: RunContext
  /// One record per point, in the order measured.
  public var measurements: [Measurement]
  /// What may have disturbed the run, each with its remedy in one sentence.
  public var warnings: [String]

  /// Creates results in the current schema.
  public init(context: RunContext, measurements: [Measurement], warnings: [String] = []) {
    schema = Self.currentSchema
    self.context = context
    self.measurements = measurements
    self.warnings = warnings
  }

  /// The columns of these results. They follow from the schema and the hardware events asked for, not from
  /// what could be measured, so that runs of one command have equal columns on every machine.
  public var columns: [Column<Measurement>] {
    var events = context.counterEvents
    let unasked = Set(measurements.flatMap(\.counters.keys)).subtracting(events)
    events += unasked.sorted()
    return MeasurementColumns.all(counterEvents: events)
  }
}
