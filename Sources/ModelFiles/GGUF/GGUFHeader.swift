/// The header of a GGUF file: magic, version, counts, metadata and the list of tensors, behind which their data lie
/// (ggml-org/ggml, docs/gguf.md). Versions 2 and 3 differ only in that 3 may be big-endian, which is not read.
struct GGUFHeader {
  /// "GGUF".
  static let magic: UInt32 = 0x4655_4747
  /// What data are aligned to if the file does not say.
  static let defaultAlignment = 32
  /// Where a file says what its data are aligned to.
  static let alignmentKey = "general.alignment"
  /// The coarsest alignment read.
  static let maximumAlignment = 1 << 20
  /// The longest key, from the specification.
  static let maximumKeyBytes = 65_535
  /// The longest name of a tensor; ggml itself reads 64.
  static let maximumNameBytes = 4_096
  /// The most dimensions of a tensor; ggml itself reads 4.
  static let maximumDimensions = 8

  private(set) var version: UInt32 = 0
  private(set) var metadata: [(key: String, value: GGUFValue)] = []
  private(set) var indexByKey: [String: Int] = [:]
  private(set) var alignment = defaultAlignment
  private(set) var tensors: [GGUFTensor] = []
  private(set) var indexByName: [String: Int] = [:]

  private let file: String
  private let fileBytes: Int

  /// Reads and checks the header of a whole file; `file` is its name in errors.
  init(of bytes: UnsafeRawBufferPointer, file: String) throws(ModelFileError) {
    self.file = file
    fileBytes = bytes.count
    var scanner = GGUFScanner(bytes: bytes, file: file)
    try readVersion(from: &scanner)
    let tensorCount: UInt64 = try scanner.integer("the number of tensors")
    let keyCount: UInt64 = try scanner.integer("the number of keys")
    // The shortest of each: a key of no letters with one byte, a tensor of no letters and no dimensions.
    try scanner.expect(keyCount, elementBytes: 13, "the metadata")
    try scanner.expect(tensorCount, elementBytes: 24, "the list of tensors")
    try readMetadata(count: keyCount, from: &scanner)
    try readAlignment()
    var listed: [ListedTensor] = []
    for _ in 0..<tensorCount { listed.append(try readTensor(number: listed.count, from: &scanner)) }
    try place(listed, headerEnd: scanner.position)
  }

  private mutating func readVersion(from scanner: inout GGUFScanner) throws(ModelFileError) {
    let magic: UInt32 = try scanner.integer("the magic of a GGUF file")
    guard magic == Self.magic else {
      throw failure("is no GGUF file: it does not begin with the letters GGUF")
    }
    version = try scanner.integer("the version")
    guard version & 0xFFFF != 0 else {
      throw failure("is big-endian; only little-endian GGUF files are read")
    }
    guard version == 2 || version == 3 else {
      throw failure("has version \(version) of the GGUF format, expected 2 or 3")
    }
  }

  private mutating func readMetadata(
    count: UInt64, from scanner: inout GGUFScanner
  ) throws(ModelFileError) {
    for index in 0..<Int(count) {
      let key = try scanner.string(atMost: Self.maximumKeyBytes, "key \(index)")
      guard indexByKey.updateValue(index, forKey: key) == nil else {
        throw failure("has the key '\(excerpt(key))' twice")
      }
      metadata.append((key, try scanner.value(of: key)))
    }
  }

  private mutating func readAlignment() throws(ModelFileError) {
    guard let index = indexByKey[Self.alignmentKey] else { return }
    let value = metadata[index].value
    guard let bytes = Int(value), bytes > 0, bytes & (bytes - 1) == 0, bytes <= Self.maximumAlignment else {
      throw failure(
        "has \(value) of type \(value.typeName) as \(Self.alignmentKey), expected a power of two up to "
          + "\(Self.maximumAlignment)")
    }
    alignment = bytes
  }

  /// A tensor before it is known where the data begin.
  private struct ListedTensor {
    let name: String
    let dimensions: [Int]
    let type: GGUFTensorType
    let offset: UInt64
    let byteCount: Int
  }

  private mutating func readTensor(
    number: Int, from scanner: inout GGUFScanner
  ) throws(ModelFileError) -> ListedTensor {
    let name = try scanner.string(atMost: Self.maximumNameBytes, "the name of tensor \(number)")
    guard indexByName.updateValue(number, forKey: name) == nil else {
      throw failure(name, "is listed twice")
    }
    let what = "the entry of tensor '\(excerpt(name))'"
    let rank: UInt32 = try scanner.integer(what)
    guard rank <= Self.maximumDimensions else {
      throw failure(name, "has \(rank) dimensions, at most \(Self.maximumDimensions) are read")
    }
    var dimensions: [Int] = []
    var rows = 1
    var tooLarge = false
    for index in 0..<rank {
      let dimension: UInt64 = try scanner.integer(what)
      guard let elements = Int(exactly: dimension) else {
        throw failure(name, "has \(dimension) elements along a dimension, more than can be counted")
      }
      dimensions.append(elements)
      if index > 0 {
        let (product, overflow) = rows.multipliedReportingOverflow(by: elements)
        rows = overflow ? 0 : product
        tooLarge = tooLarge || overflow
      }
    }
    let type = GGUFTensorType(number: try scanner.integer(what))
    let offset: UInt64 = try scanner.integer(what)
    let columns = dimensions.first ?? 1
    guard !tooLarge, !columns.multipliedReportingOverflow(by: rows).overflow else {
      throw failure(name, "has a shape \(dimensions) of more elements than can be counted")
    }
    guard let byteCount = type.byteCount(rows: rows, columns: columns) else {
      throw failure(name, "has shape \(dimensions), of which \(type) cannot store whole blocks")
    }
    return ListedTensor(name: name, dimensions: dimensions, type: type, offset: offset, byteCount: byteCount)
  }

  /// Finds every tensor's bytes, all inside of the file and apart from each other.
  private mutating func place(_ listed: [ListedTensor], headerEnd: Int) throws(ModelFileError) {
    // Cannot overflow: the file is mapped, and an alignment is small.
    let dataStart = (headerEnd + alignment - 1) & ~(alignment - 1)
    let dataBytes = max(fileBytes - dataStart, 0)
    var starts: [Int] = []
    for tensor in listed {
      guard tensor.offset % UInt64(alignment) == 0 else {
        throw failure(tensor.name, "begins at byte \(tensor.offset) of the data, no multiple of \(alignment)")
      }
      guard tensor.offset <= UInt64(dataBytes), tensor.byteCount <= dataBytes - Int(tensor.offset) else {
        throw failure(
          tensor.name,
          "is cut short: \(tensor.byteCount) bytes from byte \(tensor.offset) of the data do not fit the "
            + "\(dataBytes) bytes of data in the file")
      }
      starts.append(Int(tensor.offset))
    }
    let order = listed.indices.sorted { starts[$0] < starts[$1] }
    var ends = listed.indices.map { starts[$0] + listed[$0].byteCount }
    for (index, next) in zip(order, order.dropFirst()) where !listed[index].type.hasKnownSize {
      ends[index] = starts[next]
    }
    if let last = order.last, !listed[last].type.hasKnownSize { ends[last] = dataBytes }
    // Tensors without elements overlap nothing, wherever they lie.
    let occupied = order.filter { ends[$0] > starts[$0] }
    for (index, next) in zip(occupied, occupied.dropFirst()) where starts[next] < ends[index] {
      throw failure(listed[next].name, "overlaps the data of tensor '\(excerpt(listed[index].name))'")
    }
    for (index, tensor) in listed.enumerated() {
      tensors.append(
        GGUFTensor(
          name: tensor.name, dimensions: tensor.dimensions, type: tensor.type, offset: starts[index],
          byteRange: dataStart + starts[index]..<dataStart + ends[index]))
    }
  }

  private func failure(_ message: String) -> ModelFileError {
    ModelFileError(file: file, tensor: nil, message: message)
  }

  private func failure(_ tensor: String, _ message: String) -> ModelFileError {
    ModelFileError(file: file, tensor: tensor, message: message)
  }
}
