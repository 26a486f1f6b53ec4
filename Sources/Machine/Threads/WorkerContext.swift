/// What the body of ``WorkerPool/run(_:)`` knows about the worker that executes it.
public struct WorkerContext: Sendable {
  /// Which worker this is: `0..<count`; 0 is the thread that called `run`.
  public let index: Int
  /// How many workers execute the body.
  public let count: Int
  let spinBarrier: SpinBarrier

  /// Waits until all workers have called it; what they wrote before is seen by all after.
  ///
  /// Every worker must make the same number of calls in one run.
  public func barrier() {
    if count > 1 { spinBarrier.wait() }
  }

  /// This worker's share of `rows` rows, split at multiples of `tile`: see ``RowSplit``.
  public func rows(of rows: Int, tile: Int) -> Range<Int> {
    RowSplit.range(rows: rows, tile: tile, worker: index, of: count)
  }
}
