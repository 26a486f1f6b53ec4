import CKernels

extension ThreadLimits {
  private static let repeats = 15

  /// Measures with all workers of the pool: about a second.
  ///
  /// - Parameter probe: owns the buffer; its instruction set counts.
  static func measure(_ pool: WorkerPool, probe: RooflineProbe, topology: Topology) -> ThreadLimits {
    pool.keepingCallerPinned {
      var bandwidth: [MemoryLevel: ProbeRate] = [:]
      for (level, bytes) in workingSets(topology: topology, workers: pool.count) {
        bandwidth[level] = cacheRate(pool, probe: probe, level: level, bytesPerWorker: bytes)
      }
      let method = probe.readMethod(for: pool)
      // 16 MiB a worker are long enough to forget how the streams began.
      let dram = (0..<repeats).map { _ in probe.readOnce(pool, bytes: (16 << 20) * pool.count).perSecond }
      bandwidth[.dram] = ProbeRate(rates: dram, method: method)

      var macs: [ComputeKind: ProbeRate] = [:]
      var narrower: [ComputeKind: [ProbeRate]] = [:]
      for kind in ComputeKind.allCases {
        let byInstructionSet = kind.instructionSets(within: probe.isa).compactMap {
          computeRate(pool, probe: probe, kind: kind, ceiling: $0)
        }
        macs[kind] = byInstructionSet.first
        narrower[kind] = Array(byInstructionSet.dropFirst())
      }
      return ThreadLimits(
        threads: pool.count, readBandwidthBytesPerSecond: bandwidth, macsPerSecond: macs,
        narrowerMACsPerSecond: narrower)
    }
  }

  /// Bytes per worker that lie in a cache level and not in the one before: half of L1 and of L2; four times L2
  /// for L3, or half of this worker's part of it when that is less.
  static func workingSets(topology: Topology, workers: Int) -> [(MemoryLevel, bytes: Int)] {
    var sets: [(MemoryLevel, bytes: Int)] = []
    if let l1 = topology.cache(level: 1) { sets.append((.l1, bytes: l1.bytes / 2)) }
    guard let l2 = topology.cache(level: 2) else { return sets }
    sets.append((.l2, bytes: l2.bytes / 2))
    if let l3 = topology.cache(level: 3) {
      let part = l3.bytes / 2 / max(min(workers, l3.sharedBy), 1)
      sets.append((.l3, bytes: max(min(4 * l2.bytes, part), 2 * l2.bytes)))
    }
    return sets
  }

  private static func computeRate(
    _ pool: WorkerPool, probe: RooflineProbe, kind: ComputeKind, ceiling: UInt32
  ) -> ProbeRate? {
    let rates = (0..<repeats).compactMap { _ in probe.computeOnce(kind, pool, ceiling: ceiling)?.perSecond }
    guard !rates.isEmpty, let method = probe.computeMethod(kind, pool, ceiling: ceiling) else { return nil }
    return ProbeRate(rates: rates, method: method)
  }

  private static func cacheRate(
    _ pool: WorkerPool, probe: RooflineProbe, level: MemoryLevel, bytesPerWorker: Int
  ) -> ProbeRate? {
    // Prefetching what is near already only takes load ports away.
    let distances = level == .l3 ? ReadPattern.prefetchDistances : [0]
    let patterns = ReadPattern.all(isa: probe.isa, prefetchDistances: distances)
      .filter { $0.granuleBytes <= bytesPerWorker }
    let mostRounds = 1 << 20
    // Rounds for about 300 microseconds, from one short trial that also fills the cache.
    func rounds(_ pattern: ReadPattern) -> Int {
      let trial = probe.readRepeatedly(pool, bytesPerWorker: bytesPerWorker, rounds: 4, pattern: pattern)
      guard trial.seconds > 0 else { return 4 }
      return max(1, min(mostRounds, Int(300e-6 / trial.seconds * 4)))
    }
    func rate(_ pattern: ReadPattern) -> Double {
      probe.readRepeatedly(
        pool, bytesPerWorker: bytesPerWorker, rounds: rounds(pattern), pattern: pattern
      ).perSecond
    }
    let trials = patterns.map { pattern in (pattern, best: (0..<3).map { _ in rate(pattern) }.max() ?? 0) }
    guard let fastest = trials.max(by: { $0.best < $1.best }) else { return nil }
    let rates = (0..<repeats).map { _ in rate(fastest.0) }
    return ProbeRate(rates: rates, method: fastest.0.description)
  }
}

extension MachineLimits {
  /// Measures the limits for each number of workers, with one buffer: about a second each.
  ///
  /// - Throws: ``WorkerPoolError`` or ``MemoryError``.
  public static func measure(
    threadCounts: [Int], topology: Topology = Topology(), isa: UInt32 = bl_cpu_isa()
  ) throws -> MachineLimits {
    let key = Key(topology: topology, isa: isa)
    guard let most = threadCounts.max() else { return MachineLimits(key: key, byThreads: []) }
    let probe = try RooflineProbe(
      pool: WorkerPool(count: most), isa: isa, lastLevelCacheBytes: topology.lastLevelCache?.bytes ?? 0)
    let limits = try Set(threadCounts).sorted().map { count in
      ThreadLimits.measure(try WorkerPool(count: count), probe: probe, topology: topology)
    }
    return MachineLimits(key: key, byThreads: limits)
  }
}
