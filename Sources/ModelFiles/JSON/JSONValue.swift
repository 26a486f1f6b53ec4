/// Any JSON, read whole.
enum JSONValue: Sendable, Equatable {
  case null
  case boolean(Bool)
  /// A number without point and exponent that fits.
  case integer(Int)
  /// Any other number, finite.
  case real(Double)
  case string(String)
  case array([JSONValue])
  case object([ExactText: JSONValue])

  /// The deepest nesting read: the parser calls itself for each level.
  static let maximumDepth = 64
  /// The most values read: the tokenizers of large models have less than a million.
  static let maximumValues = 10_000_000

  /// Parses all of `bytes`; `file` is its name in errors.
  static func parse(_ bytes: UnsafeRawBufferPointer, file: String) throws(ModelFileError) -> JSONValue {
    var parser = Parser(json: JSONScanner(bytes: bytes, file: file))
    let value = try parser.value(depth: 0)
    try parser.json.expectEnd()
    return value
  }

  /// What it is, for errors.
  var kind: String {
    switch self {
    case .null: "null"
    case .boolean(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .real(let value): "\(value)"
    case .string(let text): "\"\(excerpt(text))\""
    case .array: "a list"
    case .object: "an object"
    }
  }

  private struct Parser {
    var json: JSONScanner
    var values = 0

    mutating func value(depth: Int) throws(ModelFileError) -> JSONValue {
      values += 1
      guard values <= maximumValues else { throw json.unexpected("at most \(maximumValues) values") }
      switch json.peek() {
      case "{":
        guard depth < maximumDepth else { throw json.unexpected("at most \(maximumDepth) levels") }
        return .object(try object(depth: depth))
      case "[":
        guard depth < maximumDepth else { throw json.unexpected("at most \(maximumDepth) levels") }
        return .array(try array(depth: depth))
      case "\"": return .string(try json.string())
      case "t":
        try json.expect(word: "true")
        return .boolean(true)
      case "f":
        try json.expect(word: "false")
        return .boolean(false)
      case "n":
        try json.expect(word: "null")
        return .null
      default: return try json.number()
      }
    }

    private mutating func object(depth: Int) throws(ModelFileError) -> [ExactText: JSONValue] {
      var members: [ExactText: JSONValue] = [:]
      try json.expect("{")
      if json.accept("}") { return members }
      repeat {
        let key = try json.string()
        try json.expect(":")
        let member = try value(depth: depth + 1)
        guard members.updateValue(member, forKey: ExactText(key)) == nil else {
          throw json.unexpected("the key '\(excerpt(key))' once in an object")
        }
      } while json.accept(",")
      try json.expect("}")
      return members
    }

    private mutating func array(depth: Int) throws(ModelFileError) -> [JSONValue] {
      var elements: [JSONValue] = []
      try json.expect("[")
      if json.accept("]") { return elements }
      repeat { elements.append(try value(depth: depth + 1)) } while json.accept(",")
      try json.expect("]")
      return elements
    }
  }
}
