import Foundation

/// A weight matrix of -1, 0 and +1 with one scale: a weight is about `value * scale`.
///
/// Rows are out-features (N), columns are in-features (K), row-major. A matrix without zeros also serves as
/// binary weights, see ``isBinary``.
public struct TernaryMatrix: Sendable, Equatable {
  /// The most in-features whose dot product with int8 activations (down to -128) cannot leave int32.
  public static let maximumColumns = Int(Int32.max) / 128

  /// Out-features (N).
  public let rows: Int
  /// In-features (K).
  public let columns: Int
  /// The weights, row-major, `rows * columns` of them.
  public let values: [Int8]
  /// What one unit of ``values`` is worth.
  public let scale: Float
  /// How many weights are 0.
  public let zeroCount: Int
  /// How many weights are +1.
  public let positiveCount: Int

  /// Creates a matrix after checking every value.
  ///
  /// - Parameter values: row-major, `rows * columns` of them, each -1, 0 or +1.
  public init(rows: Int, columns: Int, values: [Int8], scale: Float) throws(TernaryError) {
    let count = try Self.elementCount(rows: rows, columns: columns)
    guard values.count == count else {
      throw .elementCount(of: "a \(rows)x\(columns) weight matrix", expected: count, found: values.count)
    }
    guard scale.isFinite, scale >= 0 else { throw .invalidScale(scale) }
    let census = Census(values)
    guard census.isTernary else {
      let index = values.firstIndex { !(-1...1).contains($0) } ?? 0
      throw .notTernary(value: values[index], row: index / columns, column: index % columns)
    }
    self.init(rows: rows, columns: columns, values: values, scale: scale, census: census)
  }

  /// Creates a matrix from values that a quantiser of this room made.
  init(rows: Int, columns: Int, quantized values: [Int8], scale: Float) {
    self.init(rows: rows, columns: columns, values: values, scale: scale, census: Census(values))
  }

  private init(rows: Int, columns: Int, values: [Int8], scale: Float, census: Census) {
    self.rows = rows
    self.columns = columns
    self.values = values
    self.scale = scale
    zeroCount = census.zero
    positiveCount = census.positive
  }

  /// The number of elements of a matrix, if that is a matrix this room can work with.
  static func elementCount(rows: Int, columns: Int) throws(TernaryError) -> Int {
    guard rows > 0, columns > 0 else { throw .emptyMatrix(rows: rows, columns: columns) }
    let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
    guard !overflow, columns <= maximumColumns else { throw .matrixTooLarge(rows: rows, columns: columns) }
    return count
  }

  /// Zeros per weight, from 0 to 1.
  public var zeroShare: Double { Double(zeroCount) / Double(values.count) }

  /// Whether every weight is -1 or +1, so that one bit holds it.
  public var isBinary: Bool { zeroCount == 0 }

  /// Shannon entropy of the three values in bits: what the best coder of independent weights would need.
  public var entropyBitsPerWeight: Double {
    let total = Double(values.count)
    return [zeroCount, positiveCount, values.count - zeroCount - positiveCount]
      .filter { $0 > 0 }
      .reduce(0) { bits, count in bits - Double(count) / total * log2(Double(count) / total) }
  }
}

/// How often each value occurs in a matrix of weights.
private struct Census {
  var zero = 0
  var positive = 0
  /// Whether all values are ternary; if not, the counts mean nothing.
  var isTernary = true

  init(_ values: [Int8]) {
    values.withUnsafeBufferPointer { values in
      // Comparing and counting compiles to branches; sums of v and of v * v, in blocks that cannot overflow
      // 32 bits, compile to vectors and hold the same counts.
      let block = 1 << 16
      for start in stride(from: 0, to: values.count, by: block) {
        let end = min(start + block, values.count)
        var sum: Int32 = 0
        var squares: Int32 = 0
        var lowest: Int8 = 0
        var highest: Int8 = 0
        for index in start..<end {
          let value = values[index]
          sum &+= Int32(value)
          squares &+= Int32(value) &* Int32(value)
          lowest = min(lowest, value)
          highest = max(highest, value)
        }
        zero += end - start - Int(squares)
        positive += Int(sum + squares) / 2
        isTernary = isTernary && lowest >= -1 && highest <= 1
      }
    }
  }
}
