extension ResultStore {
  /// Keeps a measurement with its samples.
  ///
  /// - Parameter position: Of its point in the plan.
  public func record(_ measurement: Measurement, position: Int, in run: Int) throws(StoreError) {
    let samples = measurement.samples ?? MeasurementSamples()
    try record(
      StoredPoint(
        position: position, key: measurement.point.key, subject: measurement.point.kernel,
        isComplete: measurement.isComplete, payload: measurement.columnValues,
        samples: Dictionary(
          uniqueKeysWithValues: Self.sampleColumns.map { ($0.name, samples[keyPath: $0.samples]) })),
      in: run)
  }

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
        context: run.context, measurements: try points.map(Self.measurement), warnings: run.warnings)
    } catch {
      throw .unreadableRun(run: run.number, reason: "\(error)")
    }
  }

  private static func measurement(_ point: StoredPoint) throws -> Measurement {
    var measurement = try Measurement(columns: point.payload, place: "point '\(point.key)'")
    if !point.samples.isEmpty {
      var samples = MeasurementSamples()
      for column in sampleColumns { samples[keyPath: column.samples] = point.samples[column.name] ?? [] }
      measurement.samples = samples
    }
    return measurement
  }

  /// Samples by the name of the column that is their median.
  private static let sampleColumns:
    [(name: String, samples: WritableKeyPath<MeasurementSamples, [Double]> & Sendable)] = [
      ("latency_median_s", \.operatorSeconds), ("multiply_latency_median_s", \.multiplySeconds),
      ("speedup_over_fp16", \.speedupsOverFP16),
    ]
}
