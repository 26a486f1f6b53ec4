import CKernels
import Foundation
import Synchronization

/// One atomic on a cache line of its own, so that waiting on it does not disturb its neighbours.
struct PaddedCounter: ~Copyable, Sendable {
  let value: Atomic<UInt32>
  // 128 bytes: x86 fetches lines in pairs.
  private let padding: (Int, Int, Int, Int, Int, Int, Int, Int, Int, Int, Int, Int, Int, Int, Int)

  init() {
    value = Atomic(0)
    padding = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
  }
}

/// Waiting for other threads without leaving the CPU, as long as that is polite.
struct SpinWait {
  /// Rounds of bl_cpu_relax() before the first offer to yield: some tens of microseconds.
  static let roundsBeforeYield = 1000

  private let yieldsAtOnce: Bool
  private var rounds = 0

  /// - Parameter yieldsAtOnce: for more threads than CPUs: the one waited for may need this very CPU.
  init(yieldsAtOnce: Bool) { self.yieldsAtOnce = yieldsAtOnce }

  mutating func pause() {
    if yieldsAtOnce || rounds >= Self.roundsBeforeYield {
      sched_yield()
    } else {
      rounds += 1
      bl_cpu_relax()
    }
  }
}

/// A barrier for a fixed number of threads that spins on a generation number.
///
/// What a thread wrote before the barrier is seen by all after it.
final class SpinBarrier: Sendable {
  private let threads: UInt32
  private let yieldsAtOnce: Bool
  private let arrived = PaddedCounter()
  private let generation = PaddedCounter()

  init(threads: Int, yieldsAtOnce: Bool) {
    self.threads = UInt32(threads)
    self.yieldsAtOnce = yieldsAtOnce
  }

  func wait() {
    // Read before arriving: the generation cannot change until this thread has arrived.
    let before = generation.value.load(ordering: .relaxed)
    if arrived.value.wrappingAdd(1, ordering: .acquiringAndReleasing).newValue == threads {
      arrived.value.store(0, ordering: .relaxed)
      generation.value.store(before &+ 1, ordering: .releasing)
    } else {
      var spin = SpinWait(yieldsAtOnce: yieldsAtOnce)
      while generation.value.load(ordering: .acquiring) == before { spin.pause() }
    }
  }
}
