import Foundation
import Synchronization
import Testing

@testable import Machine

/// Counts regions instead of events; one event is missing.
final class FakeCounters: CounterProvider {
  let events = [
    CounterEvent(name: "REGIONS", missingBecause: nil),
    CounterEvent(name: "PAPI_FP_OPS", missingBecause: "this machine has no such event"),
  ]
  private let state = Mutex((open: Set<Int>(), regions: 0.0))

  func start(worker: Int) { state.withLock { _ = $0.open.insert(worker) } }

  func stop(worker: Int) {
    state.withLock { if $0.open.remove(worker) != nil { $0.regions += 1 } }
  }

  func takeReading() -> CounterReading {
    state.withLock { state in
      defer { state.regions = 0 }
      return CounterReading(counts: ["REGIONS": state.regions], isMultiplexed: false)
    }
  }
}

@Suite struct CountersTests {
  static let softwareEvent = "perf::TASK-CLOCK"  // nanoseconds of this thread; needs no hardware
  static let hasSoftwareEvent = PAPICounters(environment: ["PAPI_EVENTS": softwareEvent]).events
    .allSatisfy { $0.missingBecause == nil }

  @Test func fakeCountsOnEveryWorker() throws {
    let pool = try WorkerPool(count: WorkerPool.availableProcessors.count)
    let counters = FakeCounters()
    for _ in 0..<10 {
      pool.run { worker in
        counters.start(worker: worker.index)
        counters.stop(worker: worker.index)
      }
    }
    let reading = counters.takeReading()
    #expect(reading.counts == ["REGIONS": Double(10 * pool.count)])
    #expect(reading.counts["PAPI_FP_OPS"] == nil)
  }

  @Test(arguments: [
    ("A", [["A"]]), (" A , B=instant,,A", [["A"], ["B"]]), ("ns::X:y=1", [["ns::X:y"]]),
  ])
  func readsEventLists(list: String, names: [[String]]) {
    #expect(PAPICounters.events(namedBy: list) == names)
  }

  @Test(arguments: [nil, "", " , ,"])
  func emptyListsMeanTheDefault(list: String?) { #expect(PAPICounters.events(namedBy: list) == nil) }

  @Test func unknownEventsAreMissingNotZero() {
    let counters = PAPICounters(environment: ["PAPI_EVENTS": "NO_SUCH_EVENT,ALSO:::NONE"])
    #expect(counters.events.map(\.name) == ["NO_SUCH_EVENT", "ALSO:::NONE"])
    #expect(counters.events.allSatisfy { $0.missingBecause?.isEmpty == false })
    counters.start(worker: 0)
    counters.stop(worker: 0)
    #expect(counters.takeReading() == CounterReading(counts: [:], isMultiplexed: false))
  }

  @Test func defaultEventsAreCountedOrExplained() {
    let counters = PAPICounters(environment: [:])
    #expect(counters.events.count == PAPICounters.defaultEvents.count)
    counters.start(worker: 0)
    counters.stop(worker: 0)
    let reading = counters.takeReading()
    for event in counters.events {
      #expect((reading.counts[event.name] == nil) == (event.missingBecause != nil), "\(event.name)")
    }
  }

  @Test(.enabled(if: hasSoftwareEvent, "perf events are not allowed here"))
  func regionsOfAllWorkersAddUp() throws {
    let pool = try WorkerPool(count: WorkerPool.availableProcessors.count)
    let counters = PAPICounters(environment: ["PAPI_EVENTS": Self.softwareEvent + ",NO_SUCH_EVENT"])
    #expect(counters.events.map { $0.missingBecause == nil } == [true, false])
    let regions = 3
    for _ in 0..<regions {
      pool.run { worker in
        Self.spin(milliseconds: 2)  // outside: not counted
        counters.start(worker: worker.index)
        Self.spin(milliseconds: 2)
        counters.stop(worker: worker.index)
      }
    }
    let counts = counters.takeReading().counts
    #expect(counts.keys.sorted() == [Self.softwareEvent])
    let milliseconds = try #require(counts[Self.softwareEvent]) * 1e-6
    let expected = Double(2 * regions * pool.count)
    #expect(milliseconds > expected * 0.9 && milliseconds < expected * 1.8, "\(milliseconds) ms")
    #expect(counters.takeReading().counts.isEmpty, "a reading starts anew")
  }

  @Test(.enabled(if: hasSoftwareEvent, "perf events are not allowed here"))
  func workersMayChangeThreads() async throws {
    let counters = PAPICounters(environment: ["PAPI_EVENTS": Self.softwareEvent])
    for _ in 0..<3 {
      let thread = Thread {
        counters.start(worker: 0)
        Self.spin(milliseconds: 1)
        counters.stop(worker: 0)
      }
      thread.start()
      while !thread.isFinished { usleep(500) }
      #expect((counters.takeReading().counts[Self.softwareEvent] ?? 0) > 0.5e6)
    }
  }

  @Test func aStopWithoutAStartCountsNothing() {
    let counters = PAPICounters(environment: ["PAPI_EVENTS": Self.softwareEvent])
    counters.stop(worker: 0)
    counters.stop(worker: 5)
    #expect(counters.takeReading().counts.isEmpty)
  }

  /// Uses the CPU for so much of this thread's own time.
  private static func spin(milliseconds: UInt64) {
    func now() -> UInt64 {
      var time = timespec()
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
      return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
    let end = now() + milliseconds * 1_000_000
    while now() < end {}
  }
}

@Suite struct EnergyMeterTests {
  private static let root = "/sys/class/powercap"

  private func system() throws -> FakeSystem {
    var contents: [String: String] = [:]
    let domains = [
      ("intel-rapl:0", "package-0", "1000"), ("intel-rapl:0:0", "core", "77"),
      ("intel-rapl:0:1", "dram", "500"), ("intel-rapl:1", "package-1", "100"), ("intel-rapl:2", "psys", "1"),
      ("intel-rapl-mmio:0", "package-0", "1000"),
    ]
    for (directory, name, energy) in domains {
      contents["\(Self.root)/\(directory)/name"] = name + "\n"
      contents["\(Self.root)/\(directory)/energy_uj"] = energy + "\n"
      contents["\(Self.root)/\(directory)/max_energy_range_uj"] = "10000\n"
    }
    contents["\(Self.root)/intel-rapl/enabled"] = "1"
    return try FakeSystem(contents)
  }

  @Test func addsPackagesAndMemoryOnce() throws {
    let system = try system()
    let meter = try EnergyMeter(files: system.files)
    #expect(meter.domainNames == ["package-0", "dram", "package-1"])
    let begin = try #require(meter.mark())
    try system.write("1500\n", to: "\(Self.root)/intel-rapl:0/energy_uj")
    try system.write("1500\n", to: "\(Self.root)/intel-rapl:0:1/energy_uj")
    try system.write("9999\n", to: "\(Self.root)/intel-rapl:2/energy_uj")
    let end = try #require(meter.mark())
    #expect(meter.joules(from: begin, to: end) == 1500e-6)
    #expect(meter.joules(from: begin, to: begin) == 0)
  }

  @Test func countersWrap() throws {
    let system = try system()
    let meter = try EnergyMeter(files: system.files)
    let begin = try #require(meter.mark())
    try system.write("40\n", to: "\(Self.root)/intel-rapl:1/energy_uj")
    let end = try #require(meter.mark())
    #expect(meter.joules(from: begin, to: end) == Double(10000 - 100 + 40) * 1e-6)
  }

  @Test func aWrapWithoutARangeIsMissing() throws {
    let system = try system()
    try system.write("garbage", to: "\(Self.root)/intel-rapl:1/max_energy_range_uj")
    let meter = try EnergyMeter(files: system.files)
    let begin = try #require(meter.mark())
    try system.write("40\n", to: "\(Self.root)/intel-rapl:1/energy_uj")
    let end = try #require(meter.mark())
    #expect(meter.joules(from: begin, to: end) == nil)
    try system.write("garbage", to: "\(Self.root)/intel-rapl:1/energy_uj")
    #expect(meter.mark() == nil)
  }

  @Test func saysWhyThereIsNone() throws {
    let empty = try FakeSystem([:])
    #expect(throws: EnergyUnavailable.noDomain) { try EnergyMeter(files: empty.files) }
    let system = try system()
    try system.write("", to: "\(Self.root)/intel-rapl:0/energy_uj")
    let path = "\(Self.root)/intel-rapl:0/energy_uj"
    #expect(throws: EnergyUnavailable.unreadable(path: path)) { try EnergyMeter(files: system.files) }
    #expect("\(EnergyUnavailable.unreadable(path: path))".contains(path))
  }
}
