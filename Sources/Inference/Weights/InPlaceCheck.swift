import KernelZoo
import ModelFiles

/// Whether the bytes of a tensor are, as they lie, the packed weights of a kernel; what a decoder would find wrong
/// must be found here too, since no decoder will see them.
struct InPlaceCheck {
  /// The tensor's one scale.
  let scale: Float
  private let tensor: StoredTensor

  /// - Returns: `nil` if the weights must be decoded and packed: another packing, an odd address, padding that the
  ///   packing has and the file has not, or blocks whose scales differ.
  init?(_ tensor: StoredTensor, packing: Packing) {
    guard let expected = Self.packingName(of: tensor.elementType), packing.name == expected,
      tensor.columns % packing.columnMultiple == 0, tensor.rows % packing.rowMultiple == 0
    else { return nil }
    self.tensor = tensor
    switch tensor.elementType {
    case .i2_s:
      scale = Float(
        bitPattern: UInt32(
          littleEndian: tensor.bytes.loadUnaligned(
            fromByteOffset: tensor.rows * tensor.columns / 4, as: UInt32.self)))
    case .tq1_0, .tq2_0:
      guard let common = Self.commonScale(tensor) else { return nil }
      scale = common
    default: return nil
    }
    guard scale.isFinite, scale >= 0 else { return nil }
  }

  /// The packing whose bytes a type's are.
  static func packingName(of type: TensorElementType) -> String? {
    switch type {
    case .i2_s: "i2s"
    case .tq1_0: "tq1"
    case .tq2_0: "tq2"
    default: nil
    }
  }

  /// Whether all two-bit codes of some rows are 0, 1 or 2. Codes of base three can be nothing else.
  func hasOnlyTrits(rows: Range<Int>) -> Bool {
    let codeBytes = tensor.columns / 4
    switch tensor.elementType {
    case .i2_s:
      return Self.hasOnlyTrits(tensor.bytes, rows.lowerBound * codeBytes..<rows.upperBound * codeBytes)
    case .tq2_0:
      let block = tensor.elementType.blockBytes
      let blocks = tensor.columns / tensor.elementType.blockElements
      return (rows.lowerBound * blocks..<rows.upperBound * blocks).allSatisfy {
        Self.hasOnlyTrits(tensor.bytes, $0 * block..<$0 * block + block - 2)
      }
    default: return true
    }
  }

  private static func hasOnlyTrits(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Bool {
    var threes: UInt64 = 0
    var offset = range.lowerBound
    while offset + 8 <= range.upperBound {
      let codes = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      threes |= codes & (codes >> 1) & 0x5555_5555_5555_5555
      offset += 8
    }
    while offset < range.upperBound {
      threes |= UInt64(bytes[offset] & (bytes[offset] >> 1) & 0x55)
      offset += 1
    }
    return threes == 0
  }

  private static func commonScale(_ tensor: StoredTensor) -> Float? {
    let block = tensor.elementType.blockBytes
    func bits(_ index: Int) -> UInt16 {
      UInt16(
        littleEndian: tensor.bytes.loadUnaligned(fromByteOffset: (index + 1) * block - 2, as: UInt16.self))
    }
    let blocks = tensor.rows * (tensor.columns / tensor.elementType.blockElements)
    let first = bits(0)
    guard (1..<blocks).allSatisfy({ bits($0) == first }) else { return nil }
    return FloatDecoding.float16(first)
  }
}
