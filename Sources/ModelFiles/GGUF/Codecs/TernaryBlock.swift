/// A block of packed trits. Everywhere the codes 0, 1 and 2 mean -1, 0 and +1.
protocol TernaryBlock {
  /// Trits of a block.
  static var elements: Int { get }
  /// Bytes of a block, its scale included.
  static var bytes: Int { get }
  /// Unpacks one block to `elements` values. Code 3 becomes 2; wherever one is, a bit of `invalid` is set.
  static func decode(
    _ block: UnsafeRawPointer, into values: UnsafeMutablePointer<Int8>, invalid: inout SIMD32<UInt8>)
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
    var invalid = SIMD32<UInt8>.zero
    for block in blocks {
      decode(
        base + block * Self.bytes, into: values + (block - blocks.lowerBound) * elements, invalid: &invalid)
    }
    return invalid == .zero
  }
}

/// The four codes of each of 32 bytes, as two vectors of a quarter block's width shifted apart: what i2_s and
/// TQ2_0 have in common.
@inline(__always)
func decodeQuarters<Codes: SIMD & SIMDStorage>(
  _ bytes: UnsafeRawPointer, as type: Codes.Type, shifts: (UInt8, UInt8, UInt8, UInt8),
  into values: UnsafeMutablePointer<Int8>
) -> Codes where Codes.Scalar == UInt8 {
  let packed = bytes.loadUnaligned(as: Codes.self)
  let low = Codes(repeating: 3)
  let one = Codes(repeating: 1)
  let target = UnsafeMutableRawPointer(values)
  let width = Codes.scalarCount
  target.storeBytes(of: ((packed &>> shifts.0) & low) &- one, as: Codes.self)
  target.storeBytes(of: ((packed &>> shifts.1) & low) &- one, toByteOffset: width, as: Codes.self)
  target.storeBytes(of: ((packed &>> shifts.2) & low) &- one, toByteOffset: 2 * width, as: Codes.self)
  target.storeBytes(of: ((packed &>> shifts.3) & low) &- one, toByteOffset: 3 * width, as: Codes.self)
  // Code 3 is the only one with both of its bits.
  return packed & (packed &>> 1) & Codes(repeating: 0x55)
}

/// The reverse of ``decodeQuarters(_:as:shifts:into:)`` for quarters of `width` values.
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
