/// A GGUF file, mapped into memory: metadata and the list of tensors are read and checked at once, tensors when asked
/// for.
public final class GGUFFile: Sendable {
  /// The path the file was opened by.
  public let path: String
  /// Of the format, 2 or 3.
  public let version: Int
  /// Keys and values in the order of the file; no key twice.
  public let metadata: [(key: String, value: GGUFValue)]
  /// All tensors in the order of the file, also those of types that cannot be read.
  public let tensors: [GGUFTensor]
  /// What the data of tensors are aligned to, in bytes: a power of two.
  public let alignment: Int

  private let mapping: MappedFile
  private let indexByKey: [String: Int]
  private let indexByName: [String: Int]

  /// Opens the file at `path` and checks its header against its size.
  ///
  /// The file must not be shortened while this object, or a tensor taken from it, lives.
  ///
  /// - Throws: ``ModelFileError`` if the file cannot be read, is cut short, or its header is not as the format
  ///   demands: another version or byte order, a key or tensor twice, types of no meaning, lists of lists, data
  ///   that are misaligned, outside of the file or overlapping.
  public init(path: String) throws(ModelFileError) {
    self.path = path
    mapping = try MappedFile(path: path)
    let header = try GGUFHeader(of: mapping.bytes, file: path)
    version = Int(header.version)
    metadata = header.metadata
    tensors = header.tensors
    alignment = header.alignment
    indexByKey = header.indexByKey
    indexByName = header.indexByName
  }

  /// The value of a key, `nil` if the file does not have it.
  public subscript(key: String) -> GGUFValue? { indexByKey[key].map { metadata[$0].value } }

  /// The value of a key as a type, `nil` if the file does not have the key.
  ///
  /// - Throws: ``ModelFileError`` if the value has another type.
  public func value<Value: GGUFReadable>(
    of key: String, as type: Value.Type = Value.self
  ) throws(ModelFileError) -> Value? {
    guard let value = self[key] else { return nil }
    guard let converted = Value(value) else {
      throw failure(
        "has \(value) of type \(value.typeName) as '\(excerpt(key))', expected \(Value.expectation)")
    }
    return converted
  }

  /// The value of a key that must be there.
  ///
  /// - Throws: ``ModelFileError`` if it is not, or has another type.
  public func requiredValue<Value: GGUFReadable>(
    of key: String, as type: Value.Type = Value.self
  ) throws(ModelFileError) -> Value {
    guard let value = try value(of: key, as: type) else {
      throw failure("has no key '\(excerpt(key))', expected \(Value.expectation)")
    }
    return value
  }

  /// The description of one tensor, `nil` if the file has none of that name.
  public func tensor(named name: String) -> GGUFTensor? { indexByName[name].map { tensors[$0] } }

  /// A tensor of the file as it lies there.
  ///
  /// - Throws: ``ModelFileError`` if the file has none of that name, its elements are of a type that cannot be read,
  ///   or it has none.
  public func storedTensor(named name: String) throws(ModelFileError) -> StoredTensor {
    guard let tensor = tensor(named: name) else {
      throw ModelFileError(
        file: path, tensor: name, message: "does not exist; the file has \(tensors.count) tensors")
    }
    guard let elementType = tensor.type.elementType else {
      let readable = TensorElementType.allCases.map(\.name).joined(separator: ", ")
      throw ModelFileError(
        file: path, tensor: name,
        message: "has elements of \(tensor.type), which cannot be read; \(readable) can")
    }
    guard !tensor.byteRange.isEmpty else {
      throw ModelFileError(
        file: path, tensor: name, message: "has shape \(tensor.dimensions) without elements")
    }
    return StoredTensor(
      name: name, rows: tensor.rows, columns: tensor.columns, elementType: elementType,
      bytes: UnsafeRawBufferPointer(rebasing: mapping.bytes[tensor.byteRange]), owner: mapping, file: path)
  }

  /// Bytes of the whole file.
  public var byteCount: Int { mapping.bytes.count }

  /// Gives the memory of pages that have been read back to the system; they are read again when they are touched.
  func releasePages() { mapping.releasePages() }

  private func failure(_ message: String) -> ModelFileError {
    ModelFileError(file: path, tensor: nil, message: message)
  }
}
