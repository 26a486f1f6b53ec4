/// A block of packed trits. Everywhere the codes 0, 1 and 2 mean -1, 0 and +1.
protocol TernaryBlock {
  /// Trits of a block.
  static var elements: Int { get }
  /// Bytes of a block, its scale included.
  static var bytes: Int { get }
  /// Unpacks one block to `elements` values. Code 3 becomes 2; wherever one is, a bit of `invalid` is set.
  static func decode(
    _ block: UnsafeRawPointer, into values: UnsafeMutablePointer<Int8>, invalid: inout UInt64)
  /// Packs `elements` trits, without the scale.
  static func encode(_ values: UnsafePointer<Int8>, into block: UnsafeMutablePointer<UInt8>)
}

extension TernaryBlock {
  /// Unpacks whole blocks, `blocks.count * elements` values.
  ///
  /// - Returns: Whether all codes are trits.
  @inline(__always)
  static func decode(
    blocks: Range<Int>, of bytes: UnsafeRawBufferPointer, into values: UnsafeMutablePointer<Int8>
  ) -> Bool {
    guard let base = bytes.baseAddress else { return true }
    var invalid: UInt64 = 0
    for block in blocks {
      decode(
        base + block * Self.bytes, into: values + (block - blocks.lowerBound) * elements, invalid: &invalid)
    }
    return invalid == 0
  }
}

/// Eight bytes of codes at a time as one number: what vectors would do, but in a form that is fast in every build.
enum EightCodes {
  static let ones: UInt64 = 0x0101_0101_0101_0101

  @inline(__always)
  static func load(_ bytes: UnsafeRawPointer, at offset: Int) -> UInt64 {
    UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  /// Writes what eight codes mean. With the top bit of each byte set, subtracting 1 borrows from no neighbour.
  @inline(__always)
  static func store(_ codes: UInt64, to values: UnsafeMutablePointer<Int8>, at offset: Int) {
    let trits = ((codes | 0x80 &* ones) &- ones) ^ (0x80 &* ones)
    UnsafeMutableRawPointer(values).storeBytes(of: trits.littleEndian, toByteOffset: offset, as: UInt64.self)
  }
}

/// The four codes of each of `width` bytes, which lie `width` elements apart: what i2_s and TQ2_0 have in common.
///
/// - Returns: Bits of code 3, the only one with both of its bits set.
@inline(__always)
func decodeQuarters(
  _ bytes: UnsafeRawPointer, width: Int, shifts: (UInt64, UInt64, UInt64, UInt64),
  into values: UnsafeMutablePointer<Int8>
) -> UInt64 {
  let low = 3 &* EightCodes.ones
  var invalid: UInt64 = 0
  for offset in stride(from: 0, to: width, by: 8) {
    let packed = EightCodes.load(bytes, at: offset)
    EightCodes.store((packed &>> shifts.0) & low, to: values, at: offset)
    EightCodes.store((packed &>> shifts.1) & low, to: values, at: offset + width)
    EightCodes.store((packed &>> shifts.2) & low, to: values, at: offset + 2 * width)
    EightCodes.store((packed &>> shifts.3) & low, to: values, at: offset + 3 * width)
    invalid |= packed & (packed &>> 1) & (0x55 &* EightCodes.ones)
  }
  return invalid
}

/// The reverse of ``decodeQuarters(_:width:shifts:into:)`` for quarters of `width` values.
@inline(__always)
func encodeQuarters(
  _ values: UnsafePointer<Int8>, width: Int, shifts: (UInt8, UInt8, UInt8, UInt8),
  into bytes: UnsafeMutablePointer<UInt8>
) {
  for index in 0..<width {
    let first = UInt8(bitPattern: values[index] &+ 1) &<< shifts.0
    let second = UInt8(bitPattern: values[width + index] &+ 1) &<< shifts.1
    let third = UInt8(bitPattern: values[2 * width + index] &+ 1) &<< shifts.2
    let fourth = UInt8(bitPattern: values[3 * width + index] &+ 1) &<< shifts.3
    bytes[index] = first | second | third | fourth
  }
}
