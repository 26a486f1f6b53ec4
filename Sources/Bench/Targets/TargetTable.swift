/// All targets with what was reached, and what was seen beside them.
public struct TargetTable: Sendable, Hashable {
  /// What the medians are over.
  public var shapes: [BenchShape]
  /// One row per target.
  public var rows: [TargetRow]
  /// Packings that serve both phases.
  public var packings: [PackingRow]
  /// Time per token over the batch.
  public var curves: [BatchCurve]
  /// Each family with weights in a cache.
  public var hot: [HotRow]
  /// The read bandwidth of the run.
  public var bandwidths: [BandwidthModes]
  /// The arithmetic limits of the run.
  public var peaks: [ThreadPeaks]
  /// Kernels that differ from the reference and were not timed, with where.
  public var wrong: [String]
  /// The circumstances of the run.
  public var context: RunContext
  /// What may have disturbed it.
  public var warnings: [String]

  /// Judges measurements.
  ///
  /// - Parameters:
  ///   - targets: What was asked for.
  ///   - shapes: On which.
  ///   - outcome: What was measured.
  ///   - context: The circumstances.
  ///   - warnings: What may have disturbed the run.
  public init(
    targets: [Target], shapes: [BenchShape], outcome: TargetRunner.Outcome, context: RunContext,
    warnings: [String] = []
  ) {
    self.shapes = shapes
    rows = targets.map { TargetRow($0, outcome.layers) }
    packings = PackingRow.rows(of: outcome.layers, threads: Set(targets.map(\.threads)).sorted())
    curves = BatchCurve.curves(of: outcome.batches)
    hot = outcome.hot
    bandwidths = BandwidthModes.all(of: outcome.layers)
    peaks = ThreadPeaks.all(of: outcome.layers)
    wrong = (outcome.layers + outcome.batches + outcome.cached).compactMap { measurement in
      guard case .wrong(let place) = measurement.status else { return nil }
      let point = measurement.point
      return "\(point.kernel) on \(point.outFeatures)x\(point.inFeatures), M=\(point.tokens): \(place)"
    }
    self.context = context
    let disturbed = outcome.disturbedShapes
    self.warnings =
      warnings
      + (disturbed > 0
        ? [
          "other programs took CPU time on \(disturbed) of \(shapes.count) shapes, which were measured again"
        ] : [])
  }
}
