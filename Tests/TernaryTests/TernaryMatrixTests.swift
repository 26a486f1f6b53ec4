import Testing

@testable import Ternary

@Suite struct TernaryMatrixTests {
  @Test func countsAndSharesFollowFromTheValues() throws {
    let matrix = try TernaryMatrix(rows: 2, columns: 4, values: [1, 0, -1, 0, 1, 1, 0, 0], scale: 0.5)
    #expect(matrix.zeroCount == 4)
    #expect(matrix.positiveCount == 3)
    #expect(matrix.zeroShare == 0.5)
    #expect(!matrix.isBinary)
    // 1/2 * 1 + 3/8 * log2(8/3) + 1/8 * 3
    #expect(abs(matrix.entropyBitsPerWeight - 1.4056390622295665) < 1e-12)
  }

  @Test(arguments: [1, 63, 64, 65, 255 * 64, 256 * 64 + 7])
  func countsAreExactAtEveryBlockBoundary(count: Int) throws {
    let ones = try TernaryMatrix(
      rows: 1, columns: count, values: [Int8](repeating: 1, count: count), scale: 1)
    #expect(ones.positiveCount == count)
    #expect(ones.isBinary)
    #expect(ones.entropyBitsPerWeight == 0)
    let zeros = try TernaryMatrix(
      rows: count, columns: 1, values: [Int8](repeating: 0, count: count), scale: 1)
    #expect(zeros.zeroShare == 1)
  }

  @Test(arguments: [0, 63, 64, 129]) func aForeignValueIsNamedWithItsPlace(index: Int) {
    var values = [Int8](repeating: -1, count: 130)
    values[index] = 2
    #expect(throws: TernaryError.notTernary(value: 2, row: index / 10, column: index % 10)) {
      try TernaryMatrix(rows: 13, columns: 10, values: values, scale: 1)
    }
  }

  @Test(arguments: [
    (0, 4, TernaryError.emptyMatrix(rows: 0, columns: 4)),
    (4, -1, .emptyMatrix(rows: 4, columns: -1)),
    (2, 2, .elementCount(of: "a 2x2 weight matrix", expected: 4, found: 3)),
    (Int.max, 2, .matrixTooLarge(rows: .max, columns: 2)),
    (1, 1 << 24, .matrixTooLarge(rows: 1, columns: 1 << 24)),
  ])
  func aShapeThatDoesNotFitIsRefused(rows: Int, columns: Int, expected: TernaryError) {
    #expect(throws: expected) {
      try TernaryMatrix(rows: rows, columns: columns, values: [0, 1, -1], scale: 1)
    }
  }

  @Test(arguments: [-1, Float.infinity]) func aScaleThatIsNoScaleIsRefused(scale: Float) {
    #expect(throws: TernaryError.invalidScale(scale)) {
      try TernaryMatrix(rows: 1, columns: 1, values: [0], scale: scale)
    }
  }
}
