/// What is wrong in a YAML file, and where: `my.yaml:12:5: key 'layers': expected ..., found ...`.
public struct YAMLError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file, or the option that set the value instead.
  public let file: String
  /// The line, counted from one, if the error has one.
  public let line: Int?
  /// The character of the line, counted from one, if the error has one.
  public let column: Int?
  /// The key whose value is wrong, with those it is in: `array.rows`, if the error has one.
  public let key: String?
  /// What was expected and what was found.
  public let message: String

  package init(_ place: YAMLPlace, key: String? = nil, message: String) {
    file = place.file
    line = place.line
    column = place.column
    self.key = key
    self.message = message
  }

  /// One sentence.
  public var description: String {
    var description = file
    if let line { description += ":\(line)" }
    if line != nil, let column { description += ":\(column)" }
    return description + ": " + (key.map { "key '\($0)': " } ?? "") + message
  }
}

/// Where something stands.
package struct YAMLPlace: Sendable, Equatable {
  /// The file, or the option that set the value instead.
  package let file: String
  package let line: Int?
  package let column: Int?

  package init(file: String, line: Int? = nil, column: Int? = nil) {
    self.file = file
    self.line = line
    self.column = column
  }
}
