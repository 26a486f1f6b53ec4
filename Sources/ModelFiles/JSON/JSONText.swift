/// JSON as text, its members in the order given.
enum JSONText {
  /// A string.
  static func string(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\\(scalar)"
      case _ where scalar.value < 32:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }

  /// An object; values are JSON already.
  static func object(_ members: [(key: String, value: String)]) -> String {
    "{" + members.map { string($0.key) + ": " + $0.value }.joined(separator: ", ") + "}"
  }

  /// An object as a whole file for readers, one member to a line.
  static func file(_ members: [(key: String, value: String)]) -> String {
    "{\n" + members.map { "  " + string($0.key) + ": " + $0.value }.joined(separator: ",\n") + "\n}\n"
  }

  /// A list; elements are JSON already.
  static func array(_ elements: [String]) -> String { "[" + elements.joined(separator: ", ") + "]" }
}
