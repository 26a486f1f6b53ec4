import Bench

/// Results as a small run would give them, with everything that a report must cope with: wrong and skipped
/// kernels, kernels that compute something else, missing energy and counters, few samples, a beaten limit.
enum ReportFixture {
  static let results = BenchResults(
    context: context,
    measurements: decode + prefill,
    warnings: ["the governor is unknown: timings may drift; check that nothing limits the clock"])

  /// One point of each status and the prefill, for formats that write every figure of every point.
  static let few = BenchResults(
    context: context,
    measurements: decode.prefix(1) + decode.filter { $0.status != .measured } + prefill,
    warnings: results.warnings)

  static let empty = BenchResults(context: context, measurements: [])

  static let context = RunContext(
    date: "2025-02-03T04:05:06Z", bitlabVersion: "0.1.0", gitCommit: "0123abcd", buildType: "release",
    compiler: "clang 17.0.0", cpuModel: "Example CPU, 8th \"Edition\"", isa: "avx512vnni+vbmi",
    logicalCPUs: 2,
    memoryBytes: 25_769_803_776, operatingSystem: "Debian 12, Linux 6.1.0", governor: nil,
    hugePages: "madvise", hypervisor: "KVM", loadAverage: 0.25, counterEvents: ["PAPI_TOT_CYC"], seed: 42,
    weightsSource: "gaussian", commandLine: "bitlab bench --models 3b --tokens 1,128")

  /// A kernel of the run and its decode rate in bytes of weights per second.
  private struct Entry {
    var kernel: String
    var packing: String
    var bits: Double
    var bytesPerSecond: Double
    var weights = "ternary"
    var activations = "int8"
    var exact = true
  }

  private static let entries = [
    Entry(kernel: "lut-t5-avx512vbmi", packing: "t5", bits: 1.6, bytesPerSecond: 71e9),
    Entry(kernel: "mad-i2s-avx512vnni", packing: "i2s", bits: 2, bytesPerSecond: 74e9),
    Entry(kernel: "mad-t5-avx512vnni", packing: "t5", bits: 1.6, bytesPerSecond: 58e9),
    Entry(kernel: "addsub-planes-avx512", packing: "planes", bits: 2, bytesPerSecond: 39e9),
    Entry(kernel: "bitserial-planes-avx512vpopcntdq", packing: "planes", bits: 2, bytesPerSecond: 21e9),
    Entry(kernel: "reference-i8-scalar", packing: "i8", bits: 8, bytesPerSecond: 1.2e9, weights: "int8"),
    Entry(
      kernel: "float-fp16-avx512", packing: "fp16", bits: 16, bytesPerSecond: 75e9, weights: "float",
      activations: "float", exact: false),
    Entry(
      kernel: "float-bf16-avx512bf16", packing: "bf16", bits: 16, bytesPerSecond: 76e9, weights: "float",
      activations: "float", exact: false),
    Entry(
      kernel: "int8-i8-avx512vnni", packing: "i8", bits: 8, bytesPerSecond: 75.5e9, weights: "int8"),
    Entry(
      kernel: "popcount-b1-sign-avx512vpopcntdq", packing: "b1", bits: 1, bytesPerSecond: 70e9,
      weights: "binary", activations: "sign"),
    Entry(
      kernel: "bitserial-planes-a4-avx512vpopcntdq", packing: "planes", bits: 2, bytesPerSecond: 40e9,
      activations: "int4"),
    Entry(
      kernel: "lut-tl1-avx2", packing: "tl1", bits: 2, bytesPerSecond: 30e9, exact: false),
  ]

  private static func point(
    _ entry: Entry, roles: String, shape: (Int, Int), tokens: Int, threads: Int = 2
  ) -> MeasurementPoint {
    let parts = entry.kernel.split(separator: "-")
    return MeasurementPoint(
      model: "bitnet-b1.58-3b", layerRoles: roles, kernel: entry.kernel, family: String(parts[0]),
      packing: entry.packing, weights: entry.weights, activations: entry.activations, exact: entry.exact,
      isa: String(parts[parts.count - 1]), tokens: tokens, inFeatures: shape.0, outFeatures: shape.1,
      threads: threads, cache: .cold)
  }

  private static func estimate(_ median: Double, spread: Double = 0.01, count: Int = 20) -> Estimate {
    Estimate(
      median: median, low: median * (1 - spread), high: median * (1 + spread * 1.5),
      coverage: count < 6 ? 0.75 : 0.9586, count: count)
  }

  private static func measurement(
    _ entry: Entry, roles: String, shape: (Int, Int), tokens: Int, latency: Double, baseline: Double,
    roofline: Roofline
  ) -> Measurement {
    Measurement(
      point: point(entry, roles: roles, shape: shape, tokens: tokens), status: .measured,
      operatorLatency: estimate(latency), multiplyLatency: estimate(latency * 0.9), outlierCount: 1,
      stopReason: entry.bits == 16 ? .timeCap : .precision,
      packedBytes: Int(Double(shape.0 * shape.1) * entry.bits / 8), bitsPerWeight: entry.bits,
      zeroShare: entry.weights == "ternary" ? 0.3085 : nil,
      speedupOverFP16: estimate(baseline / latency, spread: 0.005), baselineKernel: "float-fp16-avx512",
      roofline: roofline, rooflineShare: estimate(roofline.boundSeconds / latency),
      readBandwidthProbeBytesPerSecond: 80e9, counters: ["PAPI_TOT_CYC": (latency * 3e9).rounded()],
      countersMultiplexed: false, operations: OperationCounts(adds: UInt64(shape.0 * shape.1 * tokens)))
  }

  private static let decode: [Measurement] = [
    ("q,o", (3200, 3200)), ("gate,up", (3200, 8640)), ("down", (8640, 3200)),
  ]
  .enumerated().flatMap { index, layer -> [Measurement] in
    let (roles, shape) = layer
    let weights = Double(shape.0 * shape.1)
    var measurements = entries.map { entry in
      // On the last shape the table-based kernel loses its lead.
      let handicap = entry.packing == "t5" && index == 2 ? 1.4 : 1
      let bytes = weights * entry.bits / 8
      return measurement(
        entry, roles: roles, shape: shape, tokens: 1, latency: bytes / entry.bytesPerSecond * handicap,
        baseline: weights * 2 / 75e9,
        roofline: Roofline(kind: .dramRead, ratePerSecond: 80e9, boundSeconds: bytes / 80e9))
    }
    if index == 0 {
      let broken = Entry(kernel: "lut-tl2-avx2", packing: "tl2", bits: 5.0 / 3, bytesPerSecond: 1)
      measurements.insert(
        Measurement(
          point: point(broken, roles: roles, shape: shape, tokens: 1),
          status: .wrong("token 0, row 17: 231 instead of 229")), at: 3)
      for kernel in ["mad-i2s-amx", "lut-t5-amx"] {
        let absent = Entry(kernel: kernel, packing: "t5", bits: 1.6, bytesPerSecond: 1)
        measurements.append(
          Measurement(
            point: point(absent, roles: roles, shape: shape, tokens: 1),
            status: .skipped("this CPU lacks amx")))
      }
    }
    return measurements
  }

  /// One shape, compute bound, with little measured: an interrupted run.
  private static let prefill: [Measurement] = [(0, 2.0e-3), (1, 1.9e-3), (6, 11e-3)].map { index, latency in
    var measurement = measurement(
      entries[index], roles: "q,o", shape: (3200, 3200), tokens: 128, latency: latency, baseline: 11e-3,
      roofline: index == 6
        ? Roofline(kind: .fp32FMA, ratePerSecond: 127e9, boundSeconds: 10.32e-3)
        : Roofline(kind: .int8Dot, ratePerSecond: 700e9, boundSeconds: 1.87e-3))
    measurement.operatorLatency = estimate(latency, spread: 0.05, count: 4)
    measurement.speedupOverFP16 = estimate(11e-3 / latency, spread: 0.06, count: 4)
    measurement.stopReason = .interrupted
    measurement.counters = [:]
    if index == 1 { measurement.rooflineShare = estimate(1.04) }
    if index == 0 { measurement.energyJoules = 0.0321 }
    return measurement
  }
}
