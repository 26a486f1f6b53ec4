/// Finds the shapes on which other work took the machine away. Told by the CPU time that the process got and by the
/// probes, never by the kernels' speed: a slow kernel is no reason to measure again.
enum Disturbance {
  /// With more such samples the median itself is one, or nearly.
  private static let mostPreemptedShare = 1.0 / 3
  /// A peak below this share of the run's own median was measured on a CPU that somebody else used too: unlike a
  /// memory's bandwidth, it hardly changes by itself.
  private static let leastShareOfPeak = 0.7

  private struct Peak: Hashable {
    let kind: Roofline.Kind
    let level: String?
    let threads: Int
  }

  /// Whether so many samples lost CPU time to other work that the median is in doubt.
  static func isPreempted(_ measurement: Measurement) -> Bool {
    guard let preempted = measurement.preemptedCount, let samples = measurement.operatorLatency?.count else {
      return false
    }
    return Double(preempted) > Double(samples) * mostPreemptedShare
  }

  /// The disturbed shapes, as out-features and in-features.
  static func shapes(of measurements: [Measurement]) -> Set<[Int]> {
    var disturbed: Set<[Int]> = []
    var rates: [Peak: [(shape: [Int], rate: Double)]] = [:]
    for measurement in measurements {
      let point = measurement.point
      let shape = [point.outFeatures, point.inFeatures]
      if isPreempted(measurement) { disturbed.insert(shape) }
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
