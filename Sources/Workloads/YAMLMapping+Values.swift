extension YAMLMapping {
  /// A whole number in `range`; underscores may group its digits.
  package mutating func integer(_ key: String, in range: ClosedRange<Int>) throws(YAMLError) -> Int {
    let scalar = try scalar(key, expected: "a whole number")
    guard let number = wholeNumber(scalar.text), range.contains(number) else {
      throw scalar.failure(expected: "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// Like ``integer(_:in:)``, `nil` if the key is missing.
  package mutating func optionalInteger(_ key: String, in range: ClosedRange<Int>) throws(YAMLError) -> Int? {
    has(key) ? try integer(key, in: range) : nil
  }

  /// `true` or `false`; `absent` if the key is missing and that is allowed.
  package mutating func boolean(_ key: String, absent: Bool? = nil) throws(YAMLError) -> Bool {
    if let absent, !has(key) { return absent }
    let scalar = try scalar(key, expected: "true or false")
    switch scalar.text {
    case "true": return true
    case "false": return false
    default: throw scalar.failure(expected: "true or false")
    }
  }

  /// Text on one line, neither empty nor longer than 500 characters.
  package mutating func text(_ key: String) throws(YAMLError) -> String {
    try scalar(key, expected: "text").line()
  }

  /// Like ``text(_:)``, `nil` if the key is missing.
  package mutating func optionalText(_ key: String) throws(YAMLError) -> String? {
    has(key) ? try text(key) : nil
  }

  /// A name as in lists separated by commas and in file names, in lower case.
  package mutating func name(_ key: String) throws(YAMLError) -> String {
    try scalar(key, expected: "text").name()
  }

  /// A list of names, empty if the key is missing.
  package mutating func names(_ key: String) throws(YAMLError) -> [String] {
    var names: [String] = []
    for scalar in try scalars(key) { names.append(try scalar.name()) }
    return names
  }

  /// One of the raw values of `Choice`; `absent` if the key is missing and that is allowed.
  package mutating func choice<Choice: RawRepresentable & CaseIterable>(
    _ key: String, absent: Choice? = nil
  ) throws(YAMLError) -> Choice where Choice.RawValue == String {
    if let absent, !has(key) { return absent }
    let expected = "one of " + Choice.allCases.map(\.rawValue).joined(separator: ", ")
    let scalar = try scalar(key, expected: expected)
    guard let choice = Choice(rawValue: scalar.text) else { throw scalar.failure(expected: expected) }
    return choice
  }
}

extension YAMLScalar {
  /// The text, which must be on one line, neither empty nor longer than 500 characters.
  func line() throws(YAMLError) -> String {
    guard !text.isEmpty, text.count <= 500, !text.contains(where: \.isNewline) else {
      throw YAMLError(
        place, key: key, message: "expected 1 to 500 characters on one line, found \(text.count)")
    }
    return text
  }

  /// Names go into lists separated by commas and into file names: letters, digits, dots and hyphens.
  func name() throws(YAMLError) -> String {
    let text = try line()
    let isAllowed = text.utf8.allSatisfy {
      switch $0 {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
    guard isAllowed, text.count <= 64 else {
      throw failure(expected: "up to 64 letters, digits, dots, hyphens and underscores")
    }
    return text.lowercased()
  }
}

private func wholeNumber(_ text: String) -> Int? {
  guard let first = text.first, first.isNumber || first == "-", text.count <= 40 else { return nil }
  return Int(text.filter { $0 != "_" })
}
