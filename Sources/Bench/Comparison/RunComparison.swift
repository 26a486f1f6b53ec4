/// Two runs held against each other, point by point.
public struct RunComparison: Sendable, Hashable {
  /// One of the two.
  public struct Side: Sendable, Hashable {
    /// What the user calls it: `run 3`, `old.json`.
    public var label: String
    /// What it measured.
    public var results: BenchResults

    /// A side with both parts given.
    public init(label: String, results: BenchResults) {
      self.label = label
      self.results = results
    }

    /// Whether there is nothing to test but the intervals of its medians.
    public var lacksSamples: Bool {
      results.measurements.contains { $0.status == .measured }
        && results.measurements.allSatisfy { $0.samples == nil }
    }
  }

  /// The one that the other is held against.
  public var a: Side
  /// The one that is faster or slower.
  public var b: Side
  /// What is compared.
  public var quantity: ComparedQuantity
  /// Differences below that share are none.
  public var threshold: Double
  /// Circumstances that may explain a difference.
  public var contextDifferences: [ContextDifference]
  /// All points: those of the first run in its order, then those that only the second one has.
  public var points: [PointComparison]

  /// Compares two runs.
  public init(_ a: Side, _ b: Side, by quantity: ComparedQuantity = .latency, threshold: Double) {
    self.a = a
    self.b = b
    self.quantity = quantity
    self.threshold = threshold
    contextDifferences = ContextDifference.all(between: a.results.context, b.results.context)

    func byKey(_ results: BenchResults) -> [String: Measurement] {
      Dictionary(results.measurements.map { ($0.point.key, $0) }) { first, _ in first }
    }
    /// A speed-up is disturbed by what disturbs the kernel it is relative to, too.
    func isDisturbed(_ measurement: Measurement, in run: [String: Measurement]) -> Bool {
      var baseline = measurement.point
      baseline.kernel = quantity == .fp16 ? measurement.baselineKernel ?? baseline.kernel : baseline.kernel
      return measurement.wasPreemptedOften || run[baseline.key]?.wasPreemptedOften ?? false
    }
    let (inA, inB) = (byKey(a.results), byKey(b.results))
    points =
      a.results.measurements.map { first in
        inB[first.point.key].map { second in
          PointComparison(
            first, second, by: quantity, threshold: threshold,
            isDisturbed: isDisturbed(first, in: inA) || isDisturbed(second, in: inB))
        }
          ?? PointComparison(first, onlyIn: .onlyInA, by: quantity)
      }
      + b.results.measurements.filter { inA[$0.point.key] == nil }
      .map { PointComparison($0, onlyIn: .onlyInB, by: quantity) }
  }

  /// The time that the second run takes for the first one's 1, as the geometric mean over the points that both have.
  public var overall: Estimate? { Estimate.geometricMean(of: points.compactMap(\.timeRatio)) }

  /// Points with that verdict.
  public func count(_ verdict: PointComparison.Verdict) -> Int { points.count { $0.verdict == verdict } }
}
