import CKernels
import Foundation
import Synchronization

/// What one probe took.
public struct ProbeSample: Sendable, Hashable {
  /// Bytes read, or multiply-accumulates done, by all workers together.
  public let amount: Double
  /// From the moment all workers began to the moment the last one ended.
  public let seconds: Double

  /// Bytes or multiply-accumulates per second.
  public var perSecond: Double { seconds > 0 ? amount / seconds : 0 }
}

/// The machine's limits at this very moment, for interleaving with the kernels they judge.
///
/// Clocks, neighbours and, on virtual machines, the memory bandwidth itself change within seconds. A kernel is
/// fairly judged only by a probe of the same round. The probe owns a buffer of four times the last-level cache;
/// reading on and on through it measures memory, and leaves nothing else in the caches.
///
/// The first use with each number of workers and each kind of work takes up to some 200 ms longer: the fastest
/// way for this machine is found by trying. One probe serves one thread at a time; others wait.
public final class RooflineProbe: Sendable {
  /// The buffer is at least this large, whatever the caches.
  public static let leastBufferBytes = 256 << 20
  /// And at most this share of the memory that is free.
  private static let mostShareOfMemory = 0.25
  /// A multiple of every pattern's granule; shares and reads are whole multiples.
  private static let unitBytes = 32 << 10

  /// Instructions the probes may use: a mask of `BL_ISA_…`.
  public let isa: UInt32
  /// Size of the buffer that is read.
  public var bufferBytes: Int { memory.byteCount }

  private let memory: AlignedMemory
  private let state = Mutex(State())

  private struct State {
    var position = 0  // within every worker's share
    var readPatterns: [Int: ReadPattern] = [:]  // by number of workers
    var computeProbes: [ComputeKey: ComputeProbe] = [:]
  }

  private struct ComputeKey: Hashable {
    let kind: ComputeKind
    let isa: UInt32
    let workers: Int
  }

  /// Makes the buffer and has the pool's workers touch it, each its own share.
  ///
  /// - Parameters:
  ///   - isa: extensions to use; at most what the CPU has.
  ///   - lastLevelCacheBytes: what the buffer must exceed fourfold.
  /// - Throws: ``MemoryError`` when there is no room for ``leastBufferBytes``.
  public init(
    pool: WorkerPool, isa: UInt32 = bl_cpu_isa(), policy: NUMAPolicy = .local,
    lastLevelCacheBytes: Int = Topology().lastLevelCache?.bytes ?? 0
  ) throws(MemoryError) {
    self.isa = isa & bl_cpu_isa()
    let available = MemorySize(files: SystemFiles()).availableBytes ?? 4 * Self.leastBufferBytes
    let wanted = min(Double(lastLevelCacheBytes) * 4, Double(available) * Self.mostShareOfMemory)
    memory = try AlignedMemory(byteCount: max(Int(wanted), Self.leastBufferBytes), policy: policy)
    memory.touch(by: pool)
  }

  /// Reads on through the buffer, where the last call ended, with all workers at once.
  ///
  /// - Parameter bytes: all workers together; rounded up to whole steps of 32 KiB a worker, and at most the
  ///   buffer. The sample says how many it were.
  public func readOnce(_ pool: WorkerPool, bytes: Int) -> ProbeSample {
    state.withLock { state in
      let pattern = readPattern(for: pool, state: &state)
      return read(pool, bytes: bytes, pattern: pattern, position: &state.position)
    }
  }

  /// Multiplies and adds for about `seconds` with all workers at once; `nil` when the instruction set has no
  /// such operation.
  ///
  /// - Parameter ceiling: extensions to do with, of those in ``isa``; a kernel that has fewer than the CPU is
  ///   fairly judged by what those few can do.
  public func computeOnce(
    _ kind: ComputeKind, _ pool: WorkerPool, ceiling: UInt32 = .max, seconds: Double = 0.0015
  ) -> ProbeSample? {
    state.withLock { state in
      guard let probe = computeProbe(kind, isa: isa & ceiling, for: pool, state: &state) else { return nil }
      return Self.compute(probe, pool, seconds: seconds)
    }
  }

  /// The way ``readOnce(_:bytes:)`` reads with this pool, in words.
  public func readMethod(for pool: WorkerPool) -> String {
    state.withLock { readPattern(for: pool, state: &$0).description }
  }

  /// The way ``computeOnce(_:_:ceiling:seconds:)`` computes with this pool, in words.
  public func computeMethod(_ kind: ComputeKind, _ pool: WorkerPool, ceiling: UInt32 = .max) -> String? {
    state.withLock { computeProbe(kind, isa: isa & ceiling, for: pool, state: &$0)?.description }
  }

  /// Reads the first `bytesPerWorker` bytes of every worker's share again and again, for the caches.
  func readRepeatedly(
    _ pool: WorkerPool, bytesPerWorker: Int, rounds: Int, pattern: ReadPattern
  ) -> ProbeSample {
    state.withLock { _ in
      let share = shareBytes(workers: pool.count)
      let bytes = min(bytesPerWorker, share) / pattern.granuleBytes * pattern.granuleBytes
      guard bytes > 0 else { return ProbeSample(amount: 0, seconds: 0) }
      let seconds = Self.time(pool) { worker in
        let begin = self.memory.baseAddress + worker.index * share
        return pattern.read(begin, byteCount: bytes, rounds: rounds)
      }
      return ProbeSample(amount: Double(bytes) * Double(rounds) * Double(pool.count), seconds: seconds)
    }
  }

  /// Equal shares for all workers, in whole granules of every pattern and aligned for them.
  private func shareBytes(workers: Int) -> Int {
    let unit = Self.unitBytes
    return max(memory.byteCount / workers / unit * unit, unit)
  }

  private func read(
    _ pool: WorkerPool, bytes: Int, pattern: ReadPattern, position: inout Int
  ) -> ProbeSample {
    let unit = Self.unitBytes
    let share = shareBytes(workers: pool.count)
    let perWorker = max(bytes, 1) / pool.count
    let wanted = min(perWorker / unit * unit + (perWorker % unit == 0 ? 0 : unit), share)
    let amount = max(wanted, unit)
    let begin = position + amount <= share ? position : 0
    position = begin + amount
    let seconds = Self.time(pool) { worker in
      pattern.read(self.memory.baseAddress + worker.index * share + begin, byteCount: amount, rounds: 1)
    }
    return ProbeSample(amount: Double(amount) * Double(pool.count), seconds: seconds)
  }

  /// Executes `body` on all workers at once and returns the seconds it took. Results are kept from being
  /// optimised away by adding them where the optimiser cannot follow.
  private static func time(_ pool: WorkerPool, _ body: @Sendable (WorkerContext) -> UInt64) -> Double {
    let elapsed = Elapsed()
    pool.run { worker in
      worker.barrier()
      let begin = monotonicNanoseconds()
      let result = body(worker)
      worker.barrier()
      let end = monotonicNanoseconds()
      elapsed.results.wrappingAdd(result, ordering: .relaxed)
      if worker.index == 0 { elapsed.nanoseconds.store(end &- begin, ordering: .relaxed) }
    }
    return Double(elapsed.nanoseconds.load(ordering: .relaxed)) * 1e-9
  }

  private final class Elapsed: Sendable {
    let nanoseconds = Atomic<UInt64>(0)
    let results = Atomic<UInt64>(0)
  }

  private func readPattern(for pool: WorkerPool, state: inout State) -> ReadPattern {
    if let known = state.readPatterns[pool.count] { return known }
    var position = state.position
    // 8 MiB a worker: some hundred microseconds.
    let best = Self.fastest(of: ReadPattern.all(isa: isa), rounds: 7) { pattern in
      read(pool, bytes: (8 << 20) * pool.count, pattern: pattern, position: &position).perSecond
    }
    state.position = position
    state.readPatterns[pool.count] = best
    return best ?? ReadPattern(probe: 0, prefetchBytes: 0)
  }

  private func computeProbe(
    _ kind: ComputeKind, isa: UInt32, for pool: WorkerPool, state: inout State
  ) -> ComputeProbe? {
    let key = ComputeKey(kind: kind, isa: isa, workers: pool.count)
    if let known = state.computeProbes[key] { return known }
    let best = Self.fastest(of: kind.probes(isa: isa), rounds: 3) { probe in
      Self.compute(probe, pool, seconds: 0.001).perSecond
    }
    state.computeProbes[key] = best
    return best
  }

  private static func compute(_ probe: ComputeProbe, _ pool: WorkerPool, seconds: Double) -> ProbeSample {
    let trial = 4096
    let trialSeconds = time(pool) { _ in probe.run(steps: trial) ? 1 : 0 }
    let steps = trialSeconds > 0 ? Int(min(seconds / trialSeconds * Double(trial), 1e9)) : trial
    let amount = max(steps, trial)
    let elapsed = time(pool) { _ in probe.run(steps: amount) ? 1 : 0 }
    let macs = Double(amount) * Double(probe.descriptor.macs_per_step) * Double(pool.count)
    return ProbeSample(amount: macs, seconds: elapsed)
  }

  /// The candidate that is fastest relative to the others. All are tried in turn, and each is compared with its
  /// own round, so that neither a slow moment nor a change of the machine's mode favours anyone.
  private static func fastest<Candidate: Hashable>(
    of candidates: [Candidate], rounds: Int, rate: (Candidate) -> Double
  ) -> Candidate? {
    guard candidates.count > 1 else { return candidates.first }
    var scores: [Candidate: [Double]] = [:]
    for _ in 0..<rounds {
      let rates = candidates.map(rate)
      let typical = max(median(rates), .leastNormalMagnitude)
      for (candidate, rate) in zip(candidates, rates) {
        scores[candidate, default: []].append(rate / typical)
      }
    }
    return candidates.max { median(scores[$0] ?? []) < median(scores[$1] ?? []) }
  }
}

/// The middle of the values, the upper one of two; 0 for none.
func median(_ values: [Double]) -> Double {
  values.isEmpty ? 0 : values.sorted()[values.count / 2]
}
