import Ternary

extension TernaryMatrix {
  /// The matrix as the bytes of a ternary type, tail included.
  ///
  /// I2_S keeps the scale exactly; TQ1_0 and TQ2_0 round it to binary16, and to infinity from 65520.
  /// - Parameter layout: How to lay out I2_S; other types ignore it.
  /// - Returns: `nil` if the type is not ternary or the matrix is not whole blocks of it: for I2_S the whole matrix,
  ///   for TQ1_0 and TQ2_0 every row.
  public func encoded(as type: TensorElementType, layout: I2SLayout = .x86) -> [UInt8]? {
    let count = StoredTensor.byteCount(rows: rows, columns: columns, of: type)
    guard let count, type.isTernary else { return nil }
    return switch (type, layout) {
    case (.tq1_0, _): encoded(as: TQ1Block.self, byteCount: count, blockScale: scale.float16Bits)
    case (.tq2_0, _): encoded(as: TQ2Block.self, byteCount: count, blockScale: scale.float16Bits)
    case (_, .x86): encodedI2S(as: I2SBlockX86.self, byteCount: count)
    case (_, .arm): encodedI2S(as: I2SBlockARM.self, byteCount: count)
    }
  }

  private func encodedI2S<Block: TernaryBlock>(as type: Block.Type, byteCount: Int) -> [UInt8]? {
    guard values.count % Block.elements == 0 else { return nil }
    var bytes = encoded(as: type, byteCount: byteCount, blockScale: nil)
    // The converter fills the tail with copies of the scale.
    bytes.withUnsafeMutableBytes { bytes in
      for offset in stride(from: values.count / 4, to: byteCount, by: 4) {
        bytes.storeBytes(of: scale.bitPattern.littleEndian, toByteOffset: offset, as: UInt32.self)
      }
    }
    return bytes
  }

  @inline(__always)
  private func encoded<Block: TernaryBlock>(
    as type: Block.Type, byteCount: Int, blockScale: UInt16?
  ) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: byteCount) { bytes, initialized in
      bytes.initialize(repeating: 0)
      values.withUnsafeBufferPointer { values in
        guard let source = values.baseAddress, let target = bytes.baseAddress else { return }
        for block in 0..<values.count / Block.elements {
          Block.encode(source + block * Block.elements, into: target + block * Block.bytes)
          guard let blockScale else { continue }
          bytes[(block + 1) * Block.bytes - 2] = UInt8(truncatingIfNeeded: blockScale)
          bytes[(block + 1) * Block.bytes - 1] = UInt8(truncatingIfNeeded: blockScale >> 8)
        }
      }
      initialized = byteCount
    }
  }
}
