/// A named column of modelled results, as all formats of output write it.
public struct ModelledColumn<Row: Sendable>: Sendable {
  /// The name, snake case, ending in the unit if there is one. What is modelled says so: `latency_modelled_s`.
  public let name: String
  /// What the column says, in one line.
  public let description: String
  /// The value for a row.
  public let value: @Sendable (Row) -> ModelledValue

  init(_ name: String, _ description: String, _ value: @escaping @Sendable (Row) -> ModelledValue) {
    self.name = name
    self.description = description
    self.value = value
  }

  /// A quantity.
  init(_ name: String, _ description: String, number: @escaping @Sendable (Row) -> Double?) {
    self.init(name, description) { ModelledValue(number($0)) }
  }

  /// A count.
  init(_ name: String, _ description: String, count: @escaping @Sendable (Row) -> Int?) {
    self.init(name, description) { row in count(row).map(ModelledValue.integer) ?? .missing }
  }

  /// A word.
  init(_ name: String, _ description: String, text: @escaping @Sendable (Row) -> String) {
    self.init(name, description) { .text(text($0)) }
  }

  /// The column for rows that contain such a row.
  func of<Outer: Sendable>(_ row: @escaping @Sendable (Outer) -> Row) -> ModelledColumn<Outer> {
    let value = value
    return ModelledColumn<Outer>(name, description) { value(row($0)) }
  }
}

/// A value in a column.
public enum ModelledValue: Sendable, Hashable {
  /// Not known or not applicable.
  case missing
  /// Text.
  case text(String)
  /// A count.
  case integer(Int)
  /// A finite quantity.
  case number(Double)
  /// Yes or no.
  case flag(Bool)

  /// What is not finite says nothing and is missing.
  init(_ number: Double?) {
    self = number.flatMap { $0.isFinite ? .number($0) : nil } ?? .missing
  }
}
