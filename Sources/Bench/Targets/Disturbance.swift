/// Finds the shapes on which other work took the machine away. Told by the CPU time that the process got and by the
/// probes, never by the kernels' speed: a slow kernel is no reason to measure again.
enum Disturbance {
  /// A peak below this share of the run's own median was measured on a CPU that somebody else used too: unlike a
  /// memory's bandwidth, it hardly changes by itself.
  private static let leastShareOfPeak = 0.7

  private struct Peak: Hashable {
    let kind: Roofline.Kind
    let level: String?
    let threads: Int
  }

  /// The disturbed shapes, as out-features and in-features.
  static func shapes(of measurements: [Measurement]) -> Set<[Int]> {
    var disturbed: Set<[Int]> = []
    var rates: [Peak: [(shape: [Int], rate: Double)]] = [:]
    for measurement in measurements {
      let point = measurement.point
      let shape = [point.outFeatures, point.inFeatures]
      if measurement.wasPreemptedOften { disturbed.insert(shape) }
      guard let roofline = measurement.roofline, !roofline.kind.isRead else { continue }
      rates[Peak(kind: roofline.kind, level: roofline.level, threads: point.threads), default: []].append(
        (shape, roofline.ratePerSecond))
    }
    for group in rates.values {
      guard let usual = median(of: group.map(\.rate)) else { continue }
      for (shape, rate) in group where rate < usual * leastShareOfPeak { disturbed.insert(shape) }
    }
    return disturbed
  }
}

extension Measurement {
  /// Whether other work took CPU time during so many samples that the median itself is one of them, or nearly.
  var wasPreemptedOften: Bool {
    guard let preempted = preemptedCount, let samples = operatorLatency?.count else { return false }
    return Double(preempted) > Double(samples) / 3
  }
}
