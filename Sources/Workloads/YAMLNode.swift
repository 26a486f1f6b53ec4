import Yams

/// A value of a YAML file, and where it stands.
///
/// Anchors and aliases are refused, so that a small file cannot stand for a large one.
package struct YAMLNode: Sendable {
  /// A key and its value.
  package struct Entry: Sendable {
    package let key: String
    package let place: YAMLPlace
    package var value: YAMLNode
  }

  package enum Content: Sendable {
    case scalar(String)
    case mapping([Entry])
    case list([YAMLNode])
  }

  package var content: Content
  package let place: YAMLPlace

  /// Reads the file at `path`.
  package static func load(path: String) throws(YAMLError) -> YAMLNode {
    let text: String
    do {
      text = try BoundedText.load(path: path)
    } catch {
      throw YAMLError(YAMLPlace(file: path), message: error.message)
    }
    return try compose(text, file: path)
  }

  /// Reads a document; `file` is its name in errors.
  package static func parse(bytes: some Collection<UInt8>, file: String) throws(YAMLError) -> YAMLNode {
    let text: String
    do {
      text = try BoundedText.text(bytes)
    } catch {
      throw YAMLError(YAMLPlace(file: file), message: error.message)
    }
    return try compose(text, file: file)
  }

  private static func compose(_ text: String, file: String) throws(YAMLError) -> YAMLNode {
    func failure(_ line: Int?, _ column: Int?, _ message: String) -> YAMLError {
      YAMLError(YAMLPlace(file: file, line: line, column: column), message: message)
    }
    if let (line, column) = placeOfAnchor(in: text) {
      throw failure(line, column, "'&' before a letter is refused: anchors and aliases are not accepted")
    }
    let root: Node?
    do {
      root = try Yams.compose(yaml: text)
    } catch let error as YamlError {
      let (mark, message) = summary(of: error)
      throw failure(mark?.line, mark?.column, message)
    } catch {
      throw failure(nil, nil, "is not YAML: \(error)")
    }
    guard let root else { throw failure(nil, nil, "is empty") }
    return try YAMLNode(root) { YAMLPlace(file: file, line: $0?.line, column: $0?.column) }
  }

  /// The value that an option gave instead of a file, written in YAML too; `option` is its name in errors.
  package static func parse(option: String, value: String) throws(YAMLError) -> YAMLNode {
    let place = YAMLPlace(file: option)
    guard !value.isEmpty else { return YAMLNode(content: .scalar(""), place: place) }
    do {
      return try parse(bytes: value.utf8, file: option).moved(to: place)
    } catch {
      // Lines and columns would be those of the value alone.
      throw YAMLError(place, message: error.message)
    }
  }

  private init(_ node: Node, place: (Mark?) -> YAMLPlace) throws(YAMLError) {
    self.place = place(node.mark)
    switch node {
    case .scalar(let scalar):
      content = .scalar(scalar.string)
    case .sequence(let sequence):
      var items: [YAMLNode] = []
      for item in sequence { items.append(try YAMLNode(item, place: place)) }
      content = .list(items)
    case .mapping(let mapping):
      var entries: [Entry] = []
      for (name, value) in mapping {
        guard let scalar = name.scalar else {
          throw YAMLError(
            place(name.mark),
            message: "expected a word as key, found \(try YAMLNode(name, place: place).kind)")
        }
        entries.append(
          Entry(key: scalar.string, place: place(name.mark), value: try YAMLNode(value, place: place)))
      }
      content = .mapping(entries)
    case .alias:
      throw YAMLError(place(node.mark), message: "anchors and aliases are not accepted")
    }
  }

  private init(content: Content, place: YAMLPlace) {
    self.content = content
    self.place = place
  }

  private func moved(to place: YAMLPlace) -> YAMLNode {
    switch content {
    case .scalar: YAMLNode(content: content, place: place)
    case .list(let items): YAMLNode(content: .list(items.map { $0.moved(to: place) }), place: place)
    case .mapping(let entries):
      YAMLNode(
        content: .mapping(
          entries.map { Entry(key: $0.key, place: place, value: $0.value.moved(to: place)) }), place: place)
    }
  }
}

extension YAMLNode {
  /// What a reader would call it.
  var kind: String {
    switch content {
    case .scalar(let text): text.isEmpty ? "nothing" : "'\(excerpt(text))'"
    case .mapping: "a mapping"
    case .list: "a list"
    }
  }

  /// Puts a value where the keys lead, instead of what is there. Mappings on the way are made where there are
  /// none.
  package mutating func set(_ keys: some Collection<String>, to value: YAMLNode) {
    guard let key = keys.first else {
      self = value
      return
    }
    guard case .mapping(var entries) = content else {
      self = YAMLNode(content: .mapping([]), place: value.place)
      set(keys, to: value)
      return
    }
    if let index = entries.firstIndex(where: { $0.key == key }) {
      entries[index].value.set(keys.dropFirst(), to: value)
    } else {
      var made = YAMLNode(content: .mapping([]), place: value.place)
      made.set(keys.dropFirst(), to: value)
      entries.append(Entry(key: key, place: value.place, value: made))
    }
    content = .mapping(entries)
  }

  /// Where the value is that the keys lead to, or as far as they lead.
  package func place(of keys: some Collection<String>) -> YAMLPlace {
    guard let key = keys.first, case .mapping(let entries) = content,
      let entry = entries.first(where: { $0.key == key })
    else { return place }
    return entry.value.place(of: keys.dropFirst())
  }
}

/// Enough of the text to recognise it in an error of one line.
package func excerpt(_ text: String) -> String {
  let line = text.prefix(40).map { $0.isNewline ? " " : $0 }
  return String(line) + (text.count > 40 ? "..." : "")
}

/// The first place where `&` may begin an anchor: before a letter or digit and not after one. Aliases need an
/// anchor, so without one there are none.
private func placeOfAnchor(in text: String) -> (line: Int, column: Int)? {
  func continuesWord(_ character: Unicode.Scalar) -> Bool {
    switch character {
    case "a"..."z", "A"..."Z", "0"..."9", "_", "-": true
    default: false
    }
  }
  var (line, column) = (1, 1)
  var previous: Unicode.Scalar = "\n"
  var pending = false
  for character in text.unicodeScalars {
    if pending && continuesWord(character) { return (line, column - 1) }
    pending = character == "&" && !continuesWord(previous)
    (line, column) = character == "\n" ? (line + 1, 1) : (line, column + 1)
    previous = character
  }
  return nil
}

/// The place and one sentence of a parser error, whose own description quotes the text over several lines.
private func summary(of error: YamlError) -> (mark: Mark?, message: String) {
  switch error {
  case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
    .composer(let context, let problem, let mark, _):
    (mark, "is not YAML: " + (context.map { $0.text + ", " } ?? "") + problem)
  case .duplicatedKeysInMapping(let keys, let context):
    (context.mark, "the key '\(excerpt(keys.first ?? ""))' occurs twice in one mapping")
  case .reader(let problem, _, _, _): (nil, "is not YAML: \(problem)")
  default: (nil, "is not YAML")
  }
}
