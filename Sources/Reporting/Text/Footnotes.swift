import Bench

/// What a reader must know before trusting the figures of a run.
struct Footnotes: Sendable {
  /// One sentence per kind of wrong result; empty is good news.
  let alarms: [String]
  /// Things to keep in mind.
  let notes: [String]
  /// How to read the columns.
  let legend: String

  init(_ results: BenchResults) {
    let wrong = results.measurements.filter(\.status.isWrong)
    let kernels = Set(wrong.map(\.point.kernel)).sorted().joined(separator: ", ")
    alarms =
      wrong.isEmpty
      ? []
      : [
        "WRONG RESULTS at \(MatmulText.count(wrong.count, "point")), which were not timed, from \(kernels)."
      ]

    var notes: [String] = []
    func note(_ reason: StopReason, _ ending: String) {
      let stopped = results.measurements.count { $0.stopReason == reason }
      if stopped > 0 {
        notes.append("\(stopped) of \(MatmulText.count(results.measurements.count, "point")) \(ending)")
      }
    }
    note(.timeCap, "reached the time cap before the wanted precision.")
    note(.maximumSamples, "reached the most samples before the wanted precision.")
    note(.interrupted, "were interrupted before the wanted precision.")
    if results.measurements.contains(where: Self.hasLowCoverage) {
      notes.append("? marks an interval that covers less than 95%, there being too few samples.")
    }
    let beyond = Set(results.measurements.filter(\.beatsTheLimit).map(\.point.kernel))
    if !beyond.isEmpty {
      notes.append(
        "Beyond 100% of the limit: \(beyond.sorted().joined(separator: ", ")). "
          + "Either the limit was probed in a slow moment (measure again on an idle machine), or the kernel does "
          + "without the instruction that the limit is of.")
    }
    self.notes = notes
    legend =
      "Shapes are out-features x in-features. latency: median of one whole operator call (quantise, prepare, multiply, rescale). "
      + "+-: half its 95% interval. x FP16 and interval: against FP16 in the same rounds. "
      + "of limit: share of the best this machine was probed to do. GB/s: of packed weights. "
      + "multiply: latency of the multiply alone."
  }

  private static func hasLowCoverage(_ measurement: Measurement) -> Bool {
    [measurement.operatorLatency, measurement.speedupOverFP16]
      .contains { $0.map { $0.coverage < Estimate.standardCoverage } ?? false }
  }
}

extension Measurement {
  /// Whether it was faster than the limit beyond the noise, so that the limit is in doubt.
  var beatsTheLimit: Bool {
    (rooflineShare?.low ?? 0) > 1
  }
}
