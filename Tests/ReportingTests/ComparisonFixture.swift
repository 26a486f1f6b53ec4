import Bench

/// Two runs of the same points as a change of the program would give them: faster, slower, same and unsure kernels,
/// one new, one gone, one wrong.
enum ComparisonFixture {
  static let before = RunComparison.Side(label: "run 3 (main)", results: withSamples(ReportFixture.results))

  static let after: RunComparison.Side = {
    var results = ReportFixture.results
    results.context.date = "2025-02-04T10:00:00Z"
    results.context.gitCommit = "89abcdef"
    results.context.governor = "performance"
    results.measurements = results.measurements.compactMap { measurement in
      var changed = measurement
      switch measurement.point.kernel {
      case "lut-t5-avx512vbmi": changed.scale(by: 0.9)
      case "mad-t5-avx512vnni": changed.scale(by: 1.08)
      case "addsub-planes-avx512": changed.scale(by: 1.02)
      case "reference-i8-scalar":
        changed.scale(by: 1.3)
        changed.preemptedCount = 9
      case "lut-tl1-avx2": return nil
      case "mad-i2s-amx":
        changed.point.kernel = "mad-t5-amx"
        changed.status = .measured
        changed.operatorLatency = Estimate(median: 1e-4, low: 0.9e-4, high: 1.1e-4, coverage: 0.96, count: 9)
      case "bitserial-planes-avx512vpopcntdq" where measurement.point.layerRoles == "down":
        changed.status = .wrong("token 0, row 3: 17 instead of 18")
        changed.operatorLatency = nil
      default: break
      }
      return changed
    }
    return RunComparison.Side(label: "run 4", results: withSamples(results))
  }()

  static let comparison = RunComparison(before, after, threshold: 0.02)

  /// With one side from a file.
  static let byFP16 = RunComparison(
    .init(label: "old.json", results: ReportFixture.few), after, by: .fp16, threshold: 0.02)

  static let nothingInCommon = RunComparison(
    before, .init(label: "run 5", results: ReportFixture.empty), threshold: 0.02)

  /// As many samples as the estimates say, evenly spread within their intervals.
  private static func withSamples(_ results: BenchResults) -> BenchResults {
    var results = results
    for index in results.measurements.indices {
      guard let latency = results.measurements[index].operatorLatency else { continue }
      results.measurements[index].samples = MeasurementSamples(operatorSeconds: samples(of: latency))
    }
    return results
  }

  private static func samples(of estimate: Estimate) -> [Double] {
    (0..<estimate.count).map { index in
      let place = (Double(index) + 0.5) / Double(estimate.count)
      return place < 0.5
        ? estimate.low + (estimate.median - estimate.low) * place * 2
        : estimate.median + (estimate.high - estimate.median) * (place - 0.5) * 2
    }
  }
}

extension Measurement {
  fileprivate mutating func scale(by factor: Double) {
    guard let latency = operatorLatency else { return }
    operatorLatency = Estimate(
      median: latency.median * factor, low: latency.low * factor, high: latency.high * factor,
      coverage: latency.coverage, count: latency.count)
  }
}
