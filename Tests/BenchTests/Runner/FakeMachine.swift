import KernelZoo
import Synchronization

@testable import Bench

/// A machine of one worker whose limits are given and whose time is a counter.
final class FakeMachine: BenchMachine, MachineProbe, @unchecked Sendable {
  // Unchecked: tests use it from one thread.
  var dramRate = 10e9
  var int8Rate = 100e9
  var lastLevelCacheBytes = 1 << 20
  var weightMemoryBytes = 1 << 30
  private(set) var streamRequests: [Int] = []
  private(set) var startedWorkers = 0
  var energyPerReading: Double?
  /// Seconds; every look at the clock moves it by `tick`.
  var now = 0.0
  var tick = 1e-3

  var probe: any MachineProbe { self }
  var instruments: any BenchInstruments { self }

  func clock() -> Double {
    now += tick
    return now
  }

  func team(threads: Int) throws -> any WorkerTeam { SingleWorker() }
  func allocate(byteCount: Int) throws -> any WeightMemory { AlignedBuffer(byteCount: byteCount) }
  func keepingCallerPinned<Result>(to team: any WorkerTeam, _ body: () throws -> Result) rethrows -> Result {
    try body()
  }

  func streamFromDRAM(bytes: Int, threads: Int) -> Double {
    streamRequests.append(bytes)
    return dramRate
  }

  func peakRate(of kind: Roofline.Kind, level: InstructionSetLevel, threads: Int) -> Double? {
    kind.isRead ? nil : int8Rate
  }
  func cacheBandwidth(of kind: Roofline.Kind, threads: Int) -> Double? { kind == .l2Read ? 50e9 : nil }
  func cacheBytes(of kind: Roofline.Kind, threads: Int) -> Int? { kind == .l2Read ? 1 << 20 : nil }
}

extension FakeMachine: BenchInstruments {
  func start(worker: Int) { startedWorkers += 1 }
  func stop(worker: Int) {}
  func takeReading() -> InstrumentReading {
    InstrumentReading(counters: ["PAPI_TOT_CYC": 100], isMultiplexed: false, energyJoules: energyPerReading)
  }
}
