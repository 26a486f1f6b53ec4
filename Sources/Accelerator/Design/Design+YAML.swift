import Workloads

extension Design {
  /// Shares of the peak bandwidth that make sense.
  static let efficiencies = 0.01...1.0
  /// The most rows, and columns, of an array.
  static let largestExtent = 65_536
  /// The most elements of an array.
  static let mostElements = 1 << 26

  /// Reads a design and checks that its datapath is known and suits it.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - overrides: Keys to be set before it is read, later ones over earlier ones.
  ///   - dram: Where latency, efficiency and energy of the memory come from if the file does not give them.
  /// - Throws: ``YAMLError`` with file, line, column and key for everything that is not as expected.
  public static func load(
    path: String, overrides: [DesignOverride] = [], dram: DRAMTable
  ) throws(YAMLError) -> Design {
    try checked(.load(path: path), overrides: overrides, dram: dram)
  }

  /// Reads a document; `file` is its name in errors.
  static func parse(
    bytes: some Collection<UInt8>, file: String, overrides: [DesignOverride] = [], dram: DRAMTable
  ) throws(YAMLError) -> Design {
    try checked(.parse(bytes: bytes, file: file), overrides: overrides, dram: dram)
  }

  static func checked(
    _ document: YAMLNode, overrides: [DesignOverride], dram: DRAMTable
  ) throws(YAMLError) -> Design {
    var document = document
    for override in overrides { document.set(override.keys, to: override.value) }
    let design = try Design(YAMLMapping(document), dram: dram)
    do {
      _ = try Chip(design)
    } catch {
      let keys = error.key?.split(separator: ".").map(String.init) ?? []
      throw YAMLError(document.place(of: keys), key: error.key, message: error.message)
    }
    return design
  }

  private init(_ document: YAMLMapping, dram table: DRAMTable) throws(YAMLError) {
    var document = document
    _ = try document.integer("bitlab-design", in: 1...1)
    name = try document.name("name")
    summary = try document.optionalText("summary") ?? ""
    technology = try Technology(document.mapping("technology"))
    let arrayKeys = try document.mapping("array")
    array = try ArrayDesign(arrayKeys)
    (weightFormat, keepsWeightsOnChip) = try Self.weights(document.mapping("weights"))
    activationFormat = try Self.activations(document.mapping("activations"))
    var buffers = try document.mapping("buffers")
    weightBuffer = try BufferDesign(buffers.mapping("weights"))
    activationBuffer = try BufferDesign(buffers.mapping("activations"))
    outputBuffer = try BufferDesign(buffers.mapping("outputs"))
    try buffers.finish(knownKeys: DesignKeys.within("buffers"))
    dram = try DRAMDesign(document.mapping("dram"), table: table)
    vectorUnit = try VectorUnitDesign(document.mapping("vector-unit"))
    chips = try ChipGroup(in: &document)
    try document.finish(knownKeys: DesignKeys.within(nil))
    guard array.accumulatorBits >= activationFormat.bits else {
      throw arrayKeys.failure(
        "expected at least the \(activationFormat.bits) bits of an activation, found \(array.accumulatorBits)",
        key: "accumulator-bits")
    }
  }

  private static func weights(_ mapping: YAMLMapping) throws(YAMLError) -> (WeightFormat, onChip: Bool) {
    var mapping = mapping
    let format: WeightFormat = try mapping.choice("format")
    let onChip = try mapping.boolean("on-chip", absent: false)
    try mapping.finish(knownKeys: DesignKeys.within("weights"))
    return (format, onChip)
  }

  private static func activations(_ mapping: YAMLMapping) throws(YAMLError) -> NumberFormat {
    var mapping = mapping
    guard mapping.has("bits") != mapping.has("format") else {
      throw mapping.failure("expected either bits, such as {bits: 8}, or format, such as {format: fp16}")
    }
    let format: NumberFormat =
      mapping.has("bits")
      ? .integer(bits: try mapping.integer("bits", in: 1...32)) : try mapping.floatFormat("format")
    try mapping.finish(knownKeys: DesignKeys.within("activations"))
    return format
  }
}

extension Technology {
  fileprivate init(_ mapping: YAMLMapping) throws(YAMLError) {
    var mapping = mapping
    nodeNanometres = Int(try mapping.quantity("node", .nanometres))
    clockHertz = try mapping.quantity("clock", .clock)
    try mapping.finish(knownKeys: DesignKeys.within("technology"))
  }
}

extension ArrayDesign {
  fileprivate init(_ mapping: YAMLMapping) throws(YAMLError) {
    var mapping = mapping
    rows = try mapping.integer("rows", in: 1...Design.largestExtent)
    columns = try mapping.integer("columns", in: 1...Design.largestExtent)
    guard rows * columns <= Design.mostElements else {
      throw mapping.failure(
        "expected at most \(Design.mostElements) elements in all, found \(rows) × \(columns)", key: "columns")
    }
    dataflow = try mapping.choice("dataflow")
    datapath = try mapping.text("datapath")
    dotWidth = try mapping.integer("dot-width", in: 1...1024)
    accumulatorBits = try mapping.integer("accumulator-bits", in: 1...64)
    tables = try mapping.optionalMapping("tables").map(TableDesign.init)
    try mapping.finish(knownKeys: DesignKeys.within("array"))
  }
}

extension TableDesign {
  fileprivate init(_ mapping: YAMLMapping) throws(YAMLError) {
    var mapping = mapping
    groupSize = try mapping.integer("group", in: 1...16)
    sharers = try mapping.integer("sharers", in: 1...Design.largestExtent)
    try mapping.finish(knownKeys: DesignKeys.within("array.tables"))
  }
}

extension BufferDesign {
  fileprivate init(_ mapping: YAMLMapping) throws(YAMLError) {
    var mapping = mapping
    bytes = Int(try mapping.quantity("size", .bytes))
    bytesPerCycle = try mapping.quantity("bandwidth", .bytesPerCycle)
    isDoubleBuffered = try mapping.boolean("double-buffered", absent: false)
    try mapping.finish(knownKeys: DesignKeys.within("buffers.weights"))
  }
}

extension DRAMDesign {
  fileprivate init(_ mapping: YAMLMapping, table: DRAMTable) throws(YAMLError) {
    var mapping = mapping
    let types = "one of " + table.entries.map(\.type).joined(separator: ", ")
    let scalar = try mapping.scalar("type", expected: types)
    guard let entry = table.entry(scalar.text) else { throw scalar.failure(expected: types) }
    type = entry.type
    bytesPerSecond = try mapping.quantity("bandwidth", .bytesPerSecond)
    latencySeconds =
      mapping.has("latency") ? try mapping.quantity("latency", .latency) : entry.latencySeconds.value
    efficiency =
      mapping.has("efficiency")
      ? try mapping.number("efficiency", in: Design.efficiencies) : entry.efficiency.value
    picojoulesPerBit =
      mapping.has("energy") ? try mapping.quantity("energy", .picojoulesPerBit) : entry.picojoulesPerBit.value
    try mapping.finish(knownKeys: DesignKeys.within("dram"))
  }
}

extension VectorUnitDesign {
  fileprivate init(_ mapping: YAMLMapping) throws(YAMLError) {
    var mapping = mapping
    lanes = try mapping.integer("lanes", in: 1...Design.largestExtent)
    format = try mapping.floatFormat("format")
    try mapping.finish(knownKeys: DesignKeys.within("vector-unit"))
  }
}

extension ChipGroup {
  /// One chip, which has no links.
  static let one = ChipGroup(count: 1, parallelism: .tensor, linkBytesPerSecond: 0, linkPicojoulesPerBit: 0)

  fileprivate init(in document: inout YAMLMapping) throws(YAMLError) {
    guard document.hasMapping("chips") else {
      if document.has("chips") {
        let scalar = try document.scalar("chips", expected: Self.expected)
        guard scalar.text == "1" else { throw scalar.failure(expected: Self.expected) }
      }
      self = .one
      return
    }
    var mapping = try document.mapping("chips")
    count = try mapping.integer("count", in: 1...4096)
    parallelism = try mapping.choice("parallelism")
    var link = try mapping.mapping("link")
    linkBytesPerSecond = try link.quantity("bandwidth", .bytesPerSecond)
    linkPicojoulesPerBit = try link.quantity("energy", .picojoulesPerBit)
    try link.finish(knownKeys: DesignKeys.within("chips.link"))
    try mapping.finish(knownKeys: DesignKeys.within("chips"))
  }

  private static let expected =
    "1, or for several {count: 8, parallelism: tensor, link: {bandwidth: 64 GB/s, energy: 1.3 pJ/bit}}"
}

extension YAMLMapping {
  /// The formats with a point that floats.
  private enum FloatFormat: String, CaseIterable {
    case fp16
    case bf16
    case fp32

    var format: NumberFormat {
      switch self {
      case .fp16: .float16
      case .bf16: .bfloat16
      case .fp32: .float32
      }
    }
  }

  fileprivate mutating func floatFormat(_ key: String) throws(YAMLError) -> NumberFormat {
    let format: FloatFormat = try choice(key)
    return format.format
  }
}
