import Ternary

@testable import ModelFiles

extension LinearWeights {
  /// The matrix with its rows chosen anew.
  ///
  /// - Parameter chosen: Of a matrix with so many rows, which ones the new matrix has.
  func choosing(rows chosen: (Int) -> [Int]) throws -> LinearWeights {
    switch self {
    case .ternary(let matrix):
      let rows = chosen(matrix.rows)
      return .ternary(
        try TernaryMatrix(
          rows: rows.count, columns: matrix.columns,
          values: rows.flatMap { matrix.values[$0 * matrix.columns..<($0 + 1) * matrix.columns] },
          scale: matrix.scale))
    case .float(let matrix):
      let rows = chosen(matrix.rows)
      return .float(
        FloatMatrix(
          rows: rows.count, columns: matrix.columns,
          values: rows.flatMap { matrix.values[$0 * matrix.columns..<($0 + 1) * matrix.columns] }))
    }
  }

  static func float(_ rows: Int, _ columns: Int, _ values: [Float]) -> LinearWeights {
    .float(FloatMatrix(rows: rows, columns: columns, values: values))
  }

  static func trits(_ rows: Int, _ columns: Int, _ values: [Int8], scale: Float) throws -> LinearWeights {
    .ternary(try TernaryMatrix(rows: rows, columns: columns, values: values, scale: scale))
  }
}
