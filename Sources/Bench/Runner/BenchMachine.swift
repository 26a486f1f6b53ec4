import KernelZoo

/// What the runner needs of a machine: threads, memory and the probes of its limits.
public protocol BenchMachine {
  /// A team of that many workers, kept for the whole run.
  func team(threads: Int) throws -> any WorkerTeam

  /// Keeps the calling thread on the CPU of the team's first worker for all of `body`, so that calls of the team
  /// need not move it there and back.
  func keepingCallerPinned<Result>(to team: any WorkerTeam, _ body: () throws -> Result) rethrows -> Result

  /// Memory for packed weights.
  func allocate(byteCount: Int) throws -> any WeightMemory

  /// Bytes that the copies of one shape's weights may take together.
  var weightMemoryBytes: Int { get }

  /// The limits of this moment.
  var probe: any MachineProbe { get }

  /// Hardware counters and energy around the timed calls.
  var instruments: any BenchInstruments { get }
}

/// Counters and energy meters, read around timed calls only.
public protocol BenchInstruments: Sendable {
  /// Starts this worker's counters; called by every worker at the begin of a timed call.
  func start(worker: Int)
  /// Stops this worker's counters; called by every worker at its end.
  func stop(worker: Int)
  /// Counts and joules since the last call of this, summed over workers; what the machine lacks is absent.
  func takeReading() -> InstrumentReading
}

/// What the instruments counted over some calls.
public struct InstrumentReading: Sendable, Equatable {
  /// Events by name.
  public var counters: [String: Double] = [:]
  /// Whether events took turns on the hardware and were scaled up.
  public var isMultiplexed: Bool?
  /// Energy of the whole package.
  public var energyJoules: Double?

  /// An empty reading: nothing is available.
  public init(counters: [String: Double] = [:], isMultiplexed: Bool? = nil, energyJoules: Double? = nil) {
    self.counters = counters
    self.isMultiplexed = isMultiplexed
    self.energyJoules = energyJoules
  }

  /// Adds another reading; what only one of them has is kept.
  mutating func add(_ other: InstrumentReading) {
    counters.merge(other.counters, uniquingKeysWith: +)
    if let multiplexed = other.isMultiplexed { isMultiplexed = (isMultiplexed ?? false) || multiplexed }
    if let joules = other.energyJoules { energyJoules = (energyJoules ?? 0) + joules }
  }
}
