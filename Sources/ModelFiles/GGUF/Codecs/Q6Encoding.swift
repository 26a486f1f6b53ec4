/// Floats as blocks of Q6_K: 16 groups of 16 floats with codes of -32 to 31, a signed scale of 8 bits for each group
/// and one binary16 scale for the block. ``Q6Block`` says where what lies.
enum Q6Encoding {
  private static let groupElements = 16
  private static let codes: ClosedRange<Float> = -32...31

  /// Appends one block of 256 floats; what is not finite becomes some value.
  static func append(_ values: ArraySlice<Float>, to bytes: inout [UInt8]) {
    let values = Array(values)
    let groups = stride(from: 0, to: values.count, by: groupElements).map {
      values[$0..<$0 + groupElements]
    }
    let scales = groups.map(scale)
    let largest = scales.reduce(0) { $1.magnitude > $0.magnitude ? $1 : $0 }
    // The largest scale becomes -128. What is stored is what codes are chosen for, roundings of scales included.
    let halfBits = (largest / -128).float16Bits
    let blockScale = FloatDecoding.float16(halfBits)
    let groupScales = scales.map { scale -> Int8 in
      blockScale == 0 ? 0 : Int8(clamping: Int((scale / blockScale).rounded()))
    }
    var low = [UInt8](repeating: 0, count: 128)
    var high = [UInt8](repeating: 0, count: 64)
    for (index, value) in values.enumerated() {
      let scale = blockScale * Float(groupScales[index / groupElements])
      let rounded = (value / scale).rounded()
      let code = rounded.isFinite ? UInt8(min(max(rounded, codes.lowerBound), codes.upperBound) + 32) : 32
      let (half, quarter, place) = (index / 128, index % 128 / 32, index % 32)
      low[half * 64 + quarter % 2 * 32 + place] |= (code & 15) << UInt8(quarter / 2 * 4)
      high[half * 32 + place] |= (code >> 4) << UInt8(quarter * 2)
    }
    bytes += low + high + groupScales.map { UInt8(bitPattern: $0) }
    bytes.append(UInt8(truncatingIfNeeded: halfBits))
    bytes.append(UInt8(truncatingIfNeeded: halfBits >> 8))
  }

  /// The scale of a group: with it the value of the largest magnitude would have code -32; then the one with the least
  /// squared error for the codes that follow.
  private static func scale(of group: ArraySlice<Float>) -> Float {
    let largest = group.reduce(0) { $1.magnitude > $0.magnitude ? $1 : $0 }
    guard largest != 0, largest.isFinite else { return 0 }
    let first = largest / codes.lowerBound
    var products: Float = 0
    var squares: Float = 0
    for value in group {
      // Of what is no number the sums are none either.
      let code = min(max((value / first).rounded(), codes.lowerBound), codes.upperBound)
      products += code * value
      squares += code * code
    }
    let best = products / squares
    return best.isFinite ? best : first
  }
}
