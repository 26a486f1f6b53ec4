/// What two runs say of one point.
public struct PointComparison: Sendable, Hashable {
  /// Whether the second run is faster than the first.
  public enum Verdict: String, Sendable, Hashable, CaseIterable {
    /// The whole interval of the ratio is beyond the threshold, and the samples differ significantly.
    case faster, slower
    /// The whole interval is within the threshold.
    case same
    /// The interval reaches across the threshold, too little was measured, or the machine was not ours alone.
    case unsure
  }

  /// The point.
  public var point: MeasurementPoint
  /// The quantity in the first run; `nil` when it has none.
  public var a: Estimate?
  /// The quantity in the second run.
  public var b: Estimate?
  /// The time that the second run takes for the first one's 1; `nil` when they cannot be compared.
  public var timeRatio: Estimate?
  /// By Mann-Whitney's test; `nil` without samples.
  public var pValue: Double?
  /// The judgement; `nil` when they cannot be compared.
  public var verdict: Verdict?
  /// Why they cannot be compared.
  public var obstacle: Obstacle?
  /// Whether other work took CPU time in more than a third of the samples of one run, so that there is no telling.
  public var isDisturbed = false

  /// Why there is no ratio.
  public enum Obstacle: Sendable, Hashable {
    /// The other run has no such point.
    case onlyInA, onlyInB
    /// One run has the point, but not the quantity; the text says which and why.
    case unmeasured(String)
  }

  /// Compares two measurements of the same point.
  ///
  /// - Parameter isDisturbed: Whether one of them, or what it is relative to, was preempted often.
  init(
    _ a: Measurement, _ b: Measurement, by quantity: ComparedQuantity, threshold: Double, isDisturbed: Bool
  ) {
    point = a.point
    self.isDisturbed = isDisturbed
    self.a = a.status == .measured ? quantity.estimate(a) : nil
    self.b = b.status == .measured ? quantity.estimate(b) : nil
    guard let first = self.a, let second = self.b else {
      obstacle = .unmeasured(Self.reason(self.a == nil ? a : nil, self.b == nil ? b : nil))
      return
    }
    let samples = (a: quantity.samples(a), b: quantity.samples(b))
    // The time ratio is the inverse of the ratio of speeds.
    let swapped = quantity.isSpeed
    timeRatio =
      swapped
      ? Self.ratio(of: (first, samples.a), to: (second, samples.b))
      : Self.ratio(of: (second, samples.b), to: (first, samples.a))
    pValue = MannWhitney(samples.a, samples.b)?.pValue
    guard let timeRatio, !isDisturbed else {
      verdict = .unsure
      return
    }
    verdict = Self.verdict(timeRatio, pValue: pValue, threshold: threshold)
  }

  /// Why the given ones have no figure: `wrong in B (token 0, row 17: ...)`.
  private static func reason(_ a: Measurement?, _ b: Measurement?) -> String {
    func text(_ measurement: Measurement, in side: String) -> String {
      guard let message = measurement.status.message else { return "without this figure in \(side)" }
      return "\(measurement.status.name) in \(side) (\(message))"
    }
    if let a, let b, a.status == b.status { return text(a, in: "both") }
    return [a.map { text($0, in: "A") }, b.map { text($0, in: "B") }].compactMap(\.self)
      .joined(separator: ", ")
  }

  /// A point that only one run has.
  init(_ measurement: Measurement, onlyIn obstacle: Obstacle, by quantity: ComparedQuantity) {
    point = measurement.point
    if obstacle == .onlyInA { a = quantity.estimate(measurement) } else { b = quantity.estimate(measurement) }
    self.obstacle = obstacle
  }

  /// By bootstrap where there are enough samples, else from the intervals of the medians.
  private static func ratio(
    of top: (estimate: Estimate, samples: [Double]), to bottom: (estimate: Estimate, samples: [Double])
  ) -> Estimate? {
    Estimate(ratioOfMedians: top.samples, to: bottom.samples, seed: 1)
      ?? top.estimate.ratio(to: bottom.estimate)
  }

  /// The probability of calling equal samples different that is accepted.
  static let significance = 1 - Estimate.standardCoverage

  /// Judges a ratio: by where its whole interval lies, so that nothing is claimed that it leaves open.
  static func verdict(_ ratio: Estimate, pValue: Double?, threshold: Double) -> Verdict {
    guard ratio.coverage >= Estimate.standardCoverage else { return .unsure }
    let same = 1 / (1 + threshold)...1 + threshold
    if same.contains(ratio.low), same.contains(ratio.high) { return .same }
    guard pValue ?? 0 < significance else { return .unsure }
    if ratio.low > same.upperBound { return .slower }
    return ratio.high < same.lowerBound ? .faster : .unsure
  }
}

/// What is compared.
public enum ComparedQuantity: String, Sendable, Hashable, CaseIterable {
  /// The whole operator.
  case latency
  /// The multiply alone.
  case multiply
  /// The speed-up over FP16 in the same rounds: what is common to all kernels of a run cancels, such as a lower
  /// clock, and so does a change of the FP16 kernel.
  case fp16

  /// The column it is in.
  public var column: String {
    switch self {
    case .latency: "latency_median_s"
    case .multiply: "multiply_latency_median_s"
    case .fp16: "speedup_over_fp16"
    }
  }

  /// Whether more is better.
  public var isSpeed: Bool { self == .fp16 }

  func estimate(_ measurement: Measurement) -> Estimate? {
    switch self {
    case .latency: measurement.operatorLatency
    case .multiply: measurement.multiplyLatency
    // FP16 itself is as fast as itself in every run.
    case .fp16: measurement.point.kernel == measurement.baselineKernel ? nil : measurement.speedupOverFP16
    }
  }

  func samples(_ measurement: Measurement) -> [Double] {
    switch self {
    case .latency: measurement.samples?.operatorSeconds ?? []
    case .multiply: measurement.samples?.multiplySeconds ?? []
    case .fp16: measurement.samples?.speedupsOverFP16 ?? []
    }
  }
}
