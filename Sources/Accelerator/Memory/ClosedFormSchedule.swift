// What the iterations of a schedule add up to, without walking them.

extension TileSchedule {
  /// What all iterations load and store.
  var transfers: TileTransfer {
    let (rows, depth, columns) = (
      Double(tokens.extent), Double(inFeatures.extent), Double(outFeatures.extent)
    )
    let spills = rows * columns * Double(visits(without: .inFeatures) - 1)
    return TileTransfer(
      weights: depth * columns * Double(visits(without: .tokens)),
      activations: rows * depth * Double(visits(without: .outFeatures)), partialSumsBack: spills,
      partialSumsOut: spills, outputs: rows * columns)
  }

  /// How often each tile of the operand that does not have a dimension comes and goes: once for every tile along that
  /// dimension, unless none of its own dimensions changes in loops further in.
  @inline(__always)
  private func visits(without dimension: LoopDimension) -> Int {
    let loops = order.loops
    let returns =
      switch dimension {
      case loops.outer: self[loops.middle].count > 1 || self[loops.inner].count > 1
      case loops.middle: self[loops.inner].count > 1
      default: false
      }
    return returns ? self[dimension].count : 1
  }

  /// The total of ``PingPongClock``, from one iteration of each class and how many are like it.
  func cycles(computing tiles: TileCycles, on memory: PingPongMemory) -> Double {
    let loops = order.loops
    let (outer, middle, inner) = (self[loops.outer], self[loops.middle], self[loops.inner])
    var total =
      memory.latencyCycles + memory.load(loads(of: first, after: nil)).cycles
      + memory.store(stores(of: last, before: nil)).overlapped
    for outerClass in 0..<outer.classes {
      let (outerIndex, outerCount) = outer.member(of: outerClass)
      for middleClass in 0..<middle.classes {
        let (middleIndex, middleCount) = middle.member(of: middleClass)
        for innerClass in 0..<inner.classes {
          let (innerIndex, innerCount) = inner.member(of: innerClass)
          var position = first
          position[loops.outer] = outerIndex
          position[loops.middle] = middleIndex
          position[loops.inner] = innerIndex
          let previous = self.position(before: position)
          let next = self.position(after: position)
          let interval = PingPongMemory.interval(
            compute: tiles[position, self],
            loadOfNext: next.map { memory.load(loads(of: $0, after: position)) } ?? PingPongTransfer(),
            storeOfPrevious: previous.map { memory.store(stores(of: $0, before: position)).overlapped } ?? 0,
            store: memory.store(stores(of: position, before: next)))
          total += Double(outerCount) * Double(middleCount) * Double(innerCount) * interval
        }
      }
    }
    return total
  }

  func position(before position: TilePosition) -> TilePosition? {
    var previous = position
    for loop in [order.loops.inner, order.loops.middle, order.loops.outer] {
      if previous[loop] > 0 {
        previous[loop] -= 1
        return previous
      }
      previous[loop] = self[loop].count - 1
    }
    return nil
  }
}

extension TiledExtent {
  /// Whether the last tile is smaller than the others.
  var isRagged: Bool { last != tile }

  /// Whether a tile is the smaller one.
  func isCut(_ index: Int) -> Bool { isRagged && index == count - 1 }

  /// Tiles of the usual size.
  var wholeTiles: Int { isRagged ? count - 1 : count }

  /// Classes of indices whose intervals are alike: the first, those in the middle, the one whose successor is
  /// smaller, and the last.
  var classes: Int { min(count, isRagged ? 4 : 3) }

  /// A member of a class, and how many it has.
  @inline(__always)
  func member(of class: Int) -> (index: Int, members: Int) {
    switch `class` {
    case 0: (0, 1)
    case 1: (1, count - classes + 1)
    default: (count - classes + `class`, 1)
    }
  }
}

/// Cycles of the tiles of a schedule, waiting for the ports of the buffers included. Tiles differ in which of their
/// sides are cut short and in whether they accumulate, so there are twelve kinds at most.
struct TileCycles {
  /// Four kinds of each of: the first in-features, later ones, the last if they are fewer.
  private var cycles = SIMD16<Double>()
  /// Of all tiles together.
  private(set) var total = 0.0

  /// - Parameter measure: Gets a tile, whether it accumulates, and how many there are like it; says what it takes.
  @inline(__always)
  init(
    _ schedule: TileSchedule, measure: (_ tile: TilePosition, _ accumulates: Bool, _ count: Double) -> Double
  ) {
    let (tokens, inFeatures, outFeatures) = (schedule.tokens, schedule.inFeatures, schedule.outFeatures)
    for depth in 0..<3 {
      let depthCount = depth == 1 ? inFeatures.wholeTiles - 1 : depth == 0 || inFeatures.isRagged ? 1 : 0
      guard depthCount > 0 else { continue }
      for row in 0..<(tokens.isRagged ? 2 : 1) {
        for column in 0..<(outFeatures.isRagged ? 2 : 1) {
          let tile = TilePosition(
            tokens: row == 0 ? 0 : tokens.count - 1, inFeatures: depth == 2 ? inFeatures.count - 1 : depth,
            outFeatures: column == 0 ? 0 : outFeatures.count - 1)
          let count =
            Double(depthCount) * Double(row == 0 ? tokens.wholeTiles : 1)
            * Double(column == 0 ? outFeatures.wholeTiles : 1)
          let each = measure(tile, depth > 0, count)
          cycles[depth * 4 + row * 2 + column] = each
          total += each * count
        }
      }
    }
  }

  /// Cycles of the tile at a position.
  @inline(__always)
  subscript(position: TilePosition, schedule: TileSchedule) -> Double {
    let depth = position.inFeatures == 0 ? 0 : schedule.inFeatures.isCut(position.inFeatures) ? 2 : 1
    return cycles[
      depth * 4 + (schedule.tokens.isCut(position.tokens) ? 2 : 0)
        + (schedule.outFeatures.isCut(position.outFeatures) ? 1 : 0)]
  }
}
