/// What the header of a GGUF file says about one tensor. The header has been checked against the file.
public struct GGUFTensor: Sendable, Hashable {
  /// The name, unique in the file.
  public let name: String
  /// Elements along each dimension as the file lists them, the contiguous one first; empty for a single number.
  public let dimensions: [Int]
  /// How elements lie, by its number.
  public let type: GGUFTensorType
  /// From the beginning of the tensor data, as in the header.
  public let offset: Int
  /// Where the data lie, from the beginning of the file. Of a type of unknown size: up to the next tensor.
  public let byteRange: Range<Int>

  /// In-features: elements that lie side by side.
  public var columns: Int { dimensions.first ?? 1 }
  /// Out-features: everything else, 1 for a vector. The reader has checked that the number exists.
  public var rows: Int { dimensions.dropFirst().reduce(1, &*) }
}

/// The type of a tensor's elements by its number in the file.
public struct GGUFTensorType: Sendable, Hashable, CustomStringConvertible {
  /// The number in the file.
  public let number: UInt32

  /// The type of that number, known or not.
  public init(number: UInt32) { self.number = number }

  /// The type if its elements can be read.
  public var elementType: TensorElementType? { TensorElementType(rawValue: number) }

  /// The name, for a number without one `type 99`.
  public var description: String {
    elementType?.name ?? Self.layouts[number]?.name ?? "type \(number)"
  }

  /// Bytes of a tensor of whole rows; `nil` if its shape does not allow for the type or is too large.
  /// Of a type of unknown size 0: that much is there.
  func byteCount(rows: Int, columns: Int) -> Int? {
    if rows == 0 || columns == 0 { return 0 }
    if let elementType { return StoredTensor.byteCount(rows: rows, columns: columns, of: elementType) }
    guard let layout = Self.layouts[number] else { return 0 }
    guard columns % layout.elements == 0 else { return nil }
    let (blocks, overflow) = (columns / layout.elements).multipliedReportingOverflow(by: rows)
    let (bytes, tooLarge) = blocks.multipliedReportingOverflow(by: layout.bytes)
    return overflow || tooLarge ? nil : bytes
  }

  /// Whether ``byteCount(rows:columns:)`` knows.
  var hasKnownSize: Bool { elementType != nil || Self.layouts[number] != nil }

  private struct Layout {
    let name: String
    let elements: Int
    let bytes: Int
  }

  /// Types that are listed but not read (ggml-org/llama.cpp, gguf-py/gguf/constants.py). Numbers from 36 on are
  /// left out: forks give them different meanings.
  private static let layouts: [UInt32: Layout] = [
    3: Layout(name: "Q4_1", elements: 32, bytes: 20), 6: Layout(name: "Q5_0", elements: 32, bytes: 22),
    7: Layout(name: "Q5_1", elements: 32, bytes: 24), 9: Layout(name: "Q8_1", elements: 32, bytes: 36),
    10: Layout(name: "Q2_K", elements: 256, bytes: 84), 11: Layout(name: "Q3_K", elements: 256, bytes: 110),
    12: Layout(name: "Q4_K", elements: 256, bytes: 144), 13: Layout(name: "Q5_K", elements: 256, bytes: 176),
    15: Layout(name: "Q8_K", elements: 256, bytes: 292),
    16: Layout(name: "IQ2_XXS", elements: 256, bytes: 66),
    17: Layout(name: "IQ2_XS", elements: 256, bytes: 74),
    18: Layout(name: "IQ3_XXS", elements: 256, bytes: 98),
    19: Layout(name: "IQ1_S", elements: 256, bytes: 50), 20: Layout(name: "IQ4_NL", elements: 32, bytes: 18),
    21: Layout(name: "IQ3_S", elements: 256, bytes: 110), 22: Layout(name: "IQ2_S", elements: 256, bytes: 82),
    23: Layout(name: "IQ4_XS", elements: 256, bytes: 136), 24: Layout(name: "I8", elements: 1, bytes: 1),
    25: Layout(name: "I16", elements: 1, bytes: 2), 26: Layout(name: "I32", elements: 1, bytes: 4),
    27: Layout(name: "I64", elements: 1, bytes: 8), 28: Layout(name: "F64", elements: 1, bytes: 8),
    29: Layout(name: "IQ1_M", elements: 256, bytes: 56),
  ]
}
