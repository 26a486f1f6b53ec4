import Foundation
import Synchronization
import Testing

@testable import Machine

@Suite struct WorkerPoolTests {
  static let available = WorkerPool.availableProcessors.count

  /// A pool of any size: CPUs are shared when there are too few.
  private func pool(_ count: Int) throws -> WorkerPool {
    let processors = WorkerPool.availableProcessors
    return try WorkerPool(processors: (0..<count).map { processors[$0 % processors.count] })
  }

  @Test(arguments: 1...min(available, 16))
  func everyWorkerRunsOnceOnItsProcessor(count: Int) throws {
    let pool = try WorkerPool(count: count)
    let seen = Mutex<[Int: [Int]]>([:])
    for _ in 0..<50 {
      pool.run { worker in
        let processors = Affinity.ofCallingThread()?.processors ?? []
        #expect(worker.count == count)
        seen.withLock { $0[worker.index, default: []].append(contentsOf: processors) }
      }
    }
    let expected = Dictionary(
      uniqueKeysWithValues: pool.processors.enumerated().map { ($0, Array(repeating: $1, count: 50)) })
    #expect(seen.withLock { $0 } == expected)
  }

  @Test(arguments: [1, 2, 3, 8])
  func barrierSeparatesPhases(count: Int) throws {
    let pool = try pool(count)
    let rounds = 200
    // Plain memory on purpose: only the barrier orders these accesses, which ThreadSanitizer can check.
    nonisolated(unsafe) let cells = UnsafeMutablePointer<Int>.allocate(capacity: count)
    cells.initialize(repeating: 0, count: count)
    defer { cells.deallocate() }
    let mistakes = Atomic(0)
    pool.run { worker in
      for round in 1...rounds {
        cells[worker.index] = round * (worker.index + 1)
        worker.barrier()
        let neighbour = (worker.index + 1) % worker.count
        if cells[neighbour] != round * (neighbour + 1) { mistakes.wrappingAdd(1, ordering: .relaxed) }
        worker.barrier()
      }
    }
    #expect(mistakes.load(ordering: .relaxed) == 0)
  }

  @Test(arguments: [1, 2, 5])
  func writesAreVisibleToTheCaller(count: Int) throws {
    let pool = try pool(count)
    nonisolated(unsafe) let sums = UnsafeMutablePointer<Int>.allocate(capacity: count)
    sums.initialize(repeating: 0, count: count)
    defer { sums.deallocate() }
    for round in 1...300 {
      pool.run { worker in sums[worker.index] += round }
    }
    #expect((0..<count).allSatisfy { sums[$0] == 300 * 301 / 2 })
  }

  @Test func sleepingWorkersWakeUp() throws {
    let pool = try pool(3)
    let runs = Atomic(0)
    for _ in 0..<5 {
      pool.run { _ in runs.wrappingAdd(1, ordering: .relaxed) }
      usleep(3000)  // well beyond the spinning time
    }
    #expect(runs.load(ordering: .relaxed) == 15)
  }

  @Test func idleWorkersUseNoProcessorTime() throws {
    let pool = try pool(2)
    pool.run { _ in }
    let threadTime = Mutex(0.0)
    func workerSeconds() -> Double {
      pool.run { worker in
        guard worker.index == 1 else { return }
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        threadTime.withLock { $0 = Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9 }
      }
      return threadTime.withLock { $0 }
    }
    let before = workerSeconds()
    usleep(100_000)
    #expect(workerSeconds() - before < 0.05)
  }

  @Test func callerKeepsItsAffinity() throws {
    let before = Affinity.ofCallingThread()?.processors
    let pool = try WorkerPool(count: 1)
    pool.run { _ in }
    #expect(Affinity.ofCallingThread()?.processors == before)
    pool.keepingCallerPinned {
      #expect(WorkerPool.availableProcessors.count == Self.available)
      #expect(Affinity.ofCallingThread()?.processors == pool.processors)
      pool.run { _ in }
      #expect(Affinity.ofCallingThread()?.processors == pool.processors)
    }
    #expect(Affinity.ofCallingThread()?.processors == before)
  }

  @Test func concurrentCallersTakeTurns() async throws {
    let pool = try pool(2)
    final class Tally: Sendable {
      let inside = Atomic(0)
      let overlaps = Atomic(0)
    }
    let tally = Tally()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask {
          for _ in 0..<50 {
            pool.run { worker in
              worker.barrier()
              if worker.index == 0, tally.inside.wrappingAdd(1, ordering: .relaxed).newValue != 1 {
                tally.overlaps.wrappingAdd(1, ordering: .relaxed)
              }
              worker.barrier()
              if worker.index == 0 { tally.inside.wrappingSubtract(1, ordering: .relaxed) }
            }
          }
        }
      }
    }
    #expect(tally.overlaps.load(ordering: .relaxed) == 0)
  }

  @Test func poolsEndWithTheirThreads() throws {
    func threads() -> Int { SystemFiles().names(in: "/proc/self/task").count }
    var unused: [WorkerPool] = []
    for _ in 0..<20 { unused.append(try pool(8)) }
    #expect(threads() > 140)
    unused.removeAll()
    // Other tests run meanwhile, with few threads of their own.
    #expect(threads() < 140)
  }

  @Test(arguments: [999, Int.max])
  func refusesMoreWorkersThanProcessors(count: Int) {
    let error = WorkerPoolError.tooManyWorkers(requested: count, available: Self.available)
    #expect(throws: error) { try WorkerPool(count: count) }
    #expect("\(error)".contains("\(count)") && "\(error)".contains("at most \(Self.available)"))
  }

  @Test(arguments: [0, -1])
  func refusesNoWorkers(count: Int) {
    #expect(throws: WorkerPoolError.tooFewWorkers(requested: count)) { try WorkerPool(count: count) }
  }

  @Test func refusesAProcessorThatIsNotThere() {
    let missing = 8000
    #expect(throws: WorkerPoolError.notPinned(processor: missing, code: EINVAL)) {
      try WorkerPool(processors: [0, missing])
    }
  }
}

@Suite struct RowSplitTests {
  @Test(arguments: [0, 1, 7, 64, 65, 4096, 5460, 8640], [1, 4, 16, 320])
  func rangesCoverEveryRowOnce(rows: Int, tile: Int) {
    for workers in [1, 2, 3, 7, 64] {
      let ranges = (0..<workers).map { RowSplit.range(rows: rows, tile: tile, worker: $0, of: workers) }
      #expect(ranges.first?.lowerBound == 0)
      #expect(ranges.last?.upperBound == rows)
      for (before, after) in zip(ranges, ranges.dropFirst()) {
        #expect(before.upperBound == after.lowerBound)
      }
      for range in ranges where !range.isEmpty {
        #expect(range.lowerBound % tile == 0)
        #expect(range.upperBound % tile == 0 || range.upperBound == rows)
      }
      let tiles = ranges.map { ($0.count + tile - 1) / tile }
      #expect((tiles.max() ?? 0) - (tiles.min() ?? 0) <= 1)
    }
  }
}
