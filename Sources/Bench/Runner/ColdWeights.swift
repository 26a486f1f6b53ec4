import KernelZoo

/// Packed weights in as many copies as it takes to find one that is no longer in any cache.
///
/// Every copy remembers how much had been streamed in all when it was last used. It counts as cold once four
/// times the last-level cache has passed since. With several kernels in a round the others' weights do that by
/// themselves; where they do not suffice, the runner streams the rest from a buffer of its own.
final class ColdWeights {
  /// Bytes that must pass, as a multiple of the last-level cache.
  static let distanceInCaches = 4

  private let copies: [PackedWeights]
  private var lastUse: [Int]

  /// - Parameter copies: At least one, all of the same matrix.
  init(copies: [PackedWeights]) {
    self.copies = copies
    lastUse = Array(repeating: 0, count: copies.count)
  }

  var first: PackedWeights { copies[0] }

  /// The copy that was left alone for longest, and the bytes still to be streamed until it is cold.
  ///
  /// - Parameters:
  ///   - streamed: Bytes streamed by the whole run so far.
  ///   - distance: Bytes that make a copy cold.
  func coldest(streamed: Int, distance: Int) -> (weights: PackedWeights, missingBytes: Int, index: Int) {
    var index = 0
    for candidate in lastUse.indices where lastUse[candidate] < lastUse[index] { index = candidate }
    return (copies[index], max(0, distance - (streamed - lastUse[index])), index)
  }

  /// The copy used last, other than `index`; `nil` when there is only one.
  func latest(except index: Int) -> (weights: PackedWeights, index: Int)? {
    copies.indices.filter { $0 != index }.max { lastUse[$0] < lastUse[$1] }.map { (copies[$0], $0) }
  }

  /// Notes that any copy may be in a cache: packing, verifying or a hot run used them. To be called before the
  /// first cold call of a group of rounds.
  func allMayBeCached(streamed: Int) {
    for index in lastUse.indices { lastUse[index] = streamed }
  }

  /// Notes that a copy was used when `streamed` bytes had passed in all.
  func used(_ index: Int, streamed: Int) { lastUse[index] = streamed }

  /// Copies of each packing that make a round of all packings long enough, at least two, within the memory
  /// allowed.
  ///
  /// - Parameters:
  ///   - roundBytes: Packed bytes of all packings together.
  ///   - distance: Bytes that make a copy cold.
  ///   - memoryBytes: What all copies may take.
  static func copyCount(roundBytes: Int, distance: Int, memoryBytes: Int) -> Int {
    guard roundBytes > 0 else { return 1 }
    let wanted = max(2, (distance + roundBytes - 1) / roundBytes)
    return max(1, min(wanted, memoryBytes / roundBytes, 1024))
  }
}
