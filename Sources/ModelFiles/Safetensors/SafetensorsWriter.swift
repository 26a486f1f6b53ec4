/// Writes a safetensors file: all tensors are declared first, then their data follow in the same order, in pieces of
/// any size. The file appears under its name when it is complete.
public final class SafetensorsWriter {
  /// A tensor to be written.
  public struct Declaration: Sendable, Hashable {
    /// The name, unique in the file.
    public let name: String
    /// The type of the elements.
    public let elementType: SafetensorsElementType
    /// Elements along each dimension, outermost first.
    public let shape: [Int]

    /// A tensor with every part given.
    public init(name: String, elementType: SafetensorsElementType, shape: [Int]) {
      self.name = name
      self.elementType = elementType
      self.shape = shape
    }
  }

  private let path: String
  private let output: PartialFile
  private var remainingBytes: Int

  /// Begins the file at `path`, which replaces one that is there when it is finished.
  ///
  /// The format has no gaps between tensors: those with wider elements first are aligned for readers that map the
  /// file.
  ///
  /// - Parameters:
  ///   - tensors: In the order of their data.
  ///   - metadata: Free text, such as `format: pt`, which some readers ask for.
  /// - Throws: ``ModelFileError`` if a name occurs twice, a type is unknown, a shape cannot be counted, or the file
  ///   cannot be written.
  public init(
    path: String, tensors: [Declaration], metadata: [String: String] = [:]
  ) throws(ModelFileError) {
    self.path = path
    var names: Set<String> = ["__metadata__"]
    var entries: [String] = []
    var position = 0
    if !metadata.isEmpty {
      let texts = metadata.sorted { $0.key < $1.key }.map {
        JSONText.string($0.key) + ":" + JSONText.string($0.value)
      }
      entries.append("\"__metadata__\":{" + texts.joined(separator: ",") + "}")
    }
    for tensor in tensors {
      guard names.insert(tensor.name).inserted else {
        throw Self.failure(path, tensor.name, "is declared twice, or is the name of the metadata")
      }
      guard tensor.name.utf8.count <= SafetensorsHeader.maximumBytes,
        tensor.shape.count <= SafetensorsHeader.maximumRank, tensor.shape.allSatisfy({ $0 >= 0 }),
        let bits = tensor.elementType.bits,
        let bytes = SafetensorsHeader.byteCount(shape: tensor.shape, bits: bits),
        case let (end, overflow) = position.addingReportingOverflow(bytes), !overflow
      else {
        throw Self.failure(
          path, tensor.name, "cannot be written with shape \(tensor.shape) of \(tensor.elementType)")
      }
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      entries.append(
        JSONText.string(tensor.name) + ":{\"dtype\":\"\(tensor.elementType)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(position),\(end)]}")
      position = end
    }
    remainingBytes = position
    var header = Array(("{" + entries.joined(separator: ",") + "}").utf8)
    // Spaces make the data begin at a multiple of 8.
    header += [UInt8](repeating: 32, count: (8 - header.count % 8) % 8)
    guard header.count <= SafetensorsHeader.maximumBytes, tensors.count <= SafetensorsHeader.maximumTensors
    else {
      throw Self.failure(path, nil, "would have a header of \(header.count) bytes, more than readers accept")
    }
    output = try PartialFile(path: path)
    let length = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
    try output.write(length + header)
  }

  /// Appends data, row-major and little-endian.
  ///
  /// - Throws: ``ModelFileError`` if that is more than was declared, or the disk is full.
  public func write(_ bytes: UnsafeRawBufferPointer) throws(ModelFileError) {
    guard bytes.count <= remainingBytes else {
      throw Self.failure(
        path, nil, "is given \(bytes.count - remainingBytes) bytes more than its tensors have")
    }
    try output.write(bytes)
    remainingBytes -= bytes.count
  }

  /// Gives the file its name.
  ///
  /// - Throws: ``ModelFileError`` if data are missing, or the file cannot be completed.
  public func finish() throws(ModelFileError) {
    guard remainingBytes == 0 else {
      throw Self.failure(path, nil, "is incomplete: \(remainingBytes) bytes of its tensors are missing")
    }
    try output.finish()
  }

  private static func failure(_ path: String, _ tensor: String?, _ message: String) -> ModelFileError {
    ModelFileError(file: path, tensor: tensor, message: message)
  }
}
