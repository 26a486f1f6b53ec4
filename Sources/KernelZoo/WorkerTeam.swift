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
  /// This worker's part of `rows` rows: contiguous, in the order of the workers, cut at multiples of `tile`,
  /// balanced to one tile; empty when there are fewer tiles than workers.
  func rows(of rows: Int, tile: Int) -> Range<Int>
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
  /// All of them.
  public func rows(of rows: Int, tile: Int) -> Range<Int> { 0..<rows }
  /// Runs `body` on the calling thread.
  public func run(_ body: @Sendable (any TeamMember) -> Void) { body(self) }
}
