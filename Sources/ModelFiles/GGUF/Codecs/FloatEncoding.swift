/// Floats as the bytes of a file.
enum FloatEncoding {
  /// `values` in whole blocks of a type that is not ternary; `nil` for ternary ones. Rounded to
  /// nearest, ties to even for F16 and BF16; what is too large for F16, also as a scale, becomes infinite.
  static func encode(_ values: [Float], as type: TensorElementType) -> [UInt8]? {
    switch type {
    case .float32: encode(values, as: \.bitPattern)
    case .float16: encode(values, as: \.float16Bits)
    case .bfloat16: encode(values, as: \.bfloat16Bits)
    case .q8_0: encodeBlocks(values, elements: Q8Block.elements, bytes: Q8Block.bytes, encodeQ8)
    case .q4_0: encodeBlocks(values, elements: Q4Block.elements, bytes: Q4Block.bytes, encodeQ4)
    case .q6_K: encodeBlocks(values, elements: Q6Block.elements, bytes: Q6Block.bytes, Q6Encoding.append)
    case .tq1_0, .tq2_0, .i2_s: nil
    }
  }

  private static func encode<Bits: FixedWidthInteger>(_ values: [Float], as bits: (Float) -> Bits) -> [UInt8]
  {
    let size = MemoryLayout<Bits>.size
    return [UInt8](unsafeUninitializedCapacity: values.count * size) { bytes, initialized in
      let target = UnsafeMutableRawBufferPointer(bytes)
      for (index, value) in values.enumerated() {
        target.storeBytes(of: bits(value).littleEndian, toByteOffset: index * size, as: Bits.self)
      }
      initialized = values.count * size
    }
  }

  private static func encodeBlocks(
    _ values: [Float], elements: Int, bytes: Int, _ encode: (ArraySlice<Float>, inout [UInt8]) -> Void
  ) -> [UInt8]? {
    guard values.count % elements == 0 else { return nil }
    var encoded: [UInt8] = []
    encoded.reserveCapacity(values.count / elements * bytes)
    for start in stride(from: 0, to: values.count, by: elements) {
      encode(values[start..<start + elements], &encoded)
    }
    return encoded
  }

  /// The largest magnitude becomes 127; halves round away from zero as in ggml.
  private static func encodeQ8(_ values: ArraySlice<Float>, to bytes: inout [UInt8]) {
    let scale = values.reduce(0) { max($0, $1.magnitude) } / 127
    append(half: scale, to: &bytes)
    let factor = scale == 0 ? 0 : 1 / scale
    for value in values {
      bytes.append(
        UInt8(bitPattern: Int8(clamping: whole((value * factor).rounded(.toNearestOrAwayFromZero)))))
    }
  }

  /// The largest magnitude, with its sign, becomes -8.
  private static func encodeQ4(_ values: ArraySlice<Float>, to bytes: inout [UInt8]) {
    let largest = values.reduce(0) { $1.magnitude > $0.magnitude ? $1 : $0 }
    let scale = largest / -8
    append(half: scale, to: &bytes)
    let factor = scale == 0 ? 0 : 1 / scale
    let codes = values.map { UInt8(min(max(whole(($0 * factor + 8.5).rounded(.towardZero)), 0), 15)) }
    for index in 0..<16 { bytes.append(codes[index] | codes[16 + index] << 4) }
  }

  /// A rounded number; 0 for what is not finite or far outside of any code.
  private static func whole(_ value: Float) -> Int { Int(exactly: value) ?? 0 }

  private static func append(half value: Float, to bytes: inout [UInt8]) {
    let bits = value.float16Bits
    bytes.append(UInt8(truncatingIfNeeded: bits))
    bytes.append(UInt8(truncatingIfNeeded: bits >> 8))
  }
}

extension Float {
  /// The nearest bfloat16, ties to even.
  var bfloat16Bits: UInt16 {
    if isNaN { return UInt16(truncatingIfNeeded: bitPattern >> 16) | 0x40 }
    return UInt16(truncatingIfNeeded: (bitPattern &+ 0x7FFF &+ ((bitPattern >> 16) & 1)) >> 16)
  }

  /// The nearest IEEE half, ties to even. Not by Float16, which Swift lacks on some systems.
  var float16Bits: UInt16 {
    let sign = UInt16(truncatingIfNeeded: (bitPattern >> 16) & 0x8000)
    if isNaN { return sign | 0x7E00 }
    let size = magnitude
    // Half of the last place above the largest half, 65504, rounds to infinity.
    if size >= 65520 { return sign | 0x7C00 }
    // Below the normal halves the last place is worth 2⁻²⁴, as it is of floats from 0.5 to 1: adding 0.5 rounds.
    if size < 0x1p-14 { return sign | UInt16(truncatingIfNeeded: (size + 0.5).bitPattern &- 0x3F00_0000) }
    let odd = (size.bitPattern >> 13) & 1
    // The exponent is 112 smaller in a half.
    let rounded = size.bitPattern &+ 0xFFF &+ odd &- (112 << 23)
    return sign | UInt16(truncatingIfNeeded: rounded >> 13)
  }
}
