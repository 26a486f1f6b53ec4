import Ternary

/// A tensor that is going to be written.
public struct GGUFTensorPlan: Sendable, Hashable {
  /// The name, unique in the file.
  public let name: String
  /// Elements along each dimension, the contiguous one first.
  public let dimensions: [Int]
  /// How elements lie.
  public let elementType: TensorElementType

  /// A tensor of any number of dimensions.
  public init(name: String, dimensions: [Int], elementType: TensorElementType) {
    self.name = name
    self.dimensions = dimensions
    self.elementType = elementType
  }

  /// A tensor of a model: a matrix, or a vector for a norm.
  public init(_ role: TensorRole, of architecture: ModelArchitecture, elementType: TensorElementType) {
    self.init(
      name: role.ggufName, dimensions: architecture.ggufDimensions(of: role), elementType: elementType)
  }
}

/// Writes a GGUF file of version 3 from front to back: what is in it is said at the beginning, then the data of one
/// tensor after another are appended. The file appears at its place when it is finished; until then, and after an
/// error, there is nothing.
public final class GGUFWriter {
  /// Where the file is to appear.
  public let path: String

  private let file: PartialFile
  private let tensors: [GGUFTensorPlan]
  private let byteCounts: [Int]
  private let alignment: Int
  private var current = 0
  private var written = 0

  /// Begins a file and writes its header.
  ///
  /// - Parameters:
  ///   - metadata: In the order they are to have. `general.alignment` is added at the end if `alignment` is not 32.
  ///   - tensors: In the order their data are going to be appended.
  ///   - alignment: Of every tensor, in bytes: a power of two. With 64, mapped data suit the widest vectors.
  /// - Throws: ``ModelFileError`` if a key or tensor comes twice, a shape does not fit its type, or the file cannot
  ///   be written.
  public init(
    path: String, metadata: [(key: String, value: GGUFValue)], tensors: [GGUFTensorPlan], alignment: Int = 32
  ) throws(ModelFileError) {
    guard alignment > 0, alignment & (alignment - 1) == 0, alignment <= GGUFHeader.maximumAlignment else {
      throw ModelFileError(
        file: path, tensor: nil,
        message:
          "cannot be aligned to \(alignment), expected a power of two up to \(GGUFHeader.maximumAlignment)")
    }
    self.path = path
    self.tensors = tensors
    self.alignment = alignment
    byteCounts = try Self.byteCounts(of: tensors, path: path)
    let header = try Self.header(
      metadata: metadata, tensors: tensors, byteCounts: byteCounts, alignment: alignment, path: path)
    file = try PartialFile(path: path)
    try file.write(header)
    try pad(after: header.count)
    try skipEmpty()
  }

  /// Appends bytes to a tensor, in one piece or several: as many in all as shape and type demand.
  ///
  /// - Throws: ``ModelFileError`` if it is not that tensor's turn, it is full, or the file cannot be written.
  public func append(_ bytes: UnsafeRawBufferPointer, to name: String) throws(ModelFileError) {
    guard current < tensors.count, tensors[current].name == name else {
      let turn =
        current < tensors.count ? "it is the turn of '\(excerpt(tensors[current].name))'" : "all are whole"
      throw failure(name, "cannot be written now: \(turn)")
    }
    let (end, expected) = (written + bytes.count, byteCounts[current])
    guard end <= expected else { throw failure(name, "would have \(end) bytes, expected \(expected)") }
    try file.write(bytes)
    written = end
    if written == expected {
      try pad(after: written)
      advance()
      try skipEmpty()
    }
  }

  /// Appends bytes to a tensor; see ``append(_:to:)-(UnsafeRawBufferPointer,_)``.
  ///
  /// - Throws: ``ModelFileError`` as there.
  public func append(_ bytes: [UInt8], to name: String) throws(ModelFileError) {
    try bytes.withUnsafeBufferPointer { bytes throws(ModelFileError) in
      try append(UnsafeRawBufferPointer(bytes), to: name)
    }
  }

  /// Appends floats to a tensor of F32, F16, BF16, Q8_0, Q6_K or Q4_0: whole blocks, in one piece or several.
  ///
  /// - Throws: ``ModelFileError`` if the type is another one, a value is not finite or too large for it, or as for
  ///   bytes.
  public func append(_ floats: [Float], to name: String) throws(ModelFileError) {
    let type = try elementType(of: name)
    guard let bytes = FloatEncoding.encode(floats, as: type) else {
      throw failure(name, "of \(type.name) cannot be written from \(floats.count) floats")
    }
    // A block's scale is at most its largest value, so this holds for the scales as well.
    let limit: Float = type == .float32 || type == .bfloat16 ? .greatestFiniteMagnitude : 65_504
    if let index = floats.firstIndex(where: { !($0.magnitude <= limit) }) {
      throw failure(name, "cannot hold the value \(floats[index]) at \(index) as \(type.name)")
    }
    try append(bytes, to: name)
  }

  /// Appends a whole ternary tensor of TQ1_0, TQ2_0 or, in x86 layout, I2_S.
  ///
  /// - Throws: ``ModelFileError`` if the type is another one or cannot hold the matrix, or as for bytes.
  public func append(_ matrix: TernaryMatrix, to name: String) throws(ModelFileError) {
    let type = try elementType(of: name)
    guard type == .i2_s || matrix.scale.float16Bits < 0x7C00, let bytes = matrix.encoded(as: type) else {
      throw failure(
        name,
        "of \(type.name) cannot hold a ternary matrix of \(matrix.rows)x\(matrix.columns) and scale \(matrix.scale)"
      )
    }
    try append(bytes, to: name)
  }

  /// Puts the file in its place, over what may be there.
  ///
  /// - Throws: ``ModelFileError`` if a tensor is not whole, or the file cannot be written.
  public func finish() throws(ModelFileError) {
    guard current == tensors.count else {
      throw failure(
        tensors[current].name, "is not whole: \(written) of its \(byteCounts[current]) bytes were written")
    }
    try file.finish()
  }

  private func elementType(of name: String) throws(ModelFileError) -> TensorElementType {
    guard current < tensors.count, tensors[current].name == name else {
      throw failure(name, "cannot be written now, tensors come in the order that was said at the beginning")
    }
    return tensors[current].elementType
  }

  private func advance() {
    current += 1
    written = 0
  }

  private func skipEmpty() throws(ModelFileError) {
    while current < tensors.count, byteCounts[current] == 0 { advance() }
  }

  /// Fills up to the next aligned byte; everything before `count` bytes ago was aligned.
  private func pad(after count: Int) throws(ModelFileError) {
    try file.write([UInt8](repeating: 0, count: Self.padding(count, to: alignment)))
  }

  private func failure(_ tensor: String, _ message: String) -> ModelFileError {
    ModelFileError(file: path, tensor: tensor, message: message)
  }
}

extension GGUFWriter {
  /// Bytes from `count` to the next multiple of `alignment`.
  private static func padding(_ count: Int, to alignment: Int) -> Int {
    (alignment - count & (alignment - 1)) & (alignment - 1)
  }

  private static func byteCounts(
    of tensors: [GGUFTensorPlan], path: String
  ) throws(ModelFileError) -> [Int] {
    var names = Set<String>()
    var counts: [Int] = []
    for tensor in tensors {
      guard names.insert(tensor.name).inserted else {
        throw ModelFileError(file: path, tensor: tensor.name, message: "is to be written twice")
      }
      var rows = 1
      var overflow = false
      for dimension in tensor.dimensions.dropFirst() where !overflow {
        (rows, overflow) = rows.multipliedReportingOverflow(by: dimension)
      }
      let type = GGUFTensorType(number: tensor.elementType.rawValue)
      guard !overflow, let count = type.byteCount(rows: rows, columns: tensor.dimensions.first ?? 1) else {
        throw ModelFileError(
          file: path, tensor: tensor.name,
          message: "has shape \(tensor.dimensions), of which \(type) cannot store whole blocks")
      }
      counts.append(count)
    }
    return counts
  }

  private static func header(
    metadata: [(key: String, value: GGUFValue)], tensors: [GGUFTensorPlan], byteCounts: [Int], alignment: Int,
    path: String
  ) throws(ModelFileError) -> [UInt8] {
    var metadata = metadata
    if alignment != GGUFHeader.defaultAlignment {
      metadata.append((GGUFHeader.alignmentKey, .uint32(UInt32(alignment))))
    }
    var encoder = GGUFEncoder()
    encoder.append(GGUFHeader.magic)
    encoder.append(UInt32(3))
    encoder.append(UInt64(tensors.count))
    encoder.append(UInt64(metadata.count))
    var keys = Set<String>()
    for (key, value) in metadata {
      guard keys.insert(key).inserted else {
        throw ModelFileError(file: path, tensor: nil, message: "would have the key '\(excerpt(key))' twice")
      }
      encoder.append(key)
      encoder.append(value)
    }
    var offset = 0
    for (tensor, byteCount) in zip(tensors, byteCounts) {
      encoder.append(tensor.name)
      encoder.append(UInt32(tensor.dimensions.count))
      for dimension in tensor.dimensions { encoder.append(UInt64(dimension)) }
      encoder.append(tensor.elementType.rawValue)
      encoder.append(UInt64(offset))
      let (end, overflow) = offset.addingReportingOverflow(byteCount)
      guard !overflow, end <= Int.max - alignment else {
        throw ModelFileError(
          file: path, tensor: tensor.name, message: "makes the file larger than can be counted")
      }
      offset = end + padding(end, to: alignment)
    }
    return encoder.bytes
  }
}
