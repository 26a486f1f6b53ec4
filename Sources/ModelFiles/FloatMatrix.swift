/// A dense matrix of floats read from a model file.
public struct FloatMatrix: Sendable, Equatable {
  /// Out-features (N).
  public let rows: Int
  /// In-features (K).
  public let columns: Int
  /// Row-major, `rows * columns` of them, all finite.
  public let values: [Float]
}

/// Widening little-endian elements to Float, exactly.
package enum FloatDecoding {
  /// `bytes` holds a whole number of elements of a readable type.
  static func decode(_ bytes: UnsafeRawBufferPointer, as type: SafetensorsElementType) -> [Float] {
    switch type {
    case .float16: widen(bytes) { (bits: UInt16) in float16(bits) }
    case .bfloat16: widen(bytes) { (bits: UInt16) in Float(bitPattern: UInt32(bits) << 16) }
    default: widen(bytes) { (bits: UInt32) in Float(bitPattern: bits) }
    }
  }

  /// Whether no value is infinite or not a number: the largest magnitude, compared as integers, says so.
  static func areFinite(_ values: [Float]) -> Bool {
    values.withUnsafeBufferPointer { values in
      var largest: UInt32 = 0
      for index in 0..<values.count { largest = max(largest, values[index].magnitude.bitPattern) }
      return largest < Float.infinity.bitPattern
    }
  }

  @inline(__always)
  private static func widen<Bits: FixedWidthInteger & BitwiseCopyable>(
    _ bytes: UnsafeRawBufferPointer, _ widened: (Bits) -> Float
  ) -> [Float] {
    let size = MemoryLayout<Bits>.size
    let count = bytes.count / size
    return [Float](unsafeUninitializedCapacity: count) { values, initialized in
      for index in 0..<count {
        values[index] = widened(
          Bits(littleEndian: bytes.loadUnaligned(fromByteOffset: index * size, as: Bits.self)))
      }
      initialized = count
    }
  }

  /// The Float of an IEEE half. Not by Float16, which Swift lacks on some systems: moved into place, the
  /// exponent is 112 too small, which one multiplication corrects for subnormals too.
  @inline(__always)
  package static func float16(_ bits: UInt16) -> Float {
    let sign = UInt32(bits & 0x8000) << 16
    let magnitude = UInt32(bits & 0x7FFF) << 13
    let isFinite = bits & 0x7C00 != 0x7C00
    let value = isFinite ? (Float(bitPattern: magnitude) * 0x1p112).bitPattern : magnitude | 0x7F80_0000
    return Float(bitPattern: sign | value)
  }
}
