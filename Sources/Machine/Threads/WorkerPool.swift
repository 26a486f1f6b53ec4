import Foundation
import Synchronization

/// Threads that stay on their CPUs and execute one body together.
///
/// Worker 0 is the thread that calls ``run(_:)``; it is kept on its CPU during the run only. The others are
/// pinned for good. They wait for the next run by spinning for a moment, so that runs in quick succession
/// start within microseconds, then sleep, so that an idle pool costs nothing. The threads end with the pool.
public final class WorkerPool: Sendable {
  /// How long an idle worker spins before it sleeps. Longer than the pause between two kernel calls, short
  /// enough not to heat the CPU for its neighbours.
  private static let spinningNanoseconds: UInt64 = 200_000

  /// Number of workers, the caller of ``run(_:)`` included.
  public let count: Int
  /// The logical CPU of every worker.
  public let processors: [Int]

  private let state: PoolState
  private let threads: [pthread_t]
  private let callerAffinity: Affinity
  /// One run at a time; a run within a run is a mistake that the lock traps.
  private let running = Mutex<Void>(())
  /// The thread inside ``keepingCallerPinned(_:)``; 0 when there is none, which is no thread's identity.
  private let pinnedCaller = Atomic<pthread_t>(0)

  /// Logical CPUs this process may use, in the order workers take them: one per physical core first.
  ///
  /// Read once, before the first pool: a thread inside a run is allowed only its own CPU.
  public static let availableProcessors = ProcessorOrder.ofCallingThread()

  /// Starts `count - 1` threads and pins them.
  ///
  /// - Throws: ``WorkerPoolError`` when `count` is not in `1...availableProcessors.count`, or the system
  ///   refuses a thread.
  public convenience init(count: Int) throws(WorkerPoolError) {
    let available = Self.availableProcessors
    guard count >= 1 else { throw .tooFewWorkers(requested: count) }
    guard count <= available.count else {
      throw .tooManyWorkers(requested: count, available: available.count)
    }
    try self.init(processors: Array(available.prefix(count)))
  }

  /// One worker per element; a CPU named twice is shared by workers that yield instead of spinning.
  init(processors: [Int]) throws(WorkerPoolError) {
    guard !processors.isEmpty else { throw .tooFewWorkers(requested: 0) }
    count = processors.count
    self.processors = processors
    callerAffinity = Affinity([processors[0]])
    state = PoolState(threads: processors.count, shareProcessors: Set(processors).count < processors.count)

    var started: [pthread_t] = []
    var failure: WorkerPoolError?
    for index in 1..<processors.count {
      let start = ThreadStart(state: state, index: index, processor: processors[index])
      let argument = Unmanaged.passRetained(start)
      var thread = pthread_t()
      let code = pthread_create(&thread, nil, workerThread, argument.toOpaque())
      guard code == 0 else {
        argument.release()
        failure = .threadNotStarted(worker: index, code: code)
        break
      }
      started.append(thread)
      var wait = SpinWait(yieldsAtOnce: true)
      while start.pinning.load(ordering: .acquiring) == ThreadStart.notYet { wait.pause() }
      let pinning = start.pinning.load(ordering: .acquiring)
      guard pinning == 0 else {
        failure = .notPinned(processor: processors[index], code: pinning)
        break
      }
    }
    threads = started
    // From here on deinit ends the threads that did start.
    if let failure { throw failure }
  }

  deinit {
    state.stop()
    for thread in threads { pthread_join(thread, nil) }
  }

  /// Executes `body` once on every worker and returns when all have finished.
  ///
  /// What the caller wrote before is seen by all workers, and what they wrote is seen by the caller after.
  /// Calls from several threads take turns. `body` must not call `run` of the same pool.
  public func run(_ body: @Sendable (WorkerContext) -> Void) {
    running.withLock { _ in
      if pinnedCaller.load(ordering: .relaxed) == pthread_self() {
        execute(body)
      } else {
        onFirstProcessor { execute(body) }
      }
    }
  }

  /// Keeps the calling thread on the CPU of worker 0 for all of `body`, so that each ``run(_:)`` in it saves
  /// the two microseconds of moving there and back.
  ///
  /// Must not be nested, nor used by two threads at once: the second one gains nothing.
  public func keepingCallerPinned<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try onFirstProcessor { () throws(Failure) -> Result in
      let isOurs = pinnedCaller.compareExchange(expected: 0, desired: pthread_self(), ordering: .relaxed)
        .exchanged
      defer { if isOurs { pinnedCaller.store(0, ordering: .relaxed) } }
      return try body()
    }
  }

  private func onFirstProcessor<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let before = Affinity.ofCallingThread()
    // A refusal leaves the caller where it was: slower perhaps, never wrong.
    callerAffinity.applyToCallingThread()
    defer { _ = before?.applyToCallingThread() }
    return try body()
  }

  private func execute(_ body: @Sendable (WorkerContext) -> Void) {
    guard count > 1 else { return body(state.context(of: 0)) }
    withoutActuallyEscaping(body) { body in
      state.begin(body)
      body(state.context(of: 0))
      state.awaitOthers()
    }
  }

  /// What the caller and the threads share. It does not know the pool, so that the pool can end.
  fileprivate final class PoolState: Sendable {
    private let threads: Int
    private let shareProcessors: Bool
    private let spinBarrier: SpinBarrier
    /// Counts runs. Its change publishes `job` to the workers.
    private let started = PaddedCounter()
    /// Workers still executing the current run, the caller not counted.
    private let unfinished = PaddedCounter()
    /// Workers asleep on `condition`, or about to be.
    private let asleep = PaddedCounter()
    private let stopping = Atomic(false)
    // Written by the caller only while no worker executes, which `started` and `unfinished` order.
    nonisolated(unsafe) private var job: (@Sendable (WorkerContext) -> Void)?
    // pthread objects need an address of their own; they are made for use by many threads.
    nonisolated(unsafe) private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    nonisolated(unsafe) private let condition: UnsafeMutablePointer<pthread_cond_t>

    init(threads: Int, shareProcessors: Bool) {
      self.threads = threads
      self.shareProcessors = shareProcessors
      spinBarrier = SpinBarrier(threads: threads, yieldsAtOnce: shareProcessors)
      mutex = .allocate(capacity: 1)
      condition = .allocate(capacity: 1)
      pthread_mutex_init(mutex, nil)
      pthread_cond_init(condition, nil)
    }

    deinit {
      pthread_cond_destroy(condition)
      pthread_mutex_destroy(mutex)
      condition.deallocate()
      mutex.deallocate()
    }

    func context(of index: Int) -> WorkerContext {
      WorkerContext(index: index, count: threads, spinBarrier: spinBarrier)
    }

    func begin(_ body: @escaping @Sendable (WorkerContext) -> Void) {
      job = body
      unfinished.value.store(UInt32(threads - 1), ordering: .relaxed)
      announce()
    }

    func awaitOthers() {
      var wait = SpinWait(yieldsAtOnce: shareProcessors)
      while unfinished.value.load(ordering: .acquiring) != 0 { wait.pause() }
      job = nil
    }

    func stop() {
      stopping.store(true, ordering: .relaxed)
      announce()
    }

    /// Starts a run, or the end. Either this sees a sleeper's announcement or the sleeper sees the new number:
    /// both are sequentially consistent, one store and then one load on each side.
    private func announce() {
      started.value.wrappingAdd(1, ordering: .sequentiallyConsistent)
      guard asleep.value.load(ordering: .sequentiallyConsistent) != 0 else { return }
      pthread_mutex_lock(mutex)
      pthread_cond_broadcast(condition)
      pthread_mutex_unlock(mutex)
    }

    /// The life of worker `index`.
    func serve(index: Int) {
      var seen: UInt32 = 0
      while true {
        awaitStart(after: seen)
        seen &+= 1
        if stopping.load(ordering: .relaxed) { return }
        execute(index: index)
        unfinished.value.wrappingSubtract(1, ordering: .releasing)
      }
    }

    /// A function of its own: its reference to the job is gone before the worker reports that it finished,
    /// which `withoutActuallyEscaping` demands.
    @inline(never)
    private func execute(index: Int) {
      job?(context(of: index))
    }

    private func awaitStart(after seen: UInt32) {
      var wait = SpinWait(yieldsAtOnce: shareProcessors)
      let begin = monotonicNanoseconds()
      repeat {
        // The clock costs more than a look at the counter.
        for _ in 0..<32 {
          if started.value.load(ordering: .acquiring) != seen { return }
          wait.pause()
        }
      } while monotonicNanoseconds() &- begin < WorkerPool.spinningNanoseconds
      pthread_mutex_lock(mutex)
      asleep.value.wrappingAdd(1, ordering: .sequentiallyConsistent)
      while started.value.load(ordering: .sequentiallyConsistent) == seen {
        pthread_cond_wait(condition, mutex)
      }
      asleep.value.wrappingSubtract(1, ordering: .relaxed)
      pthread_mutex_unlock(mutex)
    }
  }

  /// What a new thread is told, and where it answers.
  fileprivate final class ThreadStart: Sendable {
    static let notYet: Int32 = -1

    let state: PoolState
    let index: Int
    let processor: Int
    /// 0 or the error number of the pinning, once tried.
    let pinning = Atomic<Int32>(notYet)

    init(state: PoolState, index: Int, processor: Int) {
      self.state = state
      self.index = index
      self.processor = processor
    }
  }
}

private func workerThread(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let argument else { return nil }
  let start = Unmanaged<WorkerPool.ThreadStart>.fromOpaque(argument).takeRetainedValue()
  let code = Affinity([start.processor]).applyToCallingThread()
  start.pinning.store(code, ordering: .releasing)
  if code == 0 { start.state.serve(index: start.index) }
  return nil
}
