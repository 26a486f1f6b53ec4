import Workloads

/// One file of cost tables: values and rules, with the sources they refer to.
struct CostFile {
  private(set) var rows: [CostRow] = []
  private(set) var values: [(CostTables.Key, Double)] = []

  init(bytes: some Collection<UInt8>, name: String) throws(YAMLError) {
    var file = try YAMLMapping.parse(bytes: bytes, file: name)
    _ = try file.integer("bitlab-costs", in: 1...1)
    let sources = try Self.sources(file.mappings("sources"))
    for entry in try file.mappings("values") { try readValue(entry, sources: sources) }
    for entry in try file.mappings("rules") { try readRule(entry) }
    try file.finish(knownKeys: ["bitlab-costs", "sources", "values", "rules"])
  }

  private static func sources(_ entries: [YAMLMapping]) throws(YAMLError) -> [String: String] {
    var sources: [String: String] = [:]
    for entry in entries {
      var entry = entry
      let id = try entry.text("id")
      guard sources.updateValue(try entry.text("text"), forKey: id) == nil else {
        throw entry.failure("'\(id)' is the id of two sources", key: "id")
      }
      try entry.finish(knownKeys: ["id", "text"])
    }
    return sources
  }

  private mutating func readValue(_ entry: YAMLMapping, sources: [String: String]) throws(YAMLError) {
    var entry = entry
    let quantity: CostQuantity = try entry.choice("what")
    let value = try entry.number(
      "value", unit: quantity.unit, in: quantity.maySubtract ? -1e9...1e9 : 1e-9...1e9)
    let node = try entry.optionalNode("node")
    let id = try entry.text("source")
    guard let source = sources[id] else {
      throw entry.failure(
        "expected one of \(sources.keys.sorted().joined(separator: ", ")), found '\(id)'", key: "source")
    }
    rows.append(
      CostRow(
        what: quantity.rawValue, value: value, unit: quantity.unit, nodeNanometres: node, source: source,
        confidence: try entry.choice("confidence")))
    values.append((CostTables.Key(quantity: quantity, node: node), value))
    try entry.finish(knownKeys: ["what", "value", "node", "source", "confidence"])
  }

  private mutating func readRule(_ entry: YAMLMapping) throws(YAMLError) {
    var entry = entry
    rows.append(
      CostRow(
        what: try entry.text("what"), value: nil, unit: "", nodeNanometres: nil,
        source: try entry.text("rule"),
        confidence: try entry.choice("confidence")))
    try entry.finish(knownKeys: ["what", "rule", "confidence"])
  }
}

extension YAMLMapping {
  /// A process node such as `45 nm`, `nil` if the key is missing.
  mutating func optionalNode(_ key: String) throws(YAMLError) -> Int? {
    guard let text = try optionalText(key) else { return nil }
    guard text.hasSuffix(" nm"), let nanometres = Int(text.dropLast(3)),
      NodeScaling.nodes.contains(nanometres)
    else {
      throw failure(
        "expected a process node from \(NodeScaling.nodes.lowerBound) to \(NodeScaling.nodes.upperBound) nm, "
          + "found '\(text.prefix(40))'", key: key)
    }
    return nanometres
  }

  /// A number and its unit, such as `0.03 pJ`, or the number alone if there is no unit.
  mutating func number(_ key: String, unit: String, in range: ClosedRange<Double>) throws(YAMLError) -> Double
  {
    let text = try text(key)
    let digits = unit.isEmpty ? text[...] : text.hasSuffix(" " + unit) ? text.dropLast(unit.count + 1) : ""
    guard let number = Double(digits), range.contains(number) else {
      let what = unit.isEmpty ? "a number" : "a number of \(unit), such as '0.5 \(unit)',"
      throw failure(
        "expected \(what) from \(range.lowerBound) to \(range.upperBound), found '\(text.prefix(40))'",
        key: key)
    }
    return number
  }
}
