/// A safetensors file, mapped into memory: the header is read and checked at once, tensors when asked for.
public final class SafetensorsFile: Sendable {
  /// The path the file was opened by.
  public let path: String
  /// All tensors, in the order of the header.
  public let tensors: [SafetensorsTensor]
  /// The free text of the header, such as the framework that wrote the file.
  public let metadata: [String: String]

  private let mapping: MappedFile
  private let indexByName: [String: Int]

  /// Opens the file at `path` and checks its header against its size.
  ///
  /// The file must not be shortened while this object lives.
  ///
  /// - Throws: ``ModelFileError`` if the file cannot be read, is cut short, or its header is not as the format
  ///   demands: not JSON, a key missing, unknown or doubled, data outside of the file or overlapping, a size
  ///   that does not follow from shape and type.
  public init(path: String) throws(ModelFileError) {
    self.path = path
    mapping = try MappedFile(path: path)
    let header = try SafetensorsHeader(of: mapping.bytes, file: path)
    tensors = header.tensors
    metadata = header.metadata
    indexByName = Dictionary(uniqueKeysWithValues: tensors.enumerated().map { ($1.name, $0) })
  }

  /// The two-dimensional F32, F16 and BF16 tensors: what can be quantised and multiplied by.
  public var quantizableMatrices: [SafetensorsTensor] { tensors.filter(\.isQuantizableMatrix) }

  /// The description of one tensor.
  ///
  /// - Throws: ``ModelFileError`` if the file has none of that name.
  public func tensor(named name: String) throws(ModelFileError) -> SafetensorsTensor {
    guard let index = indexByName[name] else {
      let matrices = quantizableMatrices
      let examples = matrices.prefix(3).map { "'\(excerpt($0.name))'" }.joined(separator: ", ")
      throw failure(
        name,
        "does not exist; "
          + (matrices.isEmpty
            ? "the file has no matrices of weights"
            : "the file has \(matrices.count) matrices of weights, the first are \(examples)"))
    }
    return tensors[index]
  }

  /// Reads one matrix of weights as floats, widened exactly.
  ///
  /// - Throws: ``ModelFileError`` if there is no such tensor, it is not a matrix of F32, F16 or BF16, or it
  ///   holds values that are not finite.
  public func matrix(named name: String) throws(ModelFileError) -> FloatMatrix {
    let tensor = try tensor(named: name)
    guard tensor.elementType.isReadable else {
      throw failure(
        name, "has elements of \(excerpt(tensor.elementType.description)), expected F32, F16 or BF16")
    }
    guard tensor.isQuantizableMatrix else {
      throw failure(name, "has shape \(tensor.shape), expected rows and columns")
    }
    let (rows, columns) = (tensor.shape[0], tensor.shape[1])
    let values = try floats(of: tensor, rows: 0..<rows, columns: columns)
    return FloatMatrix(rows: rows, columns: columns, values: values)
  }

  /// Bytes of the whole file.
  public var byteCount: Int { mapping.bytes.count }

  /// Gives the memory of pages that have been read back to the system; they are read again when they are touched.
  func releasePages() { mapping.releasePages() }

  /// Where a tensor of this file lies. Valid as long as this object lives.
  func bytes(of tensor: SafetensorsTensor) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: mapping.bytes[tensor.byteRange])
  }

  /// Reads rows of `columns` elements of a tensor of F32, F16 or BF16 that has as many, widened exactly.
  ///
  /// - Throws: ``ModelFileError`` if they hold values that are not finite.
  func floats(
    of tensor: SafetensorsTensor, rows: Range<Int>, columns: Int
  ) throws(ModelFileError) -> [Float] {
    let rowBytes = columns * ((tensor.elementType.bits ?? 8) / 8)
    let bytes = bytes(of: tensor)[rows.lowerBound * rowBytes..<rows.upperBound * rowBytes]
    let values = FloatDecoding.decode(UnsafeRawBufferPointer(rebasing: bytes), as: tensor.elementType)
    guard FloatDecoding.areFinite(values) else {
      let first = values.firstIndex { !$0.isFinite } ?? 0
      let count = values.count { !$0.isFinite }
      throw failure(
        tensor.name,
        "has \(count) values that are not finite, the first is \(values[first]) "
          + "at row \(rows.lowerBound + first / columns), column \(first % columns)")
    }
    return values
  }

  private func failure(_ tensor: String, _ message: String) -> ModelFileError {
    ModelFileError(file: path, tensor: tensor, message: message)
  }
}
