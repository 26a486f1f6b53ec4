/// Rows of a matrix divided among workers.
public enum RowSplit {
  /// The rows of worker `index` out of `workers`: contiguous, in order, disjoint, together `0..<rows`.
  ///
  /// Every range starts at a multiple of `tile`, and ends at one or at `rows`. No two workers differ by more
  /// than one tile; the last worker gets the ragged one. A worker without rows gets an empty range.
  ///
  /// - Precondition: `rows >= 0`, `tile > 0`, `0 <= index < workers`.
  public static func range(rows: Int, tile: Int, worker index: Int, of workers: Int) -> Range<Int> {
    precondition(rows >= 0 && tile > 0 && index >= 0 && index < workers)
    let tiles = rows / tile + (rows % tile == 0 ? 0 : 1)
    let (share, longer) = tiles.quotientAndRemainder(dividingBy: workers)
    let first = index * share + min(index, longer)
    let last = first + share + (index < longer ? 1 : 0)
    return min(first * tile, rows)..<(last == tiles ? rows : last * tile)
  }
}
