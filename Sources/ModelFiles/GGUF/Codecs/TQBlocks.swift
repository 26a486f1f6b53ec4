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
    _ block: UnsafeRawPointer, into values: UnsafeMutablePointer<Int8>, invalid: inout SIMD32<UInt8>
  ) {
    for half in 0..<2 {
      invalid |= decodeQuarters(
        block + half * 32, as: SIMD32<UInt8>.self, shifts: (0, 2, 4, 6), into: values + half * 128)
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
    _ block: UnsafeRawPointer, into values: UnsafeMutablePointer<Int8>, invalid: inout SIMD32<UInt8>
  ) {
    decode(block.loadUnaligned(as: SIMD32<UInt8>.self), digits: 5, into: values)
    decode(block.loadUnaligned(fromByteOffset: 32, as: SIMD16<UInt8>.self), digits: 5, into: values + 160)
    decode(block.loadUnaligned(fromByteOffset: 48, as: SIMD4<UInt8>.self), digits: 4, into: values + 240)
  }

  /// The first digit of all bytes, then the second of all, and so on: the whole part of three times the fraction,
  /// which is 2 from 171 / 256 and 1 from 86 / 256.
  @inline(__always)
  private static func decode<Fractions: SIMD & SIMDStorage>(
    _ packed: Fractions, digits: Int, into values: UnsafeMutablePointer<Int8>
  ) where Fractions.Scalar == UInt8 {
    let (zero, one) = (Fractions(repeating: 0), Fractions(repeating: 1))
    var fractions = packed
    for digit in 0..<digits {
      let isOne = one.replacing(with: zero, where: fractions .< Fractions(repeating: 86))
      let isTwo = one.replacing(with: zero, where: fractions .< Fractions(repeating: 171))
      UnsafeMutableRawPointer(values).storeBytes(
        of: isOne &+ isTwo &- one, toByteOffset: digit * Fractions.scalarCount, as: Fractions.self)
      fractions = fractions &+ fractions &+ fractions
    }
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
