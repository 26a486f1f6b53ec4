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
  /// Bytes that one element of each operand takes.
  public let elementBytes: ElementBytes

  /// A tile that is larger than the matmul is cut to it.
  public init(_ size: MatmulSize, tiling: Tiling, on chip: Chip) {
    self.init(size, tiling: tiling, elementBytes: ElementBytes(chip.design))
  }

  init(_ size: MatmulSize, tiling: Tiling, elementBytes: ElementBytes) {
    tokens = TiledExtent(size.tokens, tile: tiling.tokens)
    inFeatures = TiledExtent(size.inFeatures, tile: tiling.inFeatures)
    outFeatures = TiledExtent(size.outFeatures, tile: tiling.outFeatures)
    order = tiling.order
    self.elementBytes = elementBytes
  }

  /// Iterations in all.
  public var count: Int { tokens.count * inFeatures.count * outFeatures.count }

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
    let loops = order.loops
    var next = position
    for loop in [loops.inner, loops.middle, loops.outer] {
      if next[loop] + 1 < self[loop].count {
        next[loop] += 1
        return next
      }
      next[loop] = 0
    }
    return nil
  }

  /// The size of the tile at a position.
  func size(at position: TilePosition) -> MatmulSize {
    MatmulSize(
      tokens: tokens.size(of: position.tokens), inFeatures: inFeatures.size(of: position.inFeatures),
      outFeatures: outFeatures.size(of: position.outFeatures))
  }

  /// What moves between an iteration and the next; `nil` stands for before the first and after the last.
  @inline(__always)
  func transfer(from previous: TilePosition?, to next: TilePosition?) -> TileTransfer {
    var transfer = TileTransfer()
    let outputStays =
      previous != nil && next != nil && previous?.tokens == next?.tokens
      && previous?.outFeatures == next?.outFeatures
    if let next {
      let tile = size(at: next)
      if previous?.inFeatures != next.inFeatures || previous?.outFeatures != next.outFeatures {
        transfer.weightBytes =
          Double(tile.inFeatures) * Double(tile.outFeatures) * elementBytes.fetchedWeight
      }
      if previous?.inFeatures != next.inFeatures || previous?.tokens != next.tokens {
        transfer.activationBytes =
          Double(tile.tokens) * Double(tile.inFeatures) * elementBytes.activation
      }
      if !outputStays, next.inFeatures > 0 {
        transfer.partialSumBytes = Double(tile.tokens) * Double(tile.outFeatures) * elementBytes.partialSum
      }
    }
    if let previous, !outputStays {
      let tile = size(at: previous)
      transfer.storedOutputs = Double(tile.tokens) * Double(tile.outFeatures)
      transfer.storeBytes =
        transfer.storedOutputs
        * (previous.inFeatures == inFeatures.count - 1 ? elementBytes.output : elementBytes.partialSum)
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
      let loads = schedule.transfer(from: previous, to: position)
      previous = position
      upcoming = schedule.position(after: position)
      let stores = schedule.transfer(from: position, to: upcoming)
      return TileIteration(
        tokens: schedule.tokens.range(of: position.tokens),
        inFeatures: schedule.inFeatures.range(of: position.inFeatures),
        outFeatures: schedule.outFeatures.range(of: position.outFeatures),
        accumulates: position.inFeatures > 0, weightLoadBytes: loads.weightBytes,
        activationLoadBytes: loads.activationBytes, partialSumLoadBytes: loads.partialSumBytes,
        storeBytes: stores.storeBytes, storedOutputs: stores.storedOutputs)
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
  /// Whether the output tile holds partial sums of earlier in-features already.
  public let accumulates: Bool
  /// Weights that come from DRAM before it.
  public let weightLoadBytes: Double
  /// Activations that come from DRAM before it.
  public let activationLoadBytes: Double
  /// Partial sums that come back from DRAM before it.
  public let partialSumLoadBytes: Double
  /// Results or partial sums that leave for DRAM after it.
  public let storeBytes: Double
  /// How many sums these are.
  public let storedOutputs: Double

  /// The size of the tile.
  public var size: MatmulSize {
    MatmulSize(tokens: tokens.count, inFeatures: inFeatures.count, outFeatures: outFeatures.count)
  }
}

/// One dimension of a matmul in tiles of equal size but for the last.
public struct TiledExtent: Sendable, Hashable {
  /// The whole dimension.
  public let extent: Int
  /// Size of every tile but the last.
  public let tile: Int
  /// Tiles in all.
  public let count: Int
  /// Size of the last tile.
  public let last: Int

  /// - Parameters:
  ///   - extent: At least 1.
  ///   - tile: Clipped to 1 and `extent`.
  public init(_ extent: Int, tile: Int) {
    self.extent = extent
    self.tile = Swift.max(1, Swift.min(tile, extent))
    count = (extent + self.tile - 1) / self.tile
    last = extent - (count - 1) * self.tile
  }

  /// The size of a tile.
  public func size(of index: Int) -> Int { index == count - 1 ? last : tile }

  /// What a tile covers.
  public func range(of index: Int) -> Range<Int> { index * tile..<index * tile + size(of: index) }
}

/// Bytes, with fractions, that one element takes.
public struct ElementBytes: Sendable, Hashable {
  /// A weight in its buffer.
  public let weight: Double
  /// A weight in DRAM traffic: none for a chip that keeps its weights.
  public let fetchedWeight: Double
  /// An activation, in DRAM and in its buffer.
  public let activation: Double
  /// A running sum in the output buffer or spilled.
  public let partialSum: Double
  /// A finished output in DRAM.
  public let output = 2.0

  /// The formats of a design.
  public init(_ design: Design) {
    weight = design.weightFormat.bitsPerWeight / 8
    fetchedWeight = design.keepsWeightsOnChip ? 0 : weight
    activation = Double(design.activationFormat.bits) / 8
    partialSum = Double(design.array.accumulatorBits) / 8
  }
}

/// Indices of a tile along the three dimensions.
struct TilePosition: Equatable {
  var tokens: Int
  var inFeatures: Int
  var outFeatures: Int

  subscript(dimension: LoopDimension) -> Int {
    get {
      switch dimension {
      case .tokens: tokens
      case .inFeatures: inFeatures
      case .outFeatures: outFeatures
      }
    }
    set {
      switch dimension {
      case .tokens: tokens = newValue
      case .inFeatures: inFeatures = newValue
      case .outFeatures: outFeatures = newValue
      }
    }
  }
}

/// What moves between two iterations: out of the first, into the second.
struct TileTransfer {
  var weightBytes = 0.0
  var activationBytes = 0.0
  var partialSumBytes = 0.0
  var storeBytes = 0.0
  var storedOutputs = 0.0
}
