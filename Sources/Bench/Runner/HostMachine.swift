import KernelZoo
import Machine

/// The machine this program runs on.
public final class HostMachine: BenchMachine {
  /// Share of the free memory that the copies of one shape's packed weights may take.
  private static let mostShareOfMemory = 0.4

  /// What the machine is made of.
  public let topology: Topology
  /// Counters and energy.
  public let instruments: any BenchInstruments
  private let arena: MemoryArena
  private let roofline: RooflineProbe
  private let limits: MachineLimits?
  private var pools: [Int: WorkerPool] = [:]

  /// Starts the largest team and makes the probe's buffer.
  ///
  /// - Parameters:
  ///   - threads: The largest team that will be asked for.
  ///   - policy: Where the pages of weights and probe lie.
  ///   - instructionSet: What probes may use.
  ///   - limits: Bandwidths of the caches, for hot weights; without them hot weights have no memory roof.
  ///   - instruments: Counters and energy.
  /// - Throws: `WorkerPoolError` or `MemoryError`.
  public init(
    threads: Int, policy: NUMAPolicy, instructionSet: InstructionSet, limits: MachineLimits?,
    instruments: any BenchInstruments
  ) throws {
    topology = Topology()
    arena = MemoryArena(policy: policy)
    self.limits = limits
    self.instruments = instruments
    let pool = try WorkerPool(count: threads)
    pools[threads] = pool
    roofline = try RooflineProbe(pool: pool, isa: instructionSet.rawValue, policy: policy)
  }

  /// A pinned pool of that many workers.
  public func team(threads: Int) throws -> any WorkerTeam { try pool(threads) }

  private func pool(_ threads: Int) throws -> WorkerPool {
    if let pool = pools[threads] { return pool }
    let pool = try WorkerPool(count: threads)
    pools[threads] = pool
    return pool
  }

  /// Keeps the calling thread on the CPU of worker 0.
  public func keepingCallerPinned<Result>(
    to team: any WorkerTeam, _ body: () throws -> Result
  ) rethrows -> Result {
    guard let pool = team as? WorkerPool else { return try body() }
    return try pool.keepingCallerPinned(body)
  }

  /// Memory on huge pages where there are any, on the nodes of the policy.
  public func allocate(byteCount: Int) throws -> any WeightMemory {
    try arena.allocate(byteCount: max(byteCount, 1))
  }

  /// A share of what is free now.
  public var weightMemoryBytes: Int {
    Int(Double(MemorySize(files: SystemFiles()).availableBytes ?? 1 << 30) * Self.mostShareOfMemory)
  }

  /// This machine's own limits.
  public var probe: any MachineProbe { self }
}

extension HostMachine: MachineProbe {
  /// From the topology; 32 MiB where nothing tells.
  public var lastLevelCacheBytes: Int { max(topology.lastLevelCache?.bytes ?? 32 << 20, 1) }

  /// Reads on through the probe's buffer; more than the buffer in several turns.
  public func streamFromDRAM(bytes: Int, threads: Int) -> Double {
    guard let pool = try? pool(threads) else { return 0 }
    var read = 0.0
    var seconds = 0.0
    while read < Double(bytes) {
      let sample = roofline.readOnce(pool, bytes: bytes - Int(read))
      guard sample.amount > 0 else { break }
      read += sample.amount
      seconds += sample.seconds
    }
    return seconds > 0 ? read / seconds : 0
  }

  /// From a run of a millisecond or two.
  public func peakRate(of kind: Roofline.Kind, level: InstructionSetLevel, threads: Int) -> Double? {
    guard let kind = ComputeKind(kind), let pool = try? pool(threads) else { return nil }
    return roofline.computeOnce(kind, pool, ceiling: level.allowed.rawValue)?.perSecond
  }

  /// From the limits measured before.
  public func cacheBandwidth(of kind: Roofline.Kind, threads: Int) -> Double? {
    guard let level = kind.cacheLevel else { return nil }
    return limits?.limits(threads: threads)?.readBandwidthBytesPerSecond[level]?.best
  }

  /// All caches of that level that a team has, one for each group of workers that shares one.
  public func cacheBytes(of kind: Roofline.Kind, threads: Int) -> Int? {
    guard let level = kind.cacheLevel, let number = Int(level.rawValue.dropFirst()),
      let cache = topology.cache(level: number)
    else { return nil }
    return cache.bytes * max(1, threads / cache.sharedBy)
  }
}

extension ComputeKind {
  /// The probe of an arithmetic roof.
  fileprivate init?(_ kind: Roofline.Kind) {
    switch kind {
    case .int8Dot: self = .int8Dot
    case .fp32FMA: self = .fp32FMA
    case .bf16Dot: self = .bf16Dot
    case .dramRead, .l3Read, .l2Read, .l1Read: return nil
    }
  }
}

extension Roofline.Kind {
  fileprivate var cacheLevel: MemoryLevel? {
    switch self {
    case .l1Read: .l1
    case .l2Read: .l2
    case .l3Read: .l3
    case .dramRead, .int8Dot, .fp32FMA, .bf16Dot: nil
    }
  }
}
