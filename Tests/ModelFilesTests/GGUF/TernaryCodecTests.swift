import Foundation
import Ternary
import Testing

@testable import ModelFiles

/// A tensor of bytes in memory.
func storedTensor(_ bytes: [UInt8], rows: Int, columns: Int, _ type: TensorElementType) -> StoredTensor {
  final class Owner: @unchecked Sendable {
    let buffer: UnsafeMutableRawBufferPointer
    init(_ bytes: [UInt8]) {
      buffer = .allocate(byteCount: bytes.count, alignment: 1)
      buffer.copyBytes(from: bytes)
    }
    deinit { buffer.deallocate() }
  }
  let owner = Owner(bytes)
  return StoredTensor(
    name: "w", rows: rows, columns: columns, elementType: type, bytes: UnsafeRawBufferPointer(owner.buffer),
    owner: owner)
}

@Suite struct TernaryCodecTests {
  @Test(arguments: [(1, 256), (3, 256), (5, 768), (2, 2560)], [1, 2] as [UInt64])
  func everyLayoutGivesBackWhatWasPacked(shape: (Int, Int), seed: UInt64) throws {
    let matrix = try randomTernary(rows: shape.0, columns: shape.1, scale: 0.375, seed: seed)
    for (type, layout) in [
      (TensorElementType.tq1_0, I2SLayout.x86), (.tq2_0, .x86), (.i2_s, .x86), (.i2_s, .arm),
    ] {
      let bytes = try #require(matrix.encoded(as: type, layout: layout))
      let tensor = storedTensor(bytes, rows: shape.0, columns: shape.1, type)
      #expect(bytes.count == StoredTensor.byteCount(rows: shape.0, columns: shape.1, of: type))
      #expect(try tensor.ternary(layout: layout) == matrix, "\(type) \(layout) seed \(seed)")
      let row = shape.0 - 1
      let expected = matrix.values[(row * shape.1)...].map { Float($0) * 0.375 }
      #expect(
        try tensor.floats(rows: row..<row + 1, layout: layout) == expected, "\(type) \(layout) seed \(seed)")
    }
  }

  /// Rows that end inside of a block: i2_s is packed as one long row.
  @Test(arguments: [(2, 64, I2SLayout.x86), (4, 160, .x86), (1, 64, .arm), (3, 192, .arm), (4, 80, .arm)])
  func rowsOfI2SNeedNotBeWholeBlocks(rows: Int, columns: Int, layout: I2SLayout) throws {
    let matrix = try randomTernary(rows: rows, columns: columns, seed: 3)
    let bytes = try #require(matrix.encoded(as: .i2_s, layout: layout))
    let tensor = storedTensor(bytes, rows: rows, columns: columns, .i2_s)
    #expect(try tensor.ternary(layout: layout) == matrix)
    for row in 0..<rows {
      let expected = matrix.values[row * columns..<(row + 1) * columns].map { Float($0) * 0.75 }
      #expect(try tensor.floats(rows: row..<row + 1, layout: layout) == expected)
    }
  }

  /// Bytes worked out by hand from the descriptions.
  @Test func theLayoutsAreTheDocumentedOnes() throws {
    var values = [Int8](repeating: -1, count: 256)
    values[1] = 1  // code 2 in byte 1
    values[33] = 0  // code 1 in byte 1 of TQ2_0 and of x86, of the third block for ARM
    values[255] = 1
    let matrix = try TernaryMatrix(rows: 1, columns: 256, values: values, scale: 1)
    let x86 = try #require(matrix.encoded(as: .i2_s))
    #expect(x86[0..<32].enumerated().filter { $1 != 0 }.map { [$0, Int($1)] } == [[1, 2 << 6 | 1 << 4]])
    #expect(x86[63] == 2)
    #expect(Array(x86[64..<68]) == littleEndian([Float(1)]))
    #expect(x86.count == 96)
    let arm = try #require(matrix.encoded(as: .i2_s, layout: .arm))
    #expect(
      arm[0..<64].enumerated().filter { $1 != 0 }.map { [$0, Int($1)] } == [[1, 2 << 6 | 1 << 2], [63, 2]])
    let tq2 = try #require(matrix.encoded(as: .tq2_0))
    #expect(
      tq2.enumerated().filter { $1 != 0 }.map { [$0, Int($1)] } == [
        [1, 2 | 1 << 2], [63, 2 << 6], [65, 0x3C],
      ])
    let tq1 = try #require(matrix.encoded(as: .tq1_0))
    // 2 * 81 + 1 * 27 = 189, times 256 / 243 and up; element 255 is digit 3 of the last byte: 2 * 3.
    #expect(tq1.enumerated().filter { $1 != 0 }.map { [$0, Int($1)] } == [[1, 200], [51, 7], [53, 0x3C]])
  }

  @Test func whatIsNoTritIsNamed() throws {
    let matrix = try randomTernary(rows: 3, columns: 256, seed: 4)
    var bytes = try #require(matrix.encoded(as: .i2_s))
    bytes[64 + 32 + 5] |= 3 << 4  // row 1, second block of 128, byte 5, second quarter: column 128 + 32 + 5
    let message = "memory: tensor 'w' has code 3, which is no trit, at row 1, column 165"
    #expect(error { try storedTensor(bytes, rows: 3, columns: 256, .i2_s).ternary() } == message)
    #expect(error { try storedTensor(bytes, rows: 3, columns: 256, .i2_s).floats(rows: 1..<2) } == message)
    #expect(error { try storedTensor(bytes, rows: 3, columns: 256, .i2_s).floats(rows: 0..<1) } == "no error")
    #expect(
      error { try storedTensor(bytes, rows: 3, columns: 256, .i2_s).ternary(layout: .arm) }
        .contains("has code 3, which is no trit, at row 1, column"))
    var blocks = try #require(matrix.encoded(as: .tq2_0))
    blocks[2 * 66 + 32] |= 3
    #expect(
      error { try storedTensor(blocks, rows: 3, columns: 256, .tq2_0).ternary() }
        == "memory: tensor 'w' has code 3, which is no trit, at row 2, column 128")
    for scale in [Float.nan, .infinity, -1] {
      bytes = try #require(matrix.encoded(as: .i2_s))
      bytes.replaceSubrange(192..<196, with: littleEndian([scale]))
      #expect(
        error { try storedTensor(bytes, rows: 3, columns: 256, .i2_s).ternary() }.contains(
          "is no ternary matrix"))
    }
    #expect(
      error { try storedTensor([UInt8](repeating: 0, count: 48), rows: 1, columns: 64, .i2_s).ternary() }
        == "memory: tensor 'w' has 1x64 elements, no whole blocks of 128 as the layout x86 demands")
    #expect(
      error { try storedTensor([UInt8](repeating: 0, count: 4), rows: 1, columns: 1, .float32).ternary() }
        == "memory: tensor 'w' has elements of F32, expected TQ1_0, TQ2_0 or I2_S")
    #expect(
      error {
        try storedTensor([UInt8](repeating: 0, count: 4), rows: 1, columns: 1, .float32).floats(rows: 1..<2)
      }
        == "memory: tensor 'w' has 1 rows, but rows 1..<2 are asked for")
  }

  @Test(arguments: [TensorElementType.tq1_0, .tq2_0])
  func blocksOfDifferentScalesAreNamed(type: TensorElementType) throws {
    var values = try randomTernary(rows: 2, columns: 512, seed: 5).values
    for index in 0..<256 { values[index] = 0 }
    let matrix = try TernaryMatrix(rows: 2, columns: 512, values: values, scale: 0.5)
    var bytes = try #require(matrix.encoded(as: type))
    bytes[type.blockBytes - 1] = 0x7E  // not a number, but the block is all zeros
    #expect(try storedTensor(bytes, rows: 2, columns: 512, type).ternary() == matrix)
    #expect(
      error { try storedTensor(bytes, rows: 2, columns: 512, type).floats(rows: 0..<1) }.contains(
        "has the value nan"))
    bytes[4 * type.blockBytes - 1] = 0x40
    #expect(
      error { try storedTensor(bytes, rows: 2, columns: 512, type).ternary() }
        == "memory: tensor 'w' has the scale 2.0 in block 3 (row 1), but 0.5 before; a ternary matrix has one scale"
    )
    #expect(
      try storedTensor(bytes, rows: 2, columns: 512, type).floats(rows: 1..<2)[256...].allSatisfy {
        [-2, 0, 2].contains($0)
      })
  }

  @Test func everyByteOfTQ1IsFiveTrits() throws {
    for byte in 0...255 {
      var block = [UInt8](repeating: 128, count: 54)
      block[0] = UInt8(byte)
      (block[52], block[53]) = (0, 0x3C)
      let values = try storedTensor(block, rows: 1, columns: 256, .tq1_0).ternary().values
      // Digits of byte * 243 / 256 in base 3.
      let number = byte * 243 / 256
      let expected = [81, 27, 9, 3, 1].map { Int8(number / $0 % 3 - 1) }
      #expect((0..<5).map { values[$0 * 32] } == expected, "byte \(byte)")
    }
  }

  /// What an expression throws, in words.
  func error<Result>(_ body: () throws -> Result) -> String {
    do {
      _ = try body()
      return "no error"
    } catch { return "\(error)" }
  }
}
