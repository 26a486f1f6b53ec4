/// All ways to cut a matmul for a chip that are tried, and what the array takes for their tiles, which is remembered.
final class TileSpace {
  /// A way to cut: the index of a candidate along each dimension.
  struct Cut: Hashable {
    var tokens: Int
    var inFeatures: Int
    var outFeatures: Int

    fileprivate subscript(dimension: LoopDimension) -> Int {
      switch dimension {
      case .tokens: tokens
      case .inFeatures: inFeatures
      case .outFeatures: outFeatures
      }
    }
  }

  let tokens: [TiledExtent]
  let inFeatures: [TiledExtent]
  let outFeatures: [TiledExtent]
  private let chip: Chip
  private let shape: FoldShape
  /// Cycles of all tiles on an array that never waits, by the candidate along the dimension in time.
  private let arrayCycles: [Double]
  /// Cycles of folds of the usual and the last length, likewise, once they were asked for.
  private var folds: [(usual: FoldCycles, last: FoldCycles)?]

  init(_ size: MatmulSize, _ axes: ArrayAxes, on chip: Chip) {
    tokens = TileCandidates(size.tokens, unit: axes.unit(of: .tokens)).extents
    inFeatures = TileCandidates(size.inFeatures, unit: axes.unit(of: .inFeatures)).extents
    outFeatures = TileCandidates(size.outFeatures, unit: axes.unit(of: .outFeatures)).extents
    self.chip = chip
    shape = FoldShape(size, axes)
    let alongTime =
      switch axes.time {
      case .tokens: tokens
      case .inFeatures: inFeatures
      case .outFeatures: outFeatures
      }
    let folds = Double(shape.rowFolds * shape.columnFolds)
    arrayCycles = alongTime.map { [shape] extent in
      let usual = shape.cyclesPerFold(time: extent.tile, on: chip)
      let last = shape.cyclesPerFold(time: extent.last, on: chip)
      return folds * (Double(extent.count - 1) * Double(usual) + Double(last))
    }
    self.folds = Array(repeating: nil, count: alongTime.count)
  }

  /// The smallest tiles.
  var smallest: Cut {
    Cut(tokens: tokens.count - 1, inFeatures: inFeatures.count - 1, outFeatures: outFeatures.count - 1)
  }

  /// Calls for every cut that fits the buffers.
  @inline(__always)
  func forEachCut(fitting capacity: BufferCapacity, _ body: (Cut) -> Void) {
    for (tokensIndex, rows) in tokens.enumerated() {
      for (outFeaturesIndex, columns) in outFeatures.enumerated()
      where capacity.holdsOutputs(tokens: rows.tile, outFeatures: columns.tile) {
        for inFeaturesIndex in inFeatures.indices.reversed() {
          let depth = inFeatures[inFeaturesIndex].tile
          guard capacity.holdsActivations(tokens: rows.tile, inFeatures: depth),
            capacity.holdsWeights(inFeatures: depth, outFeatures: columns.tile)
          else { break }
          body(Cut(tokens: tokensIndex, inFeatures: inFeaturesIndex, outFeatures: outFeaturesIndex))
        }
      }
    }
  }

  /// The schedule of a cut.
  @inline(__always)
  func schedule(_ cut: Cut, _ order: LoopOrder) -> TileSchedule {
    TileSchedule(
      tokens: tokens[cut.tokens], inFeatures: inFeatures[cut.inFeatures],
      outFeatures: outFeatures[cut.outFeatures], order: order)
  }

  /// One of all orders that visit the tiles of a cut in the same sequence.
  func distinctOrders(_ cut: Cut) -> [LoopOrder] {
    let schedule = schedule(cut, .mkn)
    return switch (schedule.tokens.count > 1, schedule.inFeatures.count > 1, schedule.outFeatures.count > 1) {
    case (true, true, true): LoopOrder.allCases
    case (true, true, false): [.nmk, .nkm]
    case (true, false, true): [.kmn, .knm]
    case (false, true, true): [.mkn, .mnk]
    default: [.mkn]
    }
  }

  /// Cycles of all tiles of a cut on an array that never waits.
  @inline(__always)
  func arrayCycles(_ cut: Cut) -> Double { arrayCycles[cut[shape.axes.time]] }

  /// Cycles of each tile of a cut, waiting for the ports of the buffers included.
  func tileCycles(_ cut: Cut) -> TileCycles {
    let schedule = schedule(cut, .mkn)
    let folds = folds(of: cut[shape.axes.time], schedule[shape.axes.time])
    let axes = shape.axes
    return TileCycles(schedule) { [shape] position, accumulates, _ in
      let count = shape.folds(of: schedule.size(at: position))
      let foldCycles = schedule[axes.time].isCut(position[axes.time]) ? folds.last : folds.usual
      return foldCycles.cycles(
        rows: count.rows, columns: count.columns,
        hasLastRow: position[axes.rows] == schedule[axes.rows].count - 1,
        hasLastColumn: position[axes.columns] == schedule[axes.columns].count - 1, accumulates: accumulates)
    }
  }

  private func folds(of candidate: Int, _ extent: TiledExtent) -> (
    usual: FoldCycles, last: FoldCycles
  ) {
    if let known = folds[candidate] { return known }
    let usual = FoldCycles(shape, time: extent.tile, on: chip)
    let pair = (usual, extent.isRagged ? FoldCycles(shape, time: extent.last, on: chip) : usual)
    folds[candidate] = pair
    return pair
  }
}
