/// Threads that run the same body together; Machine's worker pool is one.
public protocol WorkerTeam {
  /// Workers that `run` starts.
  var workerCount: Int { get }

  /// Runs `body` once on every worker and returns when all have finished.
  func run(_ body: @Sendable (any TeamMember) -> Void)
}

/// One worker's place in its team.
public protocol TeamMember {
  /// 0 ..< count.
  var index: Int { get }
  /// Workers in the team.
  var count: Int { get }
  /// Waits until every worker of the team has come here.
  func barrier()
}

/// The calling thread alone.
public struct SingleWorker: WorkerTeam, TeamMember {
  /// A team of one.
  public init() {}
  /// One.
  public var workerCount: Int { 1 }
  /// Zero.
  public var index: Int { 0 }
  /// One.
  public var count: Int { 1 }
  /// Nothing to wait for.
  public func barrier() {}
  /// Runs `body` on the calling thread.
  public func run(_ body: @Sendable (any TeamMember) -> Void) { body(self) }
}

extension TeamMember {
  /// This worker's share of 0 ..< `total`, cut at multiples of `tile`, contiguous and balanced to one tile.
  public func share(of total: Int, tile: Int) -> Range<Int> {
    let tiles = (total + tile - 1) / tile
    let first = tiles * index / count * tile
    let last = tiles * (index + 1) / count * tile
    return min(first, total)..<min(last, total)
  }
}
