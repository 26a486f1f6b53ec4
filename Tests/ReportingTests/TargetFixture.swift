import Bench

/// Targets as a small run would give them: met, missed, missed on one shape only, not measured, two modes of
/// bandwidth, a curve with a step, a wrong kernel.
enum TargetFixture {
  static let table = TargetTable(
    targets: decode + prefill + [missing],
    shapes: [2560, 4096, 8192].map { BenchShape(outFeatures: $0, inFeatures: $0) },
    outcome: TargetRunner.Outcome(layers: layers, batches: batches + [wrong], cached: [], hot: hot),
    context: ReportFixture.context, warnings: ["the governor is unknown"])

  private static let decode = [1, 2].map { threads in
    target("decode, 1.6 bit (t5)", tokens: 1, threads: threads, share: 0.9, kernel: "lut-t5-avx512vbmi")
  }
  private static let prefill = [1, 2].map { threads in
    target(
      "prefill, ternary, AVX-512", tokens: 128, threads: threads, share: 0.95, kernel: "mad-t5-avx512vbmi")
  }
  private static let missing = target(
    "prefill, BF16, AMX", tokens: 128, threads: 1, share: 0.85, kernel: "float-bf16-amxbf16")

  private static func target(
    _ what: String = "", tokens: Int, threads: Int, share: Double = 0, kernel: String
  ) -> Target {
    Target(what: what, tokens: tokens, threads: threads, share: share, kernels: [kernel])
  }

  private static let layers: [Measurement] = {
    var layers: [Measurement] = []
    for (index, side) in [2560, 4096, 8192].enumerated() {
      let difference = Double(index) * 1e9
      for target in decode {
        let isSlow = target.threads == 2 && index == 0
        let rate = (target.threads == 1 ? 20e9 : index == 0 ? 48e9 : 80e9) + difference
        layers.append(
          measurement(
            target, side: side, share: isSlow ? 0.63 : 0.92 - difference / 1e11,
            limit: Roofline(kind: .dramRead, ratePerSecond: rate, boundSeconds: 1e-3), readRate: rate))
      }
      for target in prefill {
        let rate = (375e9 + difference) * Double(target.threads)
        layers.append(
          measurement(
            target, side: side, share: target.threads == 1 ? 0.957 : 0.914,
            limit: Roofline(kind: .int8Dot, ratePerSecond: rate, boundSeconds: 1e-3, level: "avx512"),
            readRate: (target.threads == 1 ? 21e9 : index == 1 ? 79e9 : 47e9) + difference))
      }
    }
    return layers
  }()

  private static let batches: [Measurement] = [(1, 1.0), (2, 1.1), (3, 1.8), (4, 1.9)].map { tokens, time in
    measurement(
      target(tokens: tokens, threads: 2, kernel: "lut-t5-avx512vbmi"), side: 4096, share: 0.9,
      seconds: time * 1e-3)
  }

  private static let hot: [HotRow] = {
    func row(_ kernel: String, _ memory: Roofline.Kind, seconds: Double, bound: HotBound?) -> HotRow {
      HotRow(
        kernel: kernel, family: String(kernel.prefix { $0 != "-" }), shape: "2560x2560", memory: memory,
        latency: Estimate(
          median: seconds, low: seconds * 0.99, high: seconds * 1.01, coverage: 0.95, count: 9),
        multiplyAccumulates: 2560 * 2560,
        instructionsPer1000: bound == nil
          ? [:] : [.issued: 57.1, .load: 12.9, .vector: 19.8, .multiply: 15.9],
        bound: bound)
    }
    return [
      row(
        "mad-i2s-avx512vnni", .l2Read, seconds: 50e-6,
        bound: HotBound(seconds: 45e-6, binding: .instructions([.shuffle, .compare]))),
      row(
        "lut-t5-avx512vbmi", .l3Read, seconds: 60e-6, bound: HotBound(seconds: 40e-6, binding: .read(.l3Read))
      ),
      row("rsr-rsr-scalar", .l2Read, seconds: 900e-6, bound: nil),
    ]
  }()

  private static let wrong: Measurement = {
    var wrong = measurement(
      target(tokens: 8, threads: 2, kernel: "mad-t5-avx2"), side: 4096, share: 0)
    wrong.status = .wrong("token 0, out-feature 3: 5 instead of 4")
    wrong.operatorLatency = nil
    return wrong
  }()

  private static func measurement(
    _ target: Target, side: Int, share: Double, seconds: Double = 1e-3, limit: Roofline? = nil,
    readRate: Double? = nil
  ) -> Measurement {
    func estimate(_ value: Double) -> Estimate {
      Estimate(median: value, low: value * 0.99, high: value * 1.005, coverage: 0.95, count: 9)
    }
    let kernel = target.kernels.first ?? ""
    return Measurement(
      point: MeasurementPoint(
        kernel: kernel, family: String(kernel.prefix(3)), packing: "t5", weights: "ternary",
        activations: "int8", exact: true, isa: "avx512vbmi", tokens: target.tokens, inFeatures: side,
        outFeatures: side, threads: target.threads, cache: .cold),
      status: .measured, operatorLatency: estimate(seconds), bitsPerWeight: 1.6, roofline: limit,
      rooflineShare: estimate(share), readBandwidthProbeBytesPerSecond: readRate)
  }
}
