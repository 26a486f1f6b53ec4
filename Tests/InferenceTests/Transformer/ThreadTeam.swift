import Foundation
import KernelZoo
import Machine

/// A team of threads that are started for each run, on whatever CPUs the system gives them: more than there are CPUs,
/// too.
struct ThreadTeam: WorkerTeam {
  let workerCount: Int

  init(_ workers: Int) { workerCount = workers }

  func run(_ body: @Sendable (any TeamMember) -> Void) {
    let barrier = TeamBarrier(workers: workerCount)
    withoutActuallyEscaping(body) { body in
      let threads = (1..<workerCount).map { index in
        let start = ThreadStart(body: body, member: Member(index: index, count: workerCount, shared: barrier))
        var thread = pthread_t()
        let code = pthread_create(&thread, nil, workerThread, Unmanaged.passRetained(start).toOpaque())
        precondition(code == 0, "the system refuses a thread")
        return thread
      }
      body(Member(index: 0, count: workerCount, shared: barrier))
      for thread in threads { pthread_join(thread, nil) }
    }
  }

  struct Member: TeamMember {
    let index: Int
    let count: Int
    fileprivate let shared: TeamBarrier

    func barrier() { shared.wait() }

    func rows(of rows: Int, tile: Int) -> Range<Int> {
      RowSplit.range(rows: rows, tile: tile, worker: index, of: count)
    }
  }
}

private final class TeamBarrier: @unchecked Sendable {
  // Unchecked: the condition's lock guards both numbers.
  private let condition = NSCondition()
  private let workers: Int
  private var arrived = 0
  private var generation = 0

  init(workers: Int) { self.workers = workers }

  func wait() {
    condition.lock()
    defer { condition.unlock() }
    arrived += 1
    guard arrived < workers else {
      arrived = 0
      generation += 1
      condition.broadcast()
      return
    }
    let before = generation
    while generation == before { condition.wait() }
  }
}

private final class ThreadStart: Sendable {
  let body: @Sendable (any TeamMember) -> Void
  let member: ThreadTeam.Member

  init(body: @escaping @Sendable (any TeamMember) -> Void, member: ThreadTeam.Member) {
    self.body = body
    self.member = member
  }
}

private func workerThread(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let argument else { return nil }
  let start = Unmanaged<ThreadStart>.fromOpaque(argument).takeRetainedValue()
  start.body(start.member)
  return nil
}
