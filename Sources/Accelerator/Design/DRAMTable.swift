import Workloads

/// What is known of each type of DRAM: where the values come from that a design leaves out.
public struct DRAMTable: Sendable, Hashable {
  /// One type of memory.
  public struct Entry: Sendable, Hashable {
    /// The name in design files: `lpddr5x`.
    public var type: String
    /// The name for readers.
    public var title: String
    /// A usual unit of it, for orientation.
    public var device: String
    /// Peak bandwidth of that unit.
    public var deviceBytesPerSecond: Double
    /// Energy of moving one bit between the array's chip and it.
    public var picojoulesPerBit: SourcedValue
    /// Seconds from a request until its data begin.
    public var latencySeconds: SourcedValue
    /// Share of the peak that long bursts reach.
    public var efficiency: SourcedValue
  }

  /// In the order of the table.
  public let entries: [Entry]

  /// The table that comes with bitlab.
  public static func shipped() throws(AcceleratorFileError) -> DRAMTable {
    let file = try ShippedFiles.file("dram.yaml", in: "tables")
    do {
      return try DRAMTable(.parse(bytes: file, file: "dram.yaml"))
    } catch {
      throw .malformed(error)
    }
  }

  /// The entry of that type.
  public func entry(_ type: String) -> Entry? { entries.first { $0.type == type } }

  init(_ document: YAMLMapping) throws(YAMLError) {
    var document = document
    _ = try document.integer("bitlab-dram", in: 1...1)
    var entries: [Entry] = []
    for mapping in try document.mappings("types") {
      let entry = try Entry(mapping)
      guard !entries.contains(where: { $0.type == entry.type }) else {
        throw mapping.failure("the type '\(entry.type)' is there twice", key: "type")
      }
      entries.append(entry)
    }
    try document.finish(knownKeys: ["bitlab-dram", "types"])
    self.entries = entries
  }
}

extension DRAMTable.Entry {
  init(_ mapping: YAMLMapping) throws(YAMLError) {
    var mapping = mapping
    type = try mapping.name("type")
    title = try mapping.text("title")
    device = try mapping.text("device")
    deviceBytesPerSecond = try mapping.quantity("device-bandwidth", .bytesPerSecond)
    picojoulesPerBit = try mapping.sourcedValue("energy") { values, key throws(YAMLError) in
      try values.quantity(key, .picojoulesPerBit)
    }
    latencySeconds = try mapping.sourcedValue("latency") { values, key throws(YAMLError) in
      try values.quantity(key, .latency)
    }
    efficiency = try mapping.sourcedValue("efficiency") { values, key throws(YAMLError) in
      try values.number(key, in: Design.efficiencies)
    }
    try mapping.finish(
      knownKeys: ["type", "title", "device", "device-bandwidth", "energy", "latency", "efficiency"])
  }
}

extension YAMLMapping {
  /// A value with its range, source and confidence; `read` reads a number of its unit.
  mutating func sourcedValue(
    _ key: String, _ read: (inout YAMLMapping, String) throws(YAMLError) -> Double
  ) throws(YAMLError) -> SourcedValue {
    var mapping = try mapping(key)
    let value = try read(&mapping, "value")
    var range: ClosedRange<Double>?
    if mapping.has("low") || mapping.has("high") {
      let (low, high) = (try read(&mapping, "low"), try read(&mapping, "high"))
      guard low <= value, value <= high else {
        throw mapping.failure("expected a value between low and high", key: "value")
      }
      range = low...high
    }
    let result = SourcedValue(
      value, range: range, source: try mapping.text("source"), confidence: try mapping.choice("confidence"))
    try mapping.finish(knownKeys: ["value", "low", "high", "source", "confidence"])
    return result
  }
}
