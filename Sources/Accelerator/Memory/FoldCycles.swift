/// Cycles of the folds of a matmul, waiting for the ports of the buffers included, from which those of any tile
/// follow that is a multiple of what the array takes at a time.
///
/// Folds differ in whether they are the last along the rows or columns of the array, and in whether they add to
/// older sums. With a stationary operand all but the first along the in-features do.
struct FoldCycles {
  /// Eight kinds: adding or not, last row or not, last column or not.
  private var cycles = SIMD8<Double>()
  private let sumsAlongRows: Bool

  /// - Parameter time: Size of the tile along the dimension that lies in time.
  init(_ shape: FoldShape, time: Int, on chip: Chip) {
    sumsAlongRows = chip.design.array.dataflow != .outputStationary
    for kind in 0..<8 {
      let (isLastRow, isLastColumn) = (kind & 2 != 0, kind & 1 != 0)
      guard isLastRow || shape.rowFolds > 1, isLastColumn || shape.columnFolds > 1 else { continue }
      let run = ArrayRun(
        shape.fold(isLastRow: isLastRow, isLastColumn: isLastColumn, time: time), zeroShare: 0, on: chip,
        accumulates: kind & 4 != 0)
      cycles[kind] = Double(run.cycles) + run.stallCycles
    }
  }

  /// Cycles of a rectangle of folds.
  ///
  /// - Parameters:
  ///   - rows: Folds down the rows.
  ///   - columns: Folds along the columns.
  ///   - hasLastRow: Whether the last of the rows is that of the whole matmul.
  ///   - hasLastColumn: Whether the last of the columns is.
  ///   - accumulates: Whether there are older sums.
  func cycles(rows: Int, columns: Int, hasLastRow: Bool, hasLastColumn: Bool, accumulates: Bool) -> Double {
    func row(isLast: Bool, adds: Bool) -> Double {
      let kind = (adds ? 4 : 0) + (isLast ? 2 : 0)
      return hasLastColumn
        ? Double(columns - 1) * cycles[kind] + cycles[kind + 1] : Double(columns) * cycles[kind]
    }
    guard rows > 1 else { return row(isLast: hasLastRow, adds: accumulates) }
    let addsLater = accumulates || sumsAlongRows
    return row(isLast: false, adds: accumulates) + Double(rows - 2) * row(isLast: false, adds: addsLater)
      + row(isLast: hasLastRow, adds: addsLater)
  }
}

/// How a matmul is cut into folds.
struct FoldShape {
  let axes: ArrayAxes
  let rowFolds: Int
  let columnFolds: Int
  private let rowUnit: Int
  private let columnUnit: Int
  private let lastRow: Int
  private let lastColumn: Int

  init(_ size: MatmulSize, _ axes: ArrayAxes) {
    self.axes = axes
    (rowUnit, columnUnit) = (axes.unit(of: axes.rows), axes.unit(of: axes.columns))
    rowFolds = ArrayTiming.quotientUp(size[axes.rows], rowUnit)
    columnFolds = ArrayTiming.quotientUp(size[axes.columns], columnUnit)
    lastRow = size[axes.rows] - (rowFolds - 1) * rowUnit
    lastColumn = size[axes.columns] - (columnFolds - 1) * columnUnit
  }

  /// Cycles of a fold on an array that never waits.
  func cyclesPerFold(time: Int, on chip: Chip) -> Int {
    ArrayTiming(
      fold(isLastRow: true, isLastColumn: true, time: time), array: chip.design.array, timing: chip.timing
    ).cyclesPerFold
  }

  /// A tile of one fold.
  func fold(isLastRow: Bool, isLastColumn: Bool, time: Int) -> MatmulSize {
    var fold = MatmulSize(tokens: 1, inFeatures: 1, outFeatures: 1)
    fold[axes.rows] = isLastRow ? lastRow : rowUnit
    fold[axes.columns] = isLastColumn ? lastColumn : columnUnit
    fold[axes.time] = time
    return fold
  }

  /// Folds of a tile down the rows and along the columns.
  func folds(of tile: MatmulSize) -> (rows: Int, columns: Int) {
    (
      ArrayTiming.quotientUp(tile[axes.rows], rowUnit),
      ArrayTiming.quotientUp(tile[axes.columns], columnUnit)
    )
  }
}
