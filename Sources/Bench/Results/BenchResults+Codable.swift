/// Why results could not be read.
public enum BenchResultsError: Error, Equatable, CustomStringConvertible {
  /// Written by a bitlab whose records differ.
  case unsupportedSchema(Int)
  /// A column that is missing or does not hold what it must.
  case invalidColumn(name: String, place: String, found: ColumnValue)

  /// What is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .unsupportedSchema(let schema):
      "results have schema \(schema) but this bitlab reads schema \(BenchResults.currentSchema): "
        + "read them with the bitlab that wrote them, or measure again"
    case .invalidColumn(let name, let place, .missing):
      "\(place): `\(name)` is missing: the file is incomplete, measure again"
    case .invalidColumn(let name, let place, let found):
      "\(place): `\(name)` cannot be \(found.plainText): correct it or measure again"
    }
  }
}

/// One JSON object `{"schema": 1, "context": {...}, "results": [...], "warnings": [...]}`, in which context and
/// results are flat objects with the column names as keys and null for what is missing. Columns that follow from
/// others are written but not read, unknown ones ignored.
extension BenchResults: Codable {
  private enum CodingKeys: String, CodingKey {
    case schema, context, results, warnings
  }

  /// Reads results.
  ///
  /// - Throws: ``BenchResultsError`` for content that does not fit, `DecodingError` for a wrong structure.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    schema = try container.decode(Int.self, forKey: .schema)
    guard schema == Self.currentSchema else { throw BenchResultsError.unsupportedSchema(schema) }

    context = try RunContext(
      columns: container.decode([String: ColumnValue].self, forKey: .context), place: "context")
    let rows = try container.decode([[String: ColumnValue]].self, forKey: .results)
    measurements = try rows.enumerated().map { index, row in
      try Measurement(columns: row, place: "results[\(index)]")
    }
    warnings = try container.decode([String].self, forKey: .warnings)
  }

  /// Writes results.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(schema, forKey: .schema)
    try container.encode(context.columnValues, forKey: .context)
    let columns = columns
    try container.encode(measurements.map { columns.values(of: $0) }, forKey: .results)
    try container.encode(warnings, forKey: .warnings)
  }
}

extension Array {
  /// The value of every column by name.
  fileprivate func values<Row>(of row: Row) -> [String: ColumnValue] where Element == Column<Row> {
    Dictionary(map { ($0.name, $0.value(row)) }) { first, _ in first }
  }

  fileprivate func fill<Row>(_ row: inout Row, from values: [String: ColumnValue], place: String) throws
  where Element == Column<Row> {
    for column in self {
      guard let assign = column.assign else { continue }
      let value = values[column.name] ?? .missing
      guard assign(&row, value) else {
        throw BenchResultsError.invalidColumn(name: column.name, place: place, found: value)
      }
    }
  }
}

extension RunContext {
  /// The context that columns describe.
  ///
  /// - Parameters:
  ///   - columns: Values by name; one that is absent is missing.
  ///   - place: Where they are from, for the error.
  init(columns: [String: ColumnValue], place: String) throws {
    self.init(date: "", bitlabVersion: "", buildType: "", seed: 0, weightsSource: "", commandLine: "")
    try ContextColumns.all.fill(&self, from: columns, place: place)
  }

  /// The value of every column by name.
  var columnValues: [String: ColumnValue] { ContextColumns.all.values(of: self) }
}

extension Measurement {
  /// The record that columns describe, as ``RunContext/init(columns:place:)``.
  init(columns: [String: ColumnValue], place: String) throws {
    self.init(
      point: MeasurementPoint(
        kernel: "", family: "", packing: "", weights: "", activations: "", exact: false, isa: "", tokens: 0,
        inFeatures: 0, outFeatures: 0, threads: 0, cache: .hot),
      status: .measured)
    let events = columns.keys.filter { $0.hasPrefix(MeasurementColumns.counterPrefix) }
      .map { String($0.dropFirst(MeasurementColumns.counterPrefix.count)) }
    try MeasurementColumns.all(counterEvents: events).fill(&self, from: columns, place: place)
  }

  /// The value of every column by name, those of its own counters included.
  var columnValues: [String: ColumnValue] {
    MeasurementColumns.all(counterEvents: counters.keys.sorted()).values(of: self)
  }
}
