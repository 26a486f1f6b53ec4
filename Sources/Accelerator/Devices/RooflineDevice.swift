import Workloads

/// A device of which only the peaks are known, for orientation.
public struct RooflineDevice: Sendable, Hashable, Identifiable {
  /// The name on the command line: `a100-80gb`.
  public let id: String
  /// The name for readers.
  public let title: String
  /// What a reader must know about the values.
  public let note: String?
  /// Dense 16-bit floating-point operations a second; a multiply-add is two.
  public let float16OperationsPerSecond: SourcedValue
  /// Dense 8-bit integer operations a second; `nil` if it has no faster ones than floating-point ones.
  public let int8OperationsPerSecond: SourcedValue?
  /// Bandwidth of the memory that holds the weights.
  public let memoryBytesPerSecond: SourcedValue
  /// Capacity of that memory; `nil` if it is the owner's choice.
  public let memoryBytes: SourcedValue?
  /// Bandwidth to other such devices in each direction; `nil` if it is not known or there is none.
  public let linkBytesPerSecond: SourcedValue?
  /// Power of the device in watts; `nil` if it is not known.
  public let watts: SourcedValue?

  /// Operations a second with weights of so many bits: below 16 they are multiplied by 8-bit activations where the
  /// device has integer operations.
  public func operationsPerSecond(weightBits: Double) -> Double {
    weightBits < 16
      ? int8OperationsPerSecond?.value ?? float16OperationsPerSecond.value : float16OperationsPerSecond.value
  }
}

extension RooflineDevice {
  private static let keys = [
    "bitlab-device", "id", "title", "note", "fp16", "int8", "memory-bandwidth", "memory", "link-bandwidth",
    "power",
  ]

  /// Reads the file of a device.
  ///
  /// - Throws: ``YAMLError`` with file, line, column and key for everything that is not as expected.
  public static func load(path: String) throws(YAMLError) -> RooflineDevice {
    try RooflineDevice(.load(path: path))
  }

  /// Reads a document; `file` is its name in errors.
  static func parse(bytes: some Collection<UInt8>, file: String) throws(YAMLError) -> RooflineDevice {
    try RooflineDevice(.parse(bytes: bytes, file: file))
  }

  private init(_ document: YAMLMapping) throws(YAMLError) {
    var document = document
    func optional(_ key: String, _ quantity: Quantity) throws(YAMLError) -> SourcedValue? {
      document.has(key) ? try required(key, quantity) : nil
    }
    func required(_ key: String, _ quantity: Quantity) throws(YAMLError) -> SourcedValue {
      try document.sourcedValue(key) { values, key throws(YAMLError) in try values.quantity(key, quantity) }
    }
    _ = try document.integer("bitlab-device", in: 1...1)
    id = try document.name("id")
    title = try document.text("title")
    note = try document.optionalText("note")
    float16OperationsPerSecond = try required("fp16", .operationsPerSecond)
    int8OperationsPerSecond = try optional("int8", .operationsPerSecond)
    memoryBytesPerSecond = try required("memory-bandwidth", .bytesPerSecond)
    memoryBytes = try optional("memory", .deviceMemory)
    linkBytesPerSecond = try optional("link-bandwidth", .bytesPerSecond)
    watts = try optional("power", .power)
    try document.finish(knownKeys: Self.keys)
  }
}

extension Quantity {
  /// Operations a second, floating-point or not.
  static let operationsPerSecond = Quantity(
    noun: "operations a second", example: "312 Top/s",
    units: [
      Unit(symbol: "Gop/s", multiplier: 1e9), Unit(symbol: "Top/s", multiplier: 1e12),
      Unit(symbol: "Pop/s", multiplier: 1e15),
    ], range: 1e9...1e19)

  /// Memory as it is sold: in powers of ten, as often in powers of two.
  static let deviceMemory = Quantity(
    noun: "a size", example: "80 GB",
    units: [
      Unit(symbol: "MB", multiplier: 1e6), Unit(symbol: "MiB", multiplier: 0x1p20),
      Unit(symbol: "GB", multiplier: 1e9), Unit(symbol: "GiB", multiplier: 0x1p30),
    ], range: 1e6...1e15)

  static let power = Quantity(
    noun: "a power", example: "400 W", units: [Unit(symbol: "W")], range: 0.001...1e6)
}
