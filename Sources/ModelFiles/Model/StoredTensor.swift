/// A matrix or vector as it lies in a file, mapped into memory. Rows are out-features, contiguous and whole blocks.
public struct StoredTensor: @unchecked Sendable {
  // Unchecked because of the pointer; nothing ever writes through it.

  /// The name in the file.
  public let name: String
  /// Out-features; 1 for a vector.
  public let rows: Int
  /// In-features.
  public let columns: Int
  /// How elements lie.
  public let elementType: TensorElementType
  /// The data, tail included: as many bytes as shape and type demand, which the reader has checked. Valid as long
  /// as this value lives.
  public let bytes: UnsafeRawBufferPointer
  /// Keeps the mapping alive.
  private let owner: any AnyObject & Sendable
  /// The file, for errors.
  let file: String

  /// - Parameters:
  ///   - bytes: Must be ``byteCount(rows:columns:of:)`` long.
  ///   - owner: What the bytes belong to.
  ///   - file: The name that errors give it.
  package init(
    name: String, rows: Int, columns: Int, elementType: TensorElementType, bytes: UnsafeRawBufferPointer,
    owner: any AnyObject & Sendable, file: String = "memory"
  ) {
    self.name = name
    self.rows = rows
    self.columns = columns
    self.elementType = elementType
    self.bytes = bytes
    self.owner = owner
    self.file = file
  }

  /// Bytes of a tensor, tail included; `nil` when a row is not whole blocks or the number is too large.
  public static func byteCount(rows: Int, columns: Int, of type: TensorElementType) -> Int? {
    guard rows > 0, columns > 0 else { return nil }
    let (elements, overflow) = rows.multipliedReportingOverflow(by: columns)
    // Rows of i2_s need not be whole blocks of 128; the tensor must.
    let whole = type == .i2_s ? elements % 64 == 0 : columns % type.blockElements == 0
    guard !overflow, whole else { return nil }
    let (bytes, tooLarge) = (elements / type.blockElements).multipliedReportingOverflow(by: type.blockBytes)
    let (total, tailTooLarge) = bytes.addingReportingOverflow(type.tailBytes)
    return tooLarge || tailTooLarge ? nil : total
  }

  /// Bytes from one row to the next.
  public var rowBytes: Int { columns / elementType.blockElements * elementType.blockBytes }
}
