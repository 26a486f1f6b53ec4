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
    let array = chip.design.array
    let isOutputStationary = array.dataflow == .outputStationary
    let lastGroup = (size.inFeatures - 1) % array.dotWidth + 1

    var widest = Fold(
      rows: min(timing.rows, timing.rowExtent), columns: min(timing.columns, timing.columnExtent),
      lastGroup: array.dotWidth, readsSums: accumulates || (!isOutputStationary && timing.rowFolds > 1))
    let demand = FoldDemand(widest, timing, on: chip)
    if demand.weights.keepsUp && demand.activations.keepsUp && demand.outputs.keepsUp { return }

    let lastRows = timing.rowExtent - (timing.rowFolds - 1) * timing.rows
    let lastColumns = timing.columnExtent - (timing.columnFolds - 1) * timing.columns
    func addColumns(_ fold: Fold, rowFolds: Int) {
      guard rowFolds > 0 else { return }
      for (columns, columnFolds) in [(timing.columns, timing.columnFolds - 1), (lastColumns, 1)]
      where columnFolds > 0 {
        var fold = fold
        fold.columns = columns
        let demand = FoldDemand(fold, timing, on: chip)
        let waits = (
          demand.weights.stallCycles, demand.activations.stallCycles, demand.outputs.stallCycles
        )
        add(
          cycles: max(waits.0, waits.1, waits.2), weights: waits.0, activations: waits.1, outputs: waits.2,
          folds: Double(rowFolds) * Double(columnFolds))
      }
    }

    // In-features end in time when outputs are stationary, and in the last fold when they lie along the rows.
    widest.lastGroup = isOutputStationary ? lastGroup : array.dotWidth
    widest.readsSums = accumulates
    if isOutputStationary {
      addColumns(widest, rowFolds: timing.rowFolds - 1)
    } else if timing.rowFolds > 1 {
      addColumns(widest, rowFolds: 1)
      widest.readsSums = true
      addColumns(widest, rowFolds: timing.rowFolds - 2)
    }
    widest.rows = lastRows
    widest.lastGroup = lastGroup
    addColumns(widest, rowFolds: 1)
  }
}
