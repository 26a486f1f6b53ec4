import CPAPI
import Foundation
import Synchronization

/// Hardware counters through PAPI, a set of its own for every worker thread.
///
/// Sets are made in a worker's first region and run during regions only, because a thread can run but one set:
/// several of these objects may serve the same threads in turn. Only its own thread could
/// free a set, so sets last as long as the process.
public final class PAPICounters: CounterProvider {
  /// Events counted unless the user names others; of each line the first that the machine has. The generic
  /// `perf` events serve CPUs that are newer than PAPI's presets.
  static let defaultEvents = [
    ["PAPI_TOT_CYC", "perf::CYCLES"], ["PAPI_TOT_INS", "perf::INSTRUCTIONS"],
    ["PAPI_L3_TCM", "perf::LLC-LOAD-MISSES", "perf::CACHE-MISSES"], ["PAPI_FP_OPS"], ["PAPI_VEC_INS"],
  ]

  /// The events asked for, and why some are missing.
  public let events: [CounterEvent]
  private let counted: [String]
  private let multiplex: Bool
  private let state = Mutex(State())

  private struct State {
    var workers: [Int: Worker] = [:]
    var totals: [Double]?
    var failed = false
  }

  private struct Worker {
    let thread: UInt
    let set: Int32
    var isOpen = false
  }

  /// Finds out, on the calling thread, which events can be counted together.
  ///
  /// - Parameter environment: `PAPI_EVENTS`, names separated by commas, replaces the default events;
  ///   `PAPI_MULTIPLEX` set to anything but 0 lets more events take turns than the hardware has counters.
  public init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    let wanted = Self.events(namedBy: environment["PAPI_EVENTS"]) ?? Self.defaultEvents
    var multiplex = ![nil, "", "0"].contains(environment["PAPI_MULTIPLEX"])
    if let reason = PAPILibrary.unavailableBecause {
      (events, counted, self.multiplex) = (
        wanted.map { .init(name: $0[0], missingBecause: reason) }, [], false
      )
      return
    }
    if multiplex { multiplex = PAPI_multiplex_init() == PAPI_OK }
    var events: [CounterEvent] = []
    var counted: [String] = []
    for alternatives in wanted {
      var missing: [String] = []
      for name in alternatives {
        let reason = Self.obstacle(to: name, after: counted, multiplex: multiplex)
        guard let reason else {
          counted.append(name)
          events.append(CounterEvent(name: name, missingBecause: nil))
          break
        }
        missing.append(reason)
      }
      if missing.count == alternatives.count {
        events.append(CounterEvent(name: alternatives[0], missingBecause: missing[0]))
      }
    }
    (self.events, self.counted, self.multiplex) = (events, counted, multiplex)
  }

  /// Event names of a `PAPI_EVENTS` value, each without alternatives; `nil` for none.
  static func events(namedBy list: String?) -> [[String]]? {
    var names: [String] = []
    for part in (list ?? "").split(separator: ",") {
      // PAPI's own high-level interface allows `EVENT=instant`; the manner does not matter here.
      let name = part.prefix { $0 != "=" }.trimmingCharacters(in: .whitespaces)
      if !name.isEmpty && !names.contains(name) { names.append(name) }
    }
    return names.isEmpty ? nil : names.map { [$0] }
  }

  /// Why `name` cannot be counted together with `others`; `nil` when it can.
  private static func obstacle(to name: String, after others: [String], multiplex: Bool) -> String? {
    let (set, codes) = PAPILibrary.makeEventSet(others + [name], multiplex: multiplex)
    defer { PAPILibrary.dispose(set) }
    switch codes.last {
    case PAPI_OK?: break
    case PAPI_ENOEVNT?: return "this machine has no such event"
    case PAPI_ECNFLCT?: return "no hardware counter is left for it (PAPI_MULTIPLEX=1 lets events take turns)"
    case let code?: return PAPILibrary.message(code)
    case nil: return "it was not asked for"
    }
    // Some sets can be made but not started, as when the kernel forbids counting.
    let started = PAPI_start(set)
    return started == PAPI_OK ? nil : PAPILibrary.message(started)
  }

  /// Begins a region on this thread.
  public func start(worker: Int) {
    guard !counted.isEmpty else { return }
    let thread = bl_papi_thread()
    var slot = state.withLock { $0.workers[worker] }
    // Another thread may have become this worker; its set cannot be used from here, nor freed.
    if slot?.thread != thread { slot = makeWorker(thread) }
    if let set = slot?.set { slot?.isOpen = PAPI_start(set) == PAPI_OK }
    let ready = slot
    state.withLock { state in
      state.workers[worker] = ready
      if ready?.isOpen != true { state.failed = true }
    }
  }

  /// Ends the region and adds it to the totals.
  public func stop(worker: Int) {
    guard !counted.isEmpty, let slot = state.withLock({ $0.workers[worker] }), slot.isOpen,
      slot.thread == bl_papi_thread()
    else { return }
    var counts = [Int64](repeating: 0, count: counted.count)
    let isRead = PAPI_stop(slot.set, &counts) == PAPI_OK
    state.withLock { state in
      state.workers[worker]?.isOpen = false
      guard isRead else { return state.failed = true }
      var totals = state.totals ?? Array(repeating: 0, count: counted.count)
      for index in totals.indices { totals[index] += Double(counts[index]) }
      state.totals = totals
    }
  }

  /// What all workers counted since the last call; empty when a single one could not, because a sum without it
  /// would be wrong.
  public func takeReading() -> CounterReading {
    let (totals, failed) = state.withLock { state in
      defer { (state.totals, state.failed) = (nil, false) }
      return (state.totals, state.failed)
    }
    guard let totals, !failed else { return CounterReading(counts: [:], isMultiplexed: false) }
    return CounterReading(
      counts: Dictionary(uniqueKeysWithValues: zip(counted, totals)), isMultiplexed: multiplex)
  }

  private func makeWorker(_ thread: UInt) -> Worker? {
    let (set, codes) = PAPILibrary.makeEventSet(counted, multiplex: multiplex)
    guard codes.allSatisfy({ $0 == PAPI_OK }) else {
      PAPILibrary.dispose(set)
      return nil
    }
    return Worker(thread: thread, set: set)
  }
}
