import KernelZoo
import Machine

extension WorkerPool: WorkerTeam {
  /// Workers that `run` starts.
  public var workerCount: Int { count }

  /// Runs `body` once on every worker.
  public func run(_ body: @Sendable (any TeamMember) -> Void) {
    run { (context: WorkerContext) in body(context) }
  }
}

extension WorkerContext: TeamMember {}

extension MemoryArena.Piece: WeightMemory {}
