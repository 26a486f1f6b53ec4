/// A value in a column of results: what every output format can write.
public enum ColumnValue: Sendable, Hashable {
  /// Not known, not available or not applicable: empty in CSV, null in JSON, `n/a` in tables.
  case missing
  /// Text.
  case text(String)
  /// A count.
  case integer(UInt64)
  /// A finite quantity.
  case number(Double)
  /// Yes or no.
  case flag(Bool)

  /// The value in full precision with `.` as the decimal point; empty if missing.
  public var plainText: String {
    switch self {
    case .missing: ""
    case .text(let text): text
    case .integer(let integer): String(integer)
    case .number(let number): "\(number)"
    case .flag(let flag): String(flag)
    }
  }
}

extension ColumnValue: Codable {
  /// Reads a JSON scalar. Numbers without fraction become integers whatever they were written as.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .missing
    } else if let flag = try? container.decode(Bool.self) {
      self = .flag(flag)
    } else if let integer = try? container.decode(UInt64.self) {
      self = .integer(integer)
    } else if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else if let text = try? container.decode(String.self) {
      self = .text(text)
    } else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "expected text, number, true, false or null"))
    }
  }

  /// Writes a JSON scalar, null if missing.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .missing: try container.encodeNil()
    case .text(let text): try container.encode(text)
    case .integer(let integer): try container.encode(integer)
    case .number(let number): try container.encode(number)
    case .flag(let flag): try container.encode(flag)
    }
  }
}

/// A type that has a place in a column.
protocol ColumnRepresentable: Sendable {
  var columnValue: ColumnValue { get }
  /// `nil` when the value does not fit the type.
  init?(columnValue: ColumnValue)
}

extension String: ColumnRepresentable {
  var columnValue: ColumnValue { .text(self) }
  init?(columnValue: ColumnValue) {
    guard case .text(let text) = columnValue else { return nil }
    self = text
  }
}

extension UInt64: ColumnRepresentable {
  var columnValue: ColumnValue { .integer(self) }
  init?(columnValue: ColumnValue) {
    guard case .integer(let integer) = columnValue else { return nil }
    self = integer
  }
}

/// For counts only: a negative one becomes missing.
extension Int: ColumnRepresentable {
  var columnValue: ColumnValue { UInt64(exactly: self).map(ColumnValue.integer) ?? .missing }
  init?(columnValue: ColumnValue) {
    guard case .integer(let integer) = columnValue else { return nil }
    self.init(exactly: integer)
  }
}

/// What is not finite has no place in JSON and says nothing in a table: it becomes missing.
extension Double: ColumnRepresentable {
  var columnValue: ColumnValue { isFinite ? .number(self) : .missing }
  init?(columnValue: ColumnValue) {
    switch columnValue {
    case .number(let number): self = number
    case .integer(let integer): self = Double(integer)
    case .missing, .text, .flag: return nil
    }
  }
}

extension Bool: ColumnRepresentable {
  var columnValue: ColumnValue { .flag(self) }
  init?(columnValue: ColumnValue) {
    guard case .flag(let flag) = columnValue else { return nil }
    self = flag
  }
}

extension ColumnRepresentable where Self: RawRepresentable, RawValue == String {
  var columnValue: ColumnValue { .text(rawValue) }
  init?(columnValue: ColumnValue) {
    guard case .text(let text) = columnValue else { return nil }
    self.init(rawValue: text)
  }
}

extension MeasurementPoint.Cache: ColumnRepresentable {}
extension StopReason: ColumnRepresentable {}
extension Roofline.Kind: ColumnRepresentable {}

extension Optional: ColumnRepresentable where Wrapped: ColumnRepresentable {
  var columnValue: ColumnValue { self?.columnValue ?? .missing }
  init?(columnValue: ColumnValue) {
    guard columnValue != .missing else {
      self = .none
      return
    }
    guard let wrapped = Wrapped(columnValue: columnValue) else { return nil }
    self = .some(wrapped)
  }
}
