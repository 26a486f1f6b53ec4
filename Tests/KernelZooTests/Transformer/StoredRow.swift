import CKernels
import Ternary

/// A second decoder of stored rows, from the formats' descriptions: GGUF's quantised types as the `gguf` package
/// for Python (0.17.1, gguf/quants.py) decodes them.
enum StoredRow: CaseIterable, CustomStringConvertible {
  case float32, float16, bfloat16, q8_0, q4_0, q6_K

  var description: String { "\(cType.rawValue)" }

  var cType: bl_row_type {
    switch self {
    case .float32: BL_ROWS_FLOAT32
    case .float16: BL_ROWS_FLOAT16
    case .bfloat16: BL_ROWS_BFLOAT16
    case .q8_0: BL_ROWS_Q8_0
    case .q4_0: BL_ROWS_Q4_0
    case .q6_K: BL_ROWS_Q6_K
    }
  }

  var blockElements: Int {
    switch self {
    case .float32, .float16, .bfloat16: 1
    case .q8_0, .q4_0: 32
    case .q6_K: 256
    }
  }

  var blockBytes: Int {
    switch self {
    case .float32: 4
    case .float16, .bfloat16: 2
    case .q8_0: 34
    case .q4_0: 18
    case .q6_K: 210
    }
  }

  func bytes(ofElements count: Int) -> Int { count / blockElements * blockBytes }

  /// Counts of elements in a row that are worth a test.
  var rowCounts: [Int] {
    switch blockElements {
    case 1: awkwardCounts
    case 32: [32, 64, 96, 160, 2560]
    default: [256, 512, 768, 2560, 4096, 4352, 8704]
    }
  }

  /// Rows of random codes, whose numbers are of magnitude about 1.
  func randomRows(elements: Int, using random: inout SeededGenerator) -> [UInt8] {
    switch self {
    case .float32:
      random.floats(elements).flatMap { Self.bytes($0.bitPattern, 4) }
    case .float16:
      random.floats(elements).flatMap { Self.bytes(UInt32(Float16($0).bitPattern), 2) }
    case .bfloat16:
      random.floats(elements).flatMap { Self.bytes($0.bitPattern >> 16, 2) }
    case .q8_0, .q4_0, .q6_K:
      (0..<elements / blockElements).flatMap { _ in
        var block = (0..<blockBytes).map { _ in UInt8.random(in: 0...255, using: &random) }
        let scale = Float16(Float.random(in: -0.01...0.01, using: &random)).bitPattern
        block.replaceSubrange(scaleOffset..<scaleOffset + 2, with: Self.bytes(UInt32(scale), 2))
        return block
      }
    }
  }

  private var scaleOffset: Int { self == .q6_K ? 208 : 0 }

  private static func bytes(_ bits: UInt32, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: bits >> (8 * UInt32($0))) }
  }

  private static func half(_ bytes: ArraySlice<UInt8>) -> Double {
    let low = UInt16(bytes[bytes.startIndex]), high = UInt16(bytes[bytes.startIndex + 1])
    return Double(Float16(bitPattern: low | high << 8))
  }

  /// The values of one block.
  private func decodeBlock(_ block: [UInt8]) -> [Double] {
    switch self {
    case .float32:
      return [Double(Float(bitPattern: block.reversed().reduce(0) { $0 << 8 | UInt32($1) }))]
    case .float16:
      return [Self.half(block[...])]
    case .bfloat16:
      return [Double(Float(bitPattern: UInt32(block[0]) << 16 | UInt32(block[1]) << 24))]
    case .q8_0:
      return block[2...].map { Self.half(block[...]) * Double(Int8(bitPattern: $0)) }
    case .q4_0:
      let nibbles = block[2...].map { Int($0 & 15) } + block[2...].map { Int($0 >> 4) }
      return nibbles.map { Self.half(block[...]) * Double($0 - 8) }
    case .q6_K:
      return decodeQ6K(block)
    }
  }

  private func decodeQ6K(_ block: [UInt8]) -> [Double] {
    // As NumPy does it: ql as (2, 1, 64) >> [0, 4] makes (2, 2, 64) = (8, 32); qh as (2, 1, 32) >> [0, 2, 4, 6]
    // makes (2, 4, 32) = (8, 32); both row by row.
    var codes: [Int] = []
    for row in 0..<8 {
      let half = row / 4, quarter = row % 4
      for column in 0..<32 {
        let low = block[64 * half + (32 * quarter + column) % 64] >> (quarter / 2 * 4) & 15
        let high = block[128 + 32 * half + column] >> (2 * quarter) & 3
        codes.append(Int(low | high << 4) - 32)
      }
    }
    let scale = Self.half(block[208...])
    return codes.enumerated().map { index, code in
      scale * Double(Int8(bitPattern: block[192 + index / 16])) * Double(code)
    }
  }

  func decode(_ bytes: [UInt8]) -> [Double] {
    stride(from: 0, to: bytes.count, by: blockBytes).flatMap {
      decodeBlock(Array(bytes[$0..<$0 + blockBytes]))
    }
  }

  /// The magnitude that rounding errors of one product are relative to: that of the value, and for Q6_K, whose
  /// offset is taken off after the multiplication, that of the largest code.
  func magnitudes(_ bytes: [UInt8], _ values: [Double]) -> [Double] {
    guard self == .q6_K else { return values.map(abs) }
    return values.indices.map { index in
      let block = bytes[(index / 256 * 210)...].prefix(210)
      let scale = Double(Int8(bitPattern: block[block.startIndex + 192 + index % 256 / 16]))
      return 64 * abs(scale * Self.half(block.dropFirst(208)))
    }
  }
}
