import KernelZoo
import Machine

extension HotRow {
  /// The fastest kernel of every family on each shape, with its bound.
  ///
  /// - Parameters:
  ///   - measurements: With hot weights, one token and one thread.
  ///   - probe: Bandwidths and sizes of the caches.
  ///   - rates: Instructions a second.
  ///   - seed: Of the small matrices on which instructions are counted.
  ///   - onTrace: Told of each kernel before its instructions are counted.
  static func rows(
    of measurements: [Measurement], probe: any MachineProbe, rates: InstructionRates, seed: UInt64,
    onTrace: (String) -> Void
  ) throws -> [HotRow] {
    struct Traced: Hashable {
      let kernel: String
      let inFeatures: Int
    }
    var mixes: [Traced: OperatorMix?] = [:]
    return try fastest(measurements).map { measurement in
      let point = measurement.point
      let key = Traced(kernel: point.kernel, inFeatures: point.inFeatures)
      if mixes[key] == nil, let kernel = KernelRegistry.kernel(named: point.kernel) {
        onTrace(kernel.name)
        mixes[key] = .some(try OperatorMix(kernel: kernel, inFeatures: point.inFeatures, seed: seed))
      }
      return HotRow(measurement, mix: mixes[key] ?? nil, probe: probe, rates: rates)
    }
  }

  private init(
    _ measurement: Measurement, mix: OperatorMix?, probe: any MachineProbe, rates: InstructionRates
  ) {
    let point = measurement.point
    let bytes = measurement.packedBytes ?? 0
    let memory = RooflineBound.memoryKind(bytes: bytes, threads: 1, cache: .hot, probe: probe)
    let read = probe.cacheBandwidth(of: memory, threads: 1).map {
      (kind: memory, seconds: Double(bytes) / $0)
    }
    let whole = mix?.mix(rows: point.outFeatures)
    let counts = InstructionClass.allCases.compactMap { instructionClass in
      whole.map { (instructionClass, $0.count(instructionClass) * 1000 / point.multiplyAccumulates) }
    }
    self.init(
      kernel: point.kernel, family: point.family, shape: "\(point.outFeatures)x\(point.inFeatures)",
      memory: memory,
      latency: measurement.operatorLatency ?? Estimate(median: 0, low: 0, high: 0, coverage: 0, count: 0),
      multiplyAccumulates: point.multiplyAccumulates,
      instructionsPer1000: Dictionary(counts.filter { $0.1 > 0 }) { first, _ in first },
      bound: mix?.bound(rows: point.outFeatures, rates: rates, read: read))
  }

  /// One measurement for each shape and family, in the order measured.
  private static func fastest(_ measurements: [Measurement]) -> [Measurement] {
    struct Contest: Hashable {
      let shape: [Int]
      let family: String
    }
    var order: [Contest] = []
    var best: [Contest: Measurement] = [:]
    for measurement in measurements {
      guard let latency = measurement.operatorLatency else { continue }
      let point = measurement.point
      let contest = Contest(shape: [point.outFeatures, point.inFeatures], family: point.family)
      if best[contest] == nil { order.append(contest) }
      if let known = best[contest]?.operatorLatency, known.median <= latency.median { continue }
      best[contest] = measurement
    }
    return order.compactMap { best[$0] }
  }
}
