/// The tiles of a matmul on a chip, one after the other, with what moves between DRAM and the buffers at each.
///
/// A buffer, or a half of a double-buffered one, holds one tile of its operand, so an operand is fetched when its
/// tile is not that of the iteration before. An output tile that is left before its last in-features spills its
/// partial sums at the width of the accumulator and reads them back; a finished one leaves as 16-bit numbers.
public struct TileSchedule: Sendable, Sequence {
  /// M in tiles.
  public let tokens: TiledExtent
  /// K in tiles.
  public let inFeatures: TiledExtent
  /// N in tiles.
  public let outFeatures: TiledExtent
  /// The order of the loops.
  public let order: LoopOrder

  /// A tile that is larger than the matmul is cut to it.
  public init(_ size: MatmulSize, tiling: Tiling) {
    tokens = TiledExtent(size.tokens, tile: tiling.tokens)
    inFeatures = TiledExtent(size.inFeatures, tile: tiling.inFeatures)
    outFeatures = TiledExtent(size.outFeatures, tile: tiling.outFeatures)
    order = tiling.order
  }

  init(tokens: TiledExtent, inFeatures: TiledExtent, outFeatures: TiledExtent, order: LoopOrder) {
    self.tokens = tokens
    self.inFeatures = inFeatures
    self.outFeatures = outFeatures
    self.order = order
  }

  /// Iterations in all; at most the multiply-accumulates of the matmul, which simulators bound.
  public var iterations: Int { tokens.count * inFeatures.count * outFeatures.count }

  /// The tiling, no tile larger than the matmul.
  public var tiling: Tiling {
    Tiling(
      tokens: tokens.tile, inFeatures: inFeatures.tile, outFeatures: outFeatures.tile, order: order)
  }

  /// The tiles along one dimension.
  public subscript(dimension: LoopDimension) -> TiledExtent {
    switch dimension {
    case .tokens: tokens
    case .inFeatures: inFeatures
    case .outFeatures: outFeatures
    }
  }

  /// Where the first iteration is.
  var first: TilePosition { TilePosition(tokens: 0, inFeatures: 0, outFeatures: 0) }

  /// Where the last iteration is.
  var last: TilePosition {
    TilePosition(
      tokens: tokens.count - 1, inFeatures: inFeatures.count - 1, outFeatures: outFeatures.count - 1)
  }

  /// The position one iteration later, `nil` after the last.
  func position(after position: TilePosition) -> TilePosition? {
    var next = position
    for loop in [order.loops.inner, order.loops.middle, order.loops.outer] {
      if next[loop] + 1 < self[loop].count {
        next[loop] += 1
        return next
      }
      next[loop] = 0
    }
    return nil
  }

  /// The size of a tile.
  func size(at position: TilePosition) -> MatmulSize {
    MatmulSize(
      tokens: tokens.size(of: position.tokens), inFeatures: inFeatures.size(of: position.inFeatures),
      outFeatures: outFeatures.size(of: position.outFeatures))
  }

  /// What an iteration needs that the one before it, if there was one, did not have.
  @inline(__always)
  func loads(of position: TilePosition, after previous: TilePosition?) -> TileTransfer {
    var transfer = TileTransfer()
    let sameTokens = previous?.tokens == position.tokens
    let sameInFeatures = previous?.inFeatures == position.inFeatures
    let sameOutFeatures = previous?.outFeatures == position.outFeatures
    let rows = Double(tokens.size(of: position.tokens))
    let depth = Double(inFeatures.size(of: position.inFeatures))
    let columns = Double(outFeatures.size(of: position.outFeatures))
    if !(sameInFeatures && sameOutFeatures) { transfer.weights = depth * columns }
    if !(sameTokens && sameInFeatures) { transfer.activations = rows * depth }
    if position.inFeatures > 0, !(sameTokens && sameOutFeatures) { transfer.partialSumsBack = rows * columns }
    return transfer
  }

  /// What an iteration has that the one after it, if there is one, does not need.
  @inline(__always)
  func stores(of position: TilePosition, before next: TilePosition?) -> TileTransfer {
    var transfer = TileTransfer()
    if next?.tokens != position.tokens || next?.outFeatures != position.outFeatures {
      let sums =
        Double(tokens.size(of: position.tokens)) * Double(outFeatures.size(of: position.outFeatures))
      if position.inFeatures == inFeatures.count - 1 {
        transfer.outputs = sums
      } else {
        transfer.partialSumsOut = sums
      }
    }
    return transfer
  }

  /// Walks the iterations in order.
  public func makeIterator() -> Iterator { Iterator(schedule: self, upcoming: first) }

  /// Walks the iterations in order.
  public struct Iterator: IteratorProtocol {
    let schedule: TileSchedule
    var previous: TilePosition?
    var upcoming: TilePosition?

    /// The next iteration.
    public mutating func next() -> TileIteration? {
      guard let position = upcoming else { return nil }
      let loads = schedule.loads(of: position, after: previous)
      previous = position
      upcoming = schedule.position(after: position)
      return TileIteration(
        tokens: schedule.tokens.range(of: position.tokens),
        inFeatures: schedule.inFeatures.range(of: position.inFeatures),
        outFeatures: schedule.outFeatures.range(of: position.outFeatures), loads: loads,
        stores: schedule.stores(of: position, before: upcoming))
    }
  }
}

/// One iteration of the loops over tiles.
public struct TileIteration: Sendable, Hashable {
  /// Rows of X and Y.
  public let tokens: Range<Int>
  /// Columns of X and W.
  public let inFeatures: Range<Int>
  /// Rows of W, columns of Y.
  public let outFeatures: Range<Int>
  /// What comes from DRAM before it.
  public let loads: TileTransfer
  /// What leaves for DRAM after it.
  public let stores: TileTransfer

  /// Whether the output tile holds partial sums of earlier in-features already.
  public var accumulates: Bool { inFeatures.lowerBound > 0 }

  /// The size of the tile.
  public var size: MatmulSize {
    MatmulSize(tokens: tokens.count, inFeatures: inFeatures.count, outFeatures: outFeatures.count)
  }
}
