/// Cycles that the array waited for the ports of the buffers, and which of them was to blame.
struct PortStalls: Sendable, Hashable {
  /// In all.
  private(set) var cycles = 0.0
  private var weights = 0.0
  private var activations = 0.0
  private var outputs = 0.0

  /// None yet.
  init() {}

  /// The port that made the array wait the longest, if any did.
  var longest: Resource? {
    guard cycles > 0 else { return nil }
    if weights >= max(activations, outputs) { return .weightBuffer }
    return activations >= outputs ? .activationBuffer : .outputBuffer
  }

  /// Adds a fold, or several equal ones.
  ///
  /// - Parameters:
  ///   - cycles: The array waited in all. The ports work side by side, so that the slowest is to blame for all.
  ///   - weights: It would have waited with no other port.
  ///   - activations: Likewise.
  ///   - outputs: Likewise.
  ///   - folds: That are equal.
  mutating func add(
    cycles: Double, weights: Double, activations: Double, outputs: Double, folds: Double = 1
  ) {
    guard cycles > 0 else { return }
    self.cycles += cycles * folds
    if weights >= max(activations, outputs) {
      self.weights += cycles * folds
    } else if activations >= outputs {
      self.activations += cycles * folds
    } else {
      self.outputs += cycles * folds
    }
  }

  /// All folds of a tile, in closed form: they differ only in whether they are at the end of the rows or columns,
  /// and, with a stationary operand, in whether they are the first down the in-features.
  init(_ size: MatmulSize, _ timing: ArrayTiming, on chip: Chip, accumulates: Bool) {
    let dataflow = FoldDataflow(timing, on: chip)
    let rates = PortRates(chip)
    let isOutputStationary = dataflow.stationary == .outputStationary
    let lastGroup = (size.inFeatures - 1) % dataflow.dotWidth + 1

    var fold = Fold(
      rows: min(timing.rows, timing.rowExtent), columns: min(timing.columns, timing.columnExtent),
      lastGroup: dataflow.dotWidth, readsSums: accumulates || (!isOutputStationary && timing.rowFolds > 1))
    // No other fold asks for more in any cycle.
    let most = FoldDemand(fold, dataflow, rates)
    if most.weights.keepsUp && most.activations.keepsUp && most.outputs.keepsUp { return }

    let lastRows = timing.rowExtent - (timing.rowFolds - 1) * timing.rows
    let lastColumns = timing.columnExtent - (timing.columnFolds - 1) * timing.columns
    func addAlike(_ fold: Fold, folds: Double) {
      guard folds > 0 else { return }
      let demand = FoldDemand(fold, dataflow, rates)
      let waits = (demand.weights.stallCycles, demand.activations.stallCycles, demand.outputs.stallCycles)
      add(
        cycles: max(waits.0, waits.1, waits.2), weights: waits.0, activations: waits.1, outputs: waits.2,
        folds: folds)
    }
    func addColumns(_ fold: Fold, rowFolds: Int) {
      var fold = fold
      fold.columns = timing.columns
      addAlike(fold, folds: Double(rowFolds) * Double(timing.columnFolds - 1))
      fold.columns = lastColumns
      addAlike(fold, folds: Double(rowFolds))
    }

    // In-features end in time when outputs are stationary, and in the last fold when they lie along the rows.
    fold.lastGroup = isOutputStationary ? lastGroup : dataflow.dotWidth
    fold.readsSums = accumulates
    if isOutputStationary {
      addColumns(fold, rowFolds: timing.rowFolds - 1)
    } else if timing.rowFolds > 1 {
      addColumns(fold, rowFolds: 1)
      fold.readsSums = true
      addColumns(fold, rowFolds: timing.rowFolds - 2)
    }
    fold.rows = lastRows
    fold.lastGroup = lastGroup
    addColumns(fold, rowFolds: 1)
  }
}
