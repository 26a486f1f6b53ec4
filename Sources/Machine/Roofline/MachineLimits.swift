/// Where data comes from.
public enum MemoryLevel: String, Sendable, Codable, CaseIterable, CodingKeyRepresentable {
  /// The nearest cache, of every core its own.
  case l1 = "L1"
  case l2 = "L2"
  case l3 = "L3"
  case dram = "DRAM"
}

/// A rate measured several times, in bytes or multiply-accumulates per second.
public struct ProbeRate: Sendable, Codable, Hashable {
  /// The middle of all repeats: what the machine sustains.
  public let median: Double
  /// The highest repeat: what nothing should exceed.
  public let best: Double
  /// The way that was fastest, in words.
  public let method: String

  /// Summarises repeats of one method.
  init(rates: [Double], method: String) {
    median = Machine.median(rates)
    best = rates.max() ?? 0
    self.method = method
  }
}

/// The limits of one number of workers together.
public struct ThreadLimits: Sendable, Codable, Hashable {
  /// Workers, one per CPU.
  public let threads: Int
  /// Reading, by the level that holds the data; levels the machine does not have are missing.
  public let readBandwidthBytesPerSecond: [MemoryLevel: ProbeRate]
  /// Multiply-accumulates, by kind; kinds the instruction set does not have are missing.
  public let macsPerSecond: [ComputeKind: ProbeRate]
  /// The same by narrower instruction sets than the best, widest first.
  public let narrowerMACsPerSecond: [ComputeKind: [ProbeRate]]

  init(
    threads: Int, readBandwidthBytesPerSecond: [MemoryLevel: ProbeRate],
    macsPerSecond: [ComputeKind: ProbeRate],
    narrowerMACsPerSecond: [ComputeKind: [ProbeRate]] = [:]
  ) {
    self.threads = threads
    self.readBandwidthBytesPerSecond = readBandwidthBytesPerSecond
    self.macsPerSecond = macsPerSecond
    self.narrowerMACsPerSecond = narrowerMACsPerSecond
  }

  /// Peak of the int8 dot product.
  public var int8DotMACsPerSecond: ProbeRate? { macsPerSecond[.int8Dot] }
  /// Peak of the float multiply-add.
  public var fp32FMAMACsPerSecond: ProbeRate? { macsPerSecond[.fp32FMA] }
  /// Peak of the bfloat16 dot product.
  public var bf16DotMACsPerSecond: ProbeRate? { macsPerSecond[.bf16Dot] }
}

/// What this machine can do at best, measured by the roofline probes.
public struct MachineLimits: Sendable, Codable, Hashable {
  /// What the limits depend on; limits of one machine are none of another.
  public struct Key: Sendable, Codable, Hashable {
    /// Grows when probes or fields change, so that old results are measured anew.
    public let schema: Int
    /// As the CPU calls itself.
    public let cpuModel: String
    /// Logical CPUs in the order workers take them.
    public let processors: [Int]
    /// Extensions the probes were allowed, a mask of `BL_ISA_…`.
    public let isa: UInt32

    /// The key of measurements on `topology` made by this version of bitlab.
    public init(topology: Topology, isa: UInt32) {
      schema = 2
      cpuModel = topology.cpuModel ?? "unknown"
      processors = topology.processors
      self.isa = isa
    }
  }

  /// What was measured.
  public let key: Key
  /// One element per number of workers, ascending.
  public let byThreads: [ThreadLimits]

  /// Keeps the last of several elements for one number of workers.
  init(key: Key, byThreads: [ThreadLimits]) {
    self.key = key
    self.byThreads = Dictionary(byThreads.map { ($0.threads, $0) }, uniquingKeysWith: { $1 })
      .values.sorted { $0.threads < $1.threads }
  }

  /// The limits of `threads` workers, if they were measured.
  public func limits(threads: Int) -> ThreadLimits? { byThreads.first { $0.threads == threads } }

  /// What `threads` workers together sustain from cache level 1, 2 or 3, in bytes per second, if it was measured.
  public func readBandwidth(level: Int, threads: Int) -> Double? {
    MemoryLevel(rawValue: "L\(level)").flatMap {
      limits(threads: threads)?.readBandwidthBytesPerSecond[$0]?.median
    }
  }
}
