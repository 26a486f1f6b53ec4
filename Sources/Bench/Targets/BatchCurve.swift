/// How the time per token falls as the batch grows, for the fastest kernel of a packing at every M.
public struct BatchCurve: Sendable, Hashable {
  /// One batch.
  public struct Point: Sendable, Hashable {
    /// Value of M.
    public var tokens: Int
    /// The fastest kernel there.
    public var kernel: String
    /// Seconds of one call.
    public var latency: Estimate

    /// Seconds a token.
    public var secondsPerToken: Double { latency.median / Double(tokens) }
  }

  /// A rise of the time per token from one measured M to the next.
  public struct Step: Sendable, Hashable {
    /// The smaller M.
    public var from: Int
    /// The larger M.
    public var to: Int
    /// Time per token at the larger M over that at the smaller one.
    public var factor: Double
  }

  /// The packing.
  public var packing: String
  /// `OUTxIN`.
  public var shape: String
  /// Team size.
  public var threads: Int
  /// By rising M.
  public var points: [Point]

  /// A curve for each packing, shape and team size measured.
  static func curves(of measurements: [Measurement]) -> [BatchCurve] {
    struct Key: Hashable {
      let packing: String
      let shape: String
      let threads: Int
    }
    var order: [Key] = []
    var points: [Key: [Int: Point]] = [:]
    for measurement in measurements where measurement.point.contest == .headline {
      guard let latency = measurement.operatorLatency else { continue }
      let point = measurement.point
      let key = Key(
        packing: point.packing, shape: "\(point.outFeatures)x\(point.inFeatures)", threads: point.threads)
      if points[key] == nil { order.append(key) }
      if let known = points[key]?[point.tokens], known.latency.median <= latency.median { continue }
      points[key, default: [:]][point.tokens] = Point(
        tokens: point.tokens, kernel: point.kernel, latency: latency)
    }
    return order.map { key in
      BatchCurve(
        packing: key.packing, shape: key.shape, threads: key.threads,
        points: (points[key] ?? [:]).values.sorted { $0.tokens < $1.tokens })
    }
  }

  /// Time per token relative to one token alone; `nil` when M=1 was not measured.
  public func ratioToOneToken(_ point: Point) -> Double? {
    guard let first = points.first, first.tokens == 1, first.secondsPerToken > 0 else { return nil }
    return point.secondsPerToken / first.secondsPerToken
  }

  /// The batches that take more time a token than one token alone.
  public var slowerThanOneToken: [Int] {
    points.filter { (ratioToOneToken($0) ?? 0) > 1 }.map(\.tokens)
  }

  /// The largest rise from one measured M to the next; `nil` when the time per token only falls.
  public var largestStepUp: Step? {
    zip(points, points.dropFirst())
      .map { Step(from: $0.tokens, to: $1.tokens, factor: $1.secondsPerToken / $0.secondsPerToken) }
      .filter { $0.factor > 1 }
      .max { $0.factor < $1.factor }
  }
}
