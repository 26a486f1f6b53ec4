/// Cycles and accesses of one matmul on an array that never waits, in closed form.
///
/// With a dot width of 1 and one cycle a step these are the formulae of SCALE-Sim 3.0 (github.com/scalesim-project/
/// SCALE-Sim, CALC mode): the matrices are cut into folds that fill the array, and a fold takes the steps in time,
/// the skew between the first and the last element, and with a stationary operand the rows it takes to load it. Two
/// of that tool's figures are not followed: its `Total Cycles` is the index of the last cycle, one less than
/// ``cycles``, and its output writes count R + C too many per fold.
///
/// A wider dot groups in-features: the array sees ceil(K / dot width) of them. Several cycles a step stretch the
/// time, not the skew, since operands of serial datapaths travel bit by bit.
public struct ArrayTiming: Sendable, Hashable {
  /// Extent along the rows, in elements: tokens, or groups of in-features.
  public let rowExtent: Int
  /// Extent along the columns, in elements.
  public let columnExtent: Int
  /// Steps in time of each fold.
  public let stepsPerFold: Int
  /// Cycles to load the stationary operand of a fold.
  public let loadCyclesPerFold: Int
  /// Cycles of each fold, load and skew included.
  public let cyclesPerFold: Int
  /// Folds down the rows.
  public let rowFolds: Int
  /// Folds along the columns.
  public let columnFolds: Int
  /// Rows of the array.
  public let rows: Int
  /// Columns of the array.
  public let columns: Int

  /// - Parameters:
  ///   - size: The matmul.
  ///   - array: The array, its dot width and dataflow.
  ///   - timing: Of its elements.
  public init(_ size: MatmulSize, array: ArrayDesign, timing: ElementTiming) {
    let groups = Self.quotientUp(size.inFeatures, array.dotWidth)
    switch array.dataflow {
    case .outputStationary:
      (rowExtent, columnExtent, stepsPerFold) = (size.tokens, size.outFeatures, groups)
      loadCyclesPerFold = 0
    case .weightStationary:
      (rowExtent, columnExtent, stepsPerFold) = (groups, size.outFeatures, size.tokens)
      loadCyclesPerFold = array.rows
    case .inputStationary:
      (rowExtent, columnExtent, stepsPerFold) = (groups, size.tokens, size.outFeatures)
      loadCyclesPerFold = array.rows
    }
    rows = array.rows
    columns = array.columns
    rowFolds = Self.quotientUp(rowExtent, rows)
    columnFolds = Self.quotientUp(columnExtent, columns)
    cyclesPerFold =
      loadCyclesPerFold + timing.fillCycles + stepsPerFold * timing.cyclesPerStep + rows + columns - 2
  }

  /// Folds in all.
  public var folds: Int { rowFolds * columnFolds }

  /// Cycles in all, or the largest number there is: the largest matmul on a single element takes more.
  public var cycles: Int {
    let (cycles, overflow) = folds.multipliedReportingOverflow(by: cyclesPerFold)
    return overflow ? .max : cycles
  }

  /// Element-steps that do work, each of up to dot width products.
  public var steps: Double { Double(rowExtent) * Double(columnExtent) * Double(stepsPerFold) }

  /// Mean share of the elements that a fold uses, from 0 to 1.
  public var mappingEfficiency: Double {
    Double(rowExtent) / Double(rowFolds * rows) * Double(columnExtent) / Double(columnFolds * columns)
  }

  static func quotientUp(_ dividend: Int, _ divisor: Int) -> Int { (dividend + divisor - 1) / divisor }
}
