import Foundation
import Yams

/// What is wrong in a YAML file, and where: `my.yaml:12: key 'layers': expected ..., found ...`.
public struct YAMLError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file.
  public let file: String
  /// The line, counted from one, if the error has one.
  public let line: Int?
  /// The key whose value is wrong, if the error has one.
  public let key: String?
  /// What was expected and what was found.
  public let message: String

  /// One sentence.
  public var description: String {
    file + (line.map { ":\($0)" } ?? "") + ": " + (key.map { "key '\($0)': " } ?? "") + message
  }
}

/// A mapping of a YAML file that is read key by key, strictly: every value has a stated type and range, and a
/// key that nobody asked for is an error.
///
/// Anchors and aliases are refused, so that a small file cannot stand for a large one.
package struct YAMLMapping {
  /// The largest file read.
  package static let maximumBytes = 1_000_000

  private let file: String
  private let line: Int?
  private var unread: [(name: String, line: Int?, value: Node)]

  /// Reads the file at `path`, whose top level must be a mapping.
  package static func load(path: String) throws(YAMLError) -> YAMLMapping {
    func failure(_ message: String) -> YAMLError {
      YAMLError(file: path, line: nil, key: nil, message: message)
    }
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw failure("cannot be opened for reading")
    }
    defer { try? handle.close() }
    let data: Data
    do {
      data = try handle.read(upToCount: maximumBytes + 1) ?? Data()
    } catch {
      throw failure("cannot be read: is it a file?")
    }
    return try parse(bytes: data, file: path)
  }

  /// Reads a document whose top level must be a mapping; `file` is its name in errors.
  package static func parse(bytes: some Collection<UInt8>, file: String) throws(YAMLError) -> YAMLMapping {
    func failure(_ line: Int?, _ message: String) -> YAMLError {
      YAMLError(file: file, line: line, key: nil, message: message)
    }
    guard bytes.count <= maximumBytes else {
      throw failure(nil, "is larger than \(maximumBytes) bytes, the most that is read of a YAML file")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw failure(nil, "is not UTF-8 text") }
    if let line = lineOfAnchor(in: text) {
      throw failure(line, "'&' before a letter is refused: anchors and aliases are not accepted")
    }
    let root: Node?
    do {
      root = try Yams.compose(yaml: text)
    } catch let error as YamlError {
      let (line, message) = summary(of: error)
      throw failure(line, message)
    } catch {
      throw failure(nil, "is not YAML: \(error)")
    }
    guard let root else { throw failure(nil, "is empty") }
    return try YAMLMapping(root, file: file, key: nil)
  }

  private init(_ node: Node, file: String, key: String?) throws(YAMLError) {
    guard case .mapping(let mapping) = node else {
      throw YAMLError(
        file: file, line: node.mark?.line, key: key,
        message: "expected a mapping of keys, found \(kind(of: node))")
    }
    self.file = file
    line = node.mark?.line
    unread = []
    for (name, value) in mapping {
      guard let scalar = name.scalar else {
        throw YAMLError(
          file: file, line: name.mark?.line, key: key,
          message: "expected a word as key, found \(kind(of: name))")
      }
      unread.append((scalar.string, name.mark?.line, value))
    }
  }

  /// An error about this mapping.
  package func failure(_ message: String, key: String? = nil) -> YAMLError {
    YAMLError(file: file, line: line, key: key, message: message)
  }

  /// Must follow the last read: throws for the first key that nothing asked for.
  package func finish(knownKeys: [String]) throws(YAMLError) {
    guard let stray = unread.first else { return }
    let hint = knownKeys.nearest(to: stray.name, limit: 1).first.map { "; did you mean '\($0)'?" }
    throw YAMLError(
      file: file, line: stray.line, key: nil,
      message: "unknown key '\(excerpt(stray.name))'"
        + (hint ?? "; the keys are \(knownKeys.joined(separator: ", "))"))
  }

  /// A whole number in `range`; underscores may group its digits.
  package mutating func integer(_ key: String, in range: ClosedRange<Int>) throws(YAMLError) -> Int {
    let (text, line) = try scalar(key, expected: "a whole number")
    guard let number = wholeNumber(text), range.contains(number) else {
      throw YAMLError(
        file: file, line: line, key: key,
        message:
          "expected a whole number from \(range.lowerBound) to \(range.upperBound), found '\(excerpt(text))'")
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
    let (text, line) = try scalar(key, expected: "true or false")
    switch text {
    case "true": return true
    case "false": return false
    default:
      throw YAMLError(
        file: file, line: line, key: key, message: "expected true or false, found '\(excerpt(text))'")
    }
  }

  /// Text on one line, neither empty nor longer than 500 characters.
  package mutating func text(_ key: String) throws(YAMLError) -> String {
    let (text, line) = try scalar(key, expected: "text")
    return try checked(text, key: key, line: line)
  }

  /// Like ``text(_:)``, `nil` if the key is missing.
  package mutating func optionalText(_ key: String) throws(YAMLError) -> String? {
    has(key) ? try text(key) : nil
  }

  /// A list of texts, empty if the key is missing.
  package mutating func texts(_ key: String) throws(YAMLError) -> [String] {
    guard has(key) else { return [] }
    var texts: [String] = []
    for item in try list(key) {
      guard let scalar = item.scalar else {
        throw YAMLError(
          file: file, line: item.mark?.line, key: key, message: "expected text, found \(kind(of: item))")
      }
      texts.append(try checked(scalar.string, key: key, line: item.mark?.line))
    }
    return texts
  }

  /// One of the raw values of `Choice`; `absent` if the key is missing and that is allowed.
  package mutating func choice<Choice: RawRepresentable & CaseIterable>(
    _ key: String, absent: Choice? = nil
  ) throws(YAMLError) -> Choice where Choice.RawValue == String {
    if let absent, !has(key) { return absent }
    let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
    let (text, line) = try scalar(key, expected: "one of \(names)")
    guard let choice = Choice(rawValue: text) else {
      throw YAMLError(
        file: file, line: line, key: key, message: "expected one of \(names), found '\(excerpt(text))'")
    }
    return choice
  }

  /// A mapping within this one, `nil` if the key is missing.
  package mutating func optionalMapping(_ key: String) throws(YAMLError) -> YAMLMapping? {
    guard let entry = take(key) else { return nil }
    return try YAMLMapping(entry.value, file: file, key: key)
  }

  /// A list of mappings.
  package mutating func mappings(_ key: String) throws(YAMLError) -> [YAMLMapping] {
    var mappings: [YAMLMapping] = []
    for item in try list(key) { mappings.append(try YAMLMapping(item, file: file, key: key)) }
    return mappings
  }

  private func has(_ key: String) -> Bool { unread.contains { $0.name == key } }

  private mutating func take(_ key: String) -> (name: String, line: Int?, value: Node)? {
    unread.firstIndex { $0.name == key }.map { unread.remove(at: $0) }
  }

  private mutating func require(
    _ key: String, expected: String
  ) throws(YAMLError) -> (name: String, line: Int?, value: Node) {
    guard let entry = take(key) else {
      // A misspelt key is the likelier mistake: name it if one is near.
      let near = unread.map(\.name).nearest(to: key, limit: 1).first
      throw failure(
        "is missing, expected \(expected)" + (near.map { "; is '\(excerpt($0))' meant?" } ?? ""), key: key)
    }
    return entry
  }

  private mutating func scalar(_ key: String, expected: String) throws(YAMLError) -> (String, Int?) {
    let entry = try require(key, expected: expected)
    guard let scalar = entry.value.scalar else {
      throw YAMLError(
        file: file, line: entry.line, key: key,
        message: "expected \(expected), found \(kind(of: entry.value))")
    }
    return (scalar.string, entry.value.mark?.line ?? entry.line)
  }

  private mutating func list(_ key: String) throws(YAMLError) -> Node.Sequence {
    let entry = try require(key, expected: "a list")
    guard let sequence = entry.value.sequence else {
      throw YAMLError(
        file: file, line: entry.line, key: key, message: "expected a list, found \(kind(of: entry.value))")
    }
    return sequence
  }

  private func checked(_ text: String, key: String, line: Int?) throws(YAMLError) -> String {
    guard !text.isEmpty, text.count <= 500, !text.contains(where: \.isNewline) else {
      throw YAMLError(
        file: file, line: line, key: key,
        message: "expected 1 to 500 characters on one line, found \(text.count)")
    }
    return text
  }
}

/// What a reader would call the node.
private func kind(of node: Node) -> String {
  switch node {
  case .scalar(let scalar): scalar.string.isEmpty ? "nothing" : "'\(excerpt(scalar.string))'"
  case .mapping: "a mapping"
  case .sequence: "a list"
  case .alias: "an alias"
  }
}

/// Enough of the text to recognise it in an error of one line.
private func excerpt(_ text: String) -> String {
  let line = text.prefix(40).map { $0.isNewline ? " " : $0 }
  return String(line) + (text.count > 40 ? "..." : "")
}

private func wholeNumber(_ text: String) -> Int? {
  guard let first = text.first, first.isNumber || first == "-", text.count <= 40 else { return nil }
  return Int(text.filter { $0 != "_" })
}

/// The first line where `&` may begin an anchor: before a letter or digit and not after one. Aliases need an
/// anchor, so without one there are none.
private func lineOfAnchor(in text: String) -> Int? {
  func continuesWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }
  var line = 1
  var previous = UInt8(ascii: "\n")
  var pending = false
  for byte in text.utf8 {
    if pending && continuesWord(byte) { return line }
    pending = byte == UInt8(ascii: "&") && !continuesWord(previous)
    if byte == UInt8(ascii: "\n") { line += 1 }
    previous = byte
  }
  return nil
}

/// The line and one sentence of a parser error, whose own description quotes the text over several lines.
private func summary(of error: YamlError) -> (line: Int?, message: String) {
  switch error {
  case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
    .composer(let context, let problem, let mark, _):
    (mark.line, "is not YAML: " + (context.map { $0.text + ", " } ?? "") + problem)
  case .duplicatedKeysInMapping(let keys, let context):
    (context.mark.line, "the key '\(excerpt(keys.first ?? ""))' occurs twice in one mapping")
  case .reader(let problem, _, _, _): (nil, "is not YAML: \(problem)")
  default: (nil, "is not YAML")
  }
}
