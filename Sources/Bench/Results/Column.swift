/// A named column of results: its documentation, and how to read it from a record and back.
public struct Column<Row: Sendable>: Sendable {
  /// The name in every format, snake case, ending in the unit if there is one: `latency_median_s`.
  public let name: String
  /// What the column says, in one line.
  public let description: String
  /// The value for a record.
  public let value: @Sendable (Row) -> ColumnValue
  /// Puts a value read from a file into a record; false when it does not fit. `nil` for columns that follow
  /// from others.
  let assign: (@Sendable (inout Row, ColumnValue) -> Bool)?

  /// A column that is a property of the record.
  init<Value: ColumnRepresentable>(
    _ name: String, _ path: WritableKeyPath<Row, Value> & Sendable, _ description: String
  ) {
    self.init(name, description) { row in
      row[keyPath: path].columnValue
    } assign: { row, columnValue in
      guard let value = Value(columnValue: columnValue) else { return false }
      row[keyPath: path] = value
      return true
    }
  }

  /// A column that is a property of an optional part of the record.
  ///
  /// Reading back, a part is there if its first column has a value: that column makes it from `blank`. The
  /// others must then have a value too, and must have none if it is not there.
  init<Part: Sendable, Value: ColumnRepresentable>(
    _ name: String, _ part: WritableKeyPath<Row, Part?> & Sendable,
    _ path: WritableKeyPath<Part, Value> & Sendable, blank: Part? = nil, _ description: String
  ) {
    self.init(name, description) { row in
      row[keyPath: part]?[keyPath: path].columnValue ?? .missing
    } assign: { row, columnValue in
      guard var filled = row[keyPath: part] ?? (columnValue == .missing ? nil : blank) else {
        return columnValue == .missing
      }
      guard let value = Value(columnValue: columnValue) else { return false }
      filled[keyPath: path] = value
      row[keyPath: part] = filled
      return true
    }
  }

  /// A column with its own rules.
  init(
    _ name: String, _ description: String, value: @escaping @Sendable (Row) -> ColumnValue,
    assign: (@Sendable (inout Row, ColumnValue) -> Bool)? = nil
  ) {
    self.name = name
    self.description = description
    self.value = value
    self.assign = assign
  }
}
