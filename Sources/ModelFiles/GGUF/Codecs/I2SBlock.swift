/// In which order the converters of microsoft/BitNet pack the trits of an i2_s tensor. Nothing in a file says which
/// of the two it is; see ``I2SLayoutCheck``.
public enum I2SLayout: String, CaseIterable, Sendable {
  /// Blocks of 128 trits, byte p of 32 holding trits p, 32 + p, 64 + p and 96 + p: what x86 builds write, and what
  /// published files are.
  case x86
  /// Blocks of 64 trits, byte p of 16 holding trits p, 16 + p, 32 + p and 48 + p: what ARM builds write.
  case arm

  /// Trits of one block. Tensors are packed as one long row, so blocks may reach over the ends of rows.
  public var blockElements: Int {
    switch self {
    case .x86: I2SBlockX86.elements
    case .arm: I2SBlockARM.elements
    }
  }
}

/// 128 trits, the first in the high bits (microsoft/BitNet, src/ggml-bitnet-mad.cpp).
enum I2SBlockX86: TernaryBlock {
  static let elements = 128
  static let bytes = 32

  @inline(__always)
  static func decode(
    _ block: UnsafeRawPointer, into values: UnsafeMutablePointer<Int8>, invalid: inout UInt64
  ) {
    invalid |= decodeQuarters(block, width: 32, shifts: (6, 4, 2, 0), into: values)
  }

  @inline(__always)
  static func encode(_ values: UnsafePointer<Int8>, into block: UnsafeMutablePointer<UInt8>) {
    encodeQuarters(values, width: 32, shifts: (6, 4, 2, 0), into: block)
  }
}

/// 64 trits, the first in the high bits.
enum I2SBlockARM: TernaryBlock {
  static let elements = 64
  static let bytes = 16

  @inline(__always)
  static func decode(
    _ block: UnsafeRawPointer, into values: UnsafeMutablePointer<Int8>, invalid: inout UInt64
  ) {
    invalid |= decodeQuarters(block, width: 16, shifts: (6, 4, 2, 0), into: values)
  }

  @inline(__always)
  static func encode(_ values: UnsafePointer<Int8>, into block: UnsafeMutablePointer<UInt8>) {
    encodeQuarters(values, width: 16, shifts: (6, 4, 2, 0), into: block)
  }
}
