extension StoredPoint {
  /// A measurement with its samples, as yet at the first place of a plan.
  public init(_ measurement: Measurement) {
    let samples = measurement.samples ?? MeasurementSamples()
    self.init(
      position: 0, key: measurement.point.key, subject: measurement.point.kernel,
      isComplete: measurement.isComplete, payload: measurement.columnValues,
      samples: Dictionary(
        uniqueKeysWithValues: MeasurementSamples.columns.map { ($0.name, samples[keyPath: $0.samples]) }))
  }
}

extension Measurement {
  /// The measurement that a point holds.
  fileprivate init(_ point: StoredPoint) throws {
    try self.init(columns: point.payload, place: "point '\(point.key)'")
    guard !point.samples.isEmpty else { return }
    var samples = MeasurementSamples()
    for column in MeasurementSamples.columns {
      samples[keyPath: column.samples] = point.samples[column.name] ?? []
    }
    self.samples = samples
  }
}

extension MeasurementSamples {
  /// Samples by the name of the column that is their median.
  fileprivate static let columns: [(name: String, samples: WritableKeyPath<Self, [Double]> & Sendable)] = [
    ("latency_median_s", \.operatorSeconds), ("multiply_latency_median_s", \.multiplySeconds),
    ("speedup_over_fp16", \.speedupsOverFP16),
  ]
}

extension ResultStore {
  /// All that was measured in a run, in the order of its plan, with the samples.
  public func results(of run: StoredRun) throws(StoreError) -> BenchResults {
    guard run.kind == .bench else {
      throw .wrongKind(run: run.number, is: run.kind, needed: .bench)
    }
    let points = try points(of: run.number)
    do {
      guard run.recordSchema == BenchResults.currentSchema else {
        throw BenchResultsError.unsupportedSchema(run.recordSchema)
      }
      return BenchResults(
        context: run.context, measurements: try points.map { try Measurement($0) }, warnings: run.warnings)
    } catch {
      throw .unreadableRun(run: run.number, reason: "\(error)")
    }
  }
}
