import Inference

/// Samples of one phase as they come in.
struct PhaseSamples {
  private var seconds: [Double] = []
  private var shares: [Double] = []
  private var probes: [Double] = []
  private var bytes: [Double] = []
  private var joules: [Double] = []
  private var times = TimeByPart()
  private let limit: Roofline.Kind

  init(limit: Roofline.Kind) { self.limit = limit }

  /// One prompt, or one token.
  struct Sample {
    let seconds: Double
    let times: TimeByPart
    /// What the meter says, if there is one.
    let joules: Double?
  }

  /// - Parameters:
  ///   - amount: Bytes or multiply-accumulates that bind it.
  ///   - probe: The limit just before.
  mutating func add(_ sample: Sample, amount: Double, probe: Double?) {
    seconds.append(sample.seconds)
    times += sample.times
    if let probe, probe > 0 {
      probes.append(probe)
      shares.append(amount / probe / sample.seconds)
    }
    if limit.isRead { bytes.append(amount) }
    if let joules = sample.joules { self.joules.append(joules) }
  }

  var measurement: PhaseMeasurement? {
    guard let estimate = Estimate(medianOf: seconds) else { return nil }
    let count = Double(seconds.count)
    return PhaseMeasurement(
      seconds: estimate, limit: limit, probePerSecond: Estimate(medianOf: probes)?.median,
      shareOfLimit: Estimate(medianOf: shares), bytesTouched: Estimate(medianOf: bytes)?.median,
      parts: ModelPart.allCases.map { ($0, times[$0] / count) },
      joules: joules.count == seconds.count ? joules.reduce(0, +) / count : nil)
  }
}
