/// A mapping of a YAML file that is read key by key, strictly: every value has a stated type and range, and a
/// key that nobody asked for is an error.
package struct YAMLMapping: Sendable {
  /// The keys that lead here, as errors name them: `dram.`; empty at the top.
  private let prefix: String
  private let place: YAMLPlace
  private let entries: [YAMLNode.Entry]
  private var unread: [YAMLNode.Entry]

  /// Reads the file at `path`, whose top level must be a mapping.
  package static func load(path: String) throws(YAMLError) -> YAMLMapping {
    try YAMLMapping(.load(path: path))
  }

  /// Reads a document whose top level must be a mapping; `file` is its name in errors.
  package static func parse(bytes: some Collection<UInt8>, file: String) throws(YAMLError) -> YAMLMapping {
    try YAMLMapping(.parse(bytes: bytes, file: file))
  }

  /// The node must be a mapping.
  package init(_ node: YAMLNode) throws(YAMLError) {
    try self.init(node, key: nil, prefix: "")
  }

  private init(_ node: YAMLNode, key: String?, prefix: String) throws(YAMLError) {
    guard case .mapping(let entries) = node.content else {
      throw YAMLError(
        node.place, key: key, message: "expected a mapping of keys, found \(node.kind)")
    }
    self.prefix = prefix
    place = node.place
    self.entries = entries
    unread = entries
  }

  /// An error about this mapping, or about one of its keys.
  package func failure(_ message: String, key: String? = nil) -> YAMLError {
    let value = entries.first { $0.key == key }?.value
    return YAMLError(value?.place ?? place, key: key.map { prefix + $0 }, message: message)
  }

  /// Must follow the last read: throws for the first key that nothing asked for.
  package func finish(knownKeys: [String]) throws(YAMLError) {
    guard let stray = unread.first else { return }
    let hint = knownKeys.nearest(to: stray.key, limit: 1).first.map { "; did you mean '\($0)'?" }
    throw YAMLError(
      stray.place,
      message: "unknown key '\(prefix)\(excerpt(stray.key))'"
        + (hint ?? "; the keys are \(knownKeys.joined(separator: ", "))"))
  }

  /// Whether the key is there and not yet read.
  package func has(_ key: String) -> Bool { unread.contains { $0.key == key } }

  /// Whether the key has further keys in it.
  package func hasMapping(_ key: String) -> Bool {
    if case .mapping = unread.first(where: { $0.key == key })?.value.content { true } else { false }
  }

  /// A value of any form that a text can have; `expected` describes it in errors.
  package mutating func scalar(_ key: String, expected: String) throws(YAMLError) -> YAMLScalar {
    let entry = try require(key, expected: expected)
    guard case .scalar(let text) = entry.value.content else {
      throw YAMLError(
        entry.value.place, key: prefix + key, message: "expected \(expected), found \(entry.value.kind)")
    }
    return YAMLScalar(text: text, place: entry.value.place, key: prefix + key)
  }

  /// A mapping within this one.
  package mutating func mapping(_ key: String) throws(YAMLError) -> YAMLMapping {
    let entry = try require(key, expected: "a mapping of keys")
    return try YAMLMapping(entry.value, key: prefix + key, prefix: prefix + key + ".")
  }

  /// Like ``mapping(_:)``, `nil` if the key is missing.
  package mutating func optionalMapping(_ key: String) throws(YAMLError) -> YAMLMapping? {
    has(key) ? try mapping(key) : nil
  }

  /// A list of mappings.
  package mutating func mappings(_ key: String) throws(YAMLError) -> [YAMLMapping] {
    var mappings: [YAMLMapping] = []
    for item in try list(key) { mappings.append(try YAMLMapping(item, key: prefix + key, prefix: prefix)) }
    return mappings
  }

  /// A list of values that a text can have, empty if the key is missing.
  package mutating func scalars(_ key: String) throws(YAMLError) -> [YAMLScalar] {
    guard has(key) else { return [] }
    var scalars: [YAMLScalar] = []
    for item in try list(key) {
      guard case .scalar(let text) = item.content else {
        throw YAMLError(item.place, key: prefix + key, message: "expected text, found \(item.kind)")
      }
      scalars.append(YAMLScalar(text: text, place: item.place, key: prefix + key))
    }
    return scalars
  }

  private mutating func list(_ key: String) throws(YAMLError) -> [YAMLNode] {
    let entry = try require(key, expected: "a list")
    guard case .list(let items) = entry.value.content else {
      throw YAMLError(
        entry.value.place, key: prefix + key, message: "expected a list, found \(entry.value.kind)")
    }
    return items
  }

  private mutating func require(_ key: String, expected: String) throws(YAMLError) -> YAMLNode.Entry {
    guard let index = unread.firstIndex(where: { $0.key == key }) else {
      // A misspelt key is the likelier mistake: name it if one is near.
      let near = unread.map(\.key).nearest(to: key, limit: 1).first
      throw failure(
        "is missing, expected \(expected)" + (near.map { "; is '\(excerpt($0))' meant?" } ?? ""), key: key)
    }
    return unread.remove(at: index)
  }
}

/// The text of one value, and where it stands.
package struct YAMLScalar: Sendable {
  package let text: String
  let place: YAMLPlace
  let key: String

  /// An error about this value: `expected`, and what was found.
  package func failure(expected: String) -> YAMLError {
    YAMLError(place, key: key, message: "expected \(expected), found '\(excerpt(text))'")
  }
}
