/// Finds the shapes on which other work took the machine away. Told by the probes alone, so that a slow kernel is
/// never a reason to measure again: an arithmetic peak hardly changes by itself, as a memory's bandwidth may.
enum Disturbance {
  /// A peak below this share of the run's own median was measured on a CPU that somebody else used too.
  private static let leastShareOfPeak = 0.7

  private struct Peak: Hashable {
    let kind: Roofline.Kind
    let level: String?
    let threads: Int
  }

  /// The shapes of which a probe saw a peak far below that of most, as out-features and in-features.
  static func shapes(of measurements: [Measurement]) -> Set<[Int]> {
    var rates: [Peak: [(shape: [Int], rate: Double)]] = [:]
    for measurement in measurements {
      guard let roofline = measurement.roofline, !roofline.kind.isRead else { continue }
      let point = measurement.point
      rates[Peak(kind: roofline.kind, level: roofline.level, threads: point.threads), default: []].append(
        ([point.outFeatures, point.inFeatures], roofline.ratePerSecond))
    }
    var disturbed: Set<[Int]> = []
    for group in rates.values {
      guard let usual = median(of: group.map(\.rate)) else { continue }
      for (shape, rate) in group where rate < usual * leastShareOfPeak { disturbed.insert(shape) }
    }
    return disturbed
  }
}
