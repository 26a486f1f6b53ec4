import Ternary

/// The packed weights of Hugging Face's BitNet integration: a byte holds four out-features, a quarter of the
/// matrix apart, of one in-feature (transformers, integrations/bitnet.py).
///
/// Byte (r, k) of `packedRows` × columns has row r in its lowest two bits, then r + packedRows, r + 2 packedRows,
/// r + 3 packedRows; a code is the weight + 1. Rows beyond the matrix are padding, whatever they hold.
enum PackedTernaryRows {
  /// Rows of bytes for that many rows of weights.
  static func packedRows(_ rows: Int) -> Int { rows / 4 + (rows % 4 == 0 ? 0 : 1) }

  /// The weights, row-major; the code 3, which no weight has, becomes 2.
  ///
  /// `bytes` has `packedRows(rows) * columns` bytes, and `rows * columns` is a number that has been checked.
  static func decode(_ bytes: UnsafeRawBufferPointer, rows: Int, columns: Int) -> [Int8] {
    let count = rows * columns
    let quarter = packedRows(rows) * columns
    return [Int8](unsafeUninitializedCapacity: count) { values, initialized in
      for part in 0..<4 {
        let start = min(part * quarter, count)
        let end = min(start + quarter, count)
        decode(
          bytes, shift: UInt8(2 * part), into: UnsafeMutableBufferPointer(rebasing: values[start..<end]))
      }
      initialized = count
    }
  }

  /// One weight from each byte.
  private static func decode(
    _ bytes: UnsafeRawBufferPointer, shift: UInt8, into values: UnsafeMutableBufferPointer<Int8>
  ) {
    for index in 0..<values.count { values[index] = Int8(bitPattern: (bytes[index] &>> shift & 3) &- 1) }
  }

  /// The bytes of weights; padding is the weight 0.
  static func encode(_ matrix: TernaryMatrix) -> [UInt8] {
    let quarter = packedRows(matrix.rows) * matrix.columns
    return [UInt8](unsafeUninitializedCapacity: quarter) { bytes, initialized in
      // The code 1 four times.
      for index in 0..<quarter { bytes[index] = 0b0101_0101 }
      matrix.values.withUnsafeBufferPointer { values in
        for part in 0..<4 {
          let start = min(part * quarter, values.count)
          for index in 0..<min(quarter, values.count - start) {
            // Code and 1 differ in the bits of (weight + 1) ^ 1.
            let change = UInt8(bitPattern: values[start + index] &+ 1) ^ 1
            bytes[index] ^= change &<< UInt8(2 * part)
          }
        }
      }
      initialized = quarter
    }
  }
}
