/// What was reached of one target.
public struct TargetRow: Sendable, Hashable {
  /// Share of the limit that the fastest kernel reached on one shape.
  public struct Point: Sendable, Hashable {
    /// `OUTxIN`.
    public var shape: String
    /// The fastest of the target's kernels there.
    public var kernel: String
    /// With its interval.
    public var share: Estimate
  }

  /// How it ended.
  public enum Outcome: Sendable, Hashable {
    /// The median, and every shape within the tolerance.
    case met
    /// The median is this much below, 0.01 being one point.
    case medianBelow(Double)
    /// The median is reached, but the worst shape is this much below the target, more than is tolerated.
    case shapeBelow(Double)
    /// No shape was measured.
    case notMeasured
  }

  /// What was asked for.
  public var target: Target
  /// One element per shape measured.
  public var points: [Point]
  /// The limits the shares are of, each kind and level once.
  public var limits: [TargetLimit]

  /// Judges `measurements`, of which those that the target does not cover are passed over.
  init(_ target: Target, _ measurements: [Measurement]) {
    let covered = measurements.filter { target.covers($0.point) && $0.operatorLatency != nil }
    let byShape = Dictionary(grouping: covered) { [$0.point.outFeatures, $0.point.inFeatures] }
    var seen: Set<[Int]> = []
    let order = covered.map { [$0.point.outFeatures, $0.point.inFeatures] }.filter {
      seen.insert($0).inserted
    }
    let fastest = order.compactMap { shape in
      byShape[shape]?.min {
        ($0.operatorLatency?.median ?? .infinity) < ($1.operatorLatency?.median ?? .infinity)
      }
    }
    self.target = target
    points = fastest.compactMap { measurement in
      measurement.rooflineShare.map { share in
        Point(
          shape: "\(measurement.point.outFeatures)x\(measurement.point.inFeatures)",
          kernel: measurement.point.kernel, share: share)
      }
    }
    limits = TargetLimit.all(of: fastest.compactMap(\.roofline))
  }

  /// The median over the shapes. Each end of its interval is the median over the shapes of that end: where every
  /// shape's interval holds, so does this.
  public var reached: Estimate? {
    guard let middle = median(of: points.map(\.share.median)), let low = median(of: points.map(\.share.low)),
      let high = median(of: points.map(\.share.high)), let coverage = points.map(\.share.coverage).min()
    else { return nil }
    return Estimate(
      median: middle, low: low, high: high, coverage: coverage,
      count: points.reduce(0) { $0 + $1.share.count })
  }

  /// The shape with the lowest share.
  public var worst: Point? { points.min { $0.share.median < $1.share.median } }

  /// The kernels that were fastest somewhere, the one with most shapes first.
  public var kernels: [String] {
    let counts = Dictionary(grouping: points, by: \.kernel).mapValues(\.count)
    return counts.keys.sorted { (-(counts[$0] ?? 0), $0) < (-(counts[$1] ?? 0), $1) }
  }

  /// Whether the target is met.
  public var outcome: Outcome {
    guard let reached, let worst else { return .notMeasured }
    if reached.median < target.share { return .medianBelow(target.share - reached.median) }
    let below = target.share - worst.share.median
    return below > Target.toleranceOnOneShape ? .shapeBelow(below) : .met
  }
}
