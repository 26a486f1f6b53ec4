/// A block of trits that ends in its own binary16 scale.
protocol ScaledTernaryBlock: TernaryBlock {}

extension ScaledTernaryBlock {
  /// The bits of a block's scale.
  @inline(__always)
  static func scaleBits(ofBlock block: Int, in bytes: UnsafeRawBufferPointer) -> UInt16 {
    UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: (block + 1) * Self.bytes - 2, as: UInt16.self))
  }
}

/// TQ2_0: two halves of 128 trits as 32 bytes each, the first trits in the low bits; then the scale.
enum TQ2Block: ScaledTernaryBlock {
  static let elements = 256
  static let bytes = 66

  @inline(__always)
  static func decode(
    _ block: UnsafeRawPointer, into values: UnsafeMutablePointer<Int8>, invalid: inout UInt64
  ) {
    for half in 0..<2 {
      invalid |= decodeQuarters(
        block + half * 32, width: 32, shifts: (0, 2, 4, 6), into: values + half * 128)
    }
  }

  @inline(__always)
  static func encode(_ values: UnsafePointer<Int8>, into block: UnsafeMutablePointer<UInt8>) {
    for half in 0..<2 {
      encodeQuarters(values + half * 128, width: 32, shifts: (0, 2, 4, 6), into: block + half * 32)
    }
  }
}

/// TQ1_0: 32 bytes of five trits, 16 bytes of five and 4 bytes of four, each a fraction of 243 that is multiplied by
/// three for one trit after the other; then the scale (compilade, github.com/ggml-org/llama.cpp/pull/8151).
enum TQ1Block: ScaledTernaryBlock {
  static let elements = 256
  static let bytes = 54

  @inline(__always)
  static func decode(
    _ block: UnsafeRawPointer, into values: UnsafeMutablePointer<Int8>, invalid: inout UInt64
  ) {
    for offset in stride(from: 0, to: 32, by: 8) {
      decode(EightCodes.load(block, at: offset), width: 32, into: values + offset)
    }
    for offset in stride(from: 0, to: 16, by: 8) {
      decode(EightCodes.load(block, at: 32 + offset), width: 16, into: values + 160 + offset)
    }
    // The last four bytes come in front of four that mean nothing here, so two of their digits make eight values.
    let last = UInt64(UInt32(littleEndian: block.loadUnaligned(fromByteOffset: 48, as: UInt32.self)))
    var fractions = (even: last & evenBytes, odd: last &>> 8 & evenBytes)
    for digit in stride(from: 0, to: 4, by: 2) {
      let first = nextDigits(&fractions)
      let second = nextDigits(&fractions)
      EightCodes.store(first | second &<< 32, to: values + 240, at: digit * 4)
    }
  }

  private static let evenBytes: UInt64 = 0x00FF_00FF_00FF_00FF

  /// The first digit of eight bytes, then the second of all, and so on, each `width` elements after the last.
  @inline(__always)
  private static func decode(_ packed: UInt64, width: Int, into values: UnsafeMutablePointer<Int8>) {
    var fractions = (even: packed & evenBytes, odd: packed &>> 8 & evenBytes)
    for digit in 0..<5 { EightCodes.store(nextDigits(&fractions), to: values, at: digit * width) }
  }

  /// The whole part of three times each fraction, of which the rest stays. Every other byte has room above it.
  @inline(__always)
  private static func nextDigits(_ fractions: inout (even: UInt64, odd: UInt64)) -> UInt64 {
    let (even, odd) = (fractions.even &* 3, fractions.odd &* 3)
    fractions = (even & evenBytes, odd & evenBytes)
    return (even &>> 8) & evenBytes | odd & ~evenBytes
  }

  @inline(__always)
  static func encode(_ values: UnsafePointer<Int8>, into block: UnsafeMutablePointer<UInt8>) {
    encode(values, width: 32, digits: 5, into: block)
    encode(values + 160, width: 16, digits: 5, into: block + 32)
    encode(values + 240, width: 4, digits: 4, into: block + 48)
  }

  @inline(__always)
  private static func encode(
    _ values: UnsafePointer<Int8>, width: Int, digits: Int, into bytes: UnsafeMutablePointer<UInt8>
  ) {
    for index in 0..<width {
      var number: UInt16 = 0
      for digit in 0..<5 {
        let code = digit < digits ? UInt16(UInt8(bitPattern: values[digit * width + index] &+ 1)) : 0
        number = number &* 3 &+ code
      }
      // Rounded up, so that cutting to whole digits gives the number back.
      bytes[index] = UInt8(truncatingIfNeeded: (number &* 256 &+ 242) / 243)
    }
  }
}
