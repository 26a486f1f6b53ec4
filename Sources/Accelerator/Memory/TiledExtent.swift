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

/// Indices of a tile along the three dimensions.
struct TilePosition: LoopIndexed, Equatable {
  var tokens: Int
  var inFeatures: Int
  var outFeatures: Int
}
