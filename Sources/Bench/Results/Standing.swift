/// How a compute family stands on one shape, or on several by geometric means.
public struct Standing: Sendable, Hashable {
  /// What competes: a family together with what it computes.
  public struct Entrant: Sendable, Hashable {
    /// Compute family.
    public var family: String
    /// Values of a weight.
    public var weights: String
    /// Values of an activation.
    public var activations: String
    /// Whether the result is exact.
    public var exact: Bool
  }

  /// Who this is about.
  public var entrant: Entrant
  /// The fastest kernel on each shape, each kernel once, in the order of the shapes.
  public var kernels: [String]
  /// Seconds of the whole operator.
  public var latency: Estimate
  /// Times faster than FP16; `nil` when not known for every shape.
  public var speedupOverFP16: Estimate?
  /// Share of the machine's limit; `nil` when not known for every shape.
  public var rooflineShare: Estimate?
  /// What limits, each kind once.
  public var rooflineKinds: [Roofline.Kind]
  /// Number of shapes behind the figures.
  public var shapeCount: Int

  /// The standing of one measurement; `nil` without a latency.
  init?(_ measurement: Measurement) {
    guard let latency = measurement.operatorLatency else { return nil }
    let point = measurement.point
    entrant = Entrant(
      family: point.family, weights: point.weights, activations: point.activations, exact: point.exact)
    kernels = [point.kernel]
    self.latency = latency
    speedupOverFP16 = measurement.speedupOverFP16
    rooflineShare = measurement.rooflineShare
    rooflineKinds = measurement.roofline.map { [$0.kind] } ?? []
    shapeCount = 1
  }

  /// The geometric means of the standings of one entrant on several shapes; `nil` without any.
  init?(combining shapes: [Standing]) {
    guard let first = shapes.first, let latency = Estimate.geometricMean(of: shapes.map(\.latency)) else {
      return nil
    }
    func meanIfComplete(_ path: KeyPath<Standing, Estimate?>) -> Estimate? {
      let known = shapes.compactMap { $0[keyPath: path] }
      return known.count == shapes.count ? Estimate.geometricMean(of: known) : nil
    }
    entrant = first.entrant
    kernels = shapes.flatMap(\.kernels).withoutRepetition()
    self.latency = latency
    speedupOverFP16 = meanIfComplete(\.speedupOverFP16)
    rooflineShare = meanIfComplete(\.rooflineShare)
    rooflineKinds = shapes.flatMap(\.rooflineKinds).withoutRepetition()
    shapeCount = shapes.count
  }

  /// Orders by latency, then by name so that equal ones keep their order from run to run.
  func isFaster(than other: Standing) -> Bool {
    (latency.median, kernels.first ?? "") < (other.latency.median, other.kernels.first ?? "")
  }

  /// Whether this one is faster than `other` beyond the noise.
  ///
  /// Decided by the speed-ups where both are known: being paired with the same rounds of FP16, they are free of
  /// the drift that widens the intervals of latencies.
  public func isClearlyFaster(than other: Standing) -> Bool {
    if let mine = speedupOverFP16, let theirs = other.speedupOverFP16 { return mine.low > theirs.high }
    return latency.high < other.latency.low
  }
}

extension Array where Element: Hashable {
  /// Each element once, where it first occurs.
  fileprivate func withoutRepetition() -> [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
