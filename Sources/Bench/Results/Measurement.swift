/// The result of one point: the one record behind every table, file and database of results.
///
/// What could not be had is `nil`, never 0. All times are of one call.
public struct Measurement: Sendable, Hashable {
  /// Whether there are figures.
  public enum Status: Sendable, Hashable {
    /// Verified against the reference, then timed.
    case measured
    /// Differed from the reference and was not timed; the message says where.
    case wrong(String)
    /// Not run; the message says why.
    case skipped(String)
  }

  /// What was measured.
  public var point: MeasurementPoint
  /// Whether there are figures.
  public var status: Status
  /// Seconds of the whole linear operator: activation quantisation, preparation, multiply and rescale.
  public var operatorLatency: Estimate?
  /// Seconds of the multiply alone.
  public var multiplyLatency: Estimate?
  /// Samples of the operator latency beyond 3.5 modified z-scores. They are kept.
  public var outlierCount: Int?
  /// Samples during which other work took a tenth of the CPU time or more. They are kept too.
  public var preemptedCount: Int?
  /// Why sampling ended.
  public var stopReason: StopReason?

  /// Bytes of the packed weights, padding and scales included.
  public var packedBytes: Int?
  /// Bits per weight actually stored: 8 ``packedBytes`` / (N K).
  public var bitsPerWeight: Double?
  /// Share of the weights that are zero, from 0 to 1.
  public var zeroShare: Double?

  /// How many times faster than the FP16 baseline of the same rounds.
  public var speedupOverFP16: Estimate?
  /// Kernel that the speed-up is relative to.
  public var baselineKernel: String?
  /// The limit of the machine that binds this matmul.
  public var roofline: Roofline?
  /// Share of that limit reached by the whole operator, 1 being all of it.
  public var rooflineShare: Estimate?
  /// Read bandwidth in bytes per second of the probe that ran between the rounds of this point.
  public var readBandwidthProbeBytesPerSecond: Double?

  /// Hardware counters by event name, per call of the operator. An event the machine lacks is absent.
  public var counters: [String: Double]
  /// Whether the counters took turns and were scaled up; `nil` without counters.
  public var countersMultiplexed: Bool?
  /// Measured energy per call of the operator.
  public var energyJoules: Double?
  /// Operations of the algorithm in one call.
  public var operations: OperationCounts?
  /// The same matmul on a chip that computes this way, if one was asked for.
  public var modelled: ModelledMatmul?

  /// The samples themselves. Only runs just measured and those of a ``ResultStore`` have them: no report format
  /// does, so that they have no column.
  public var samples: MeasurementSamples?

  /// Creates a record; what is not given is missing.
  public init(
    point: MeasurementPoint, status: Status, operatorLatency: Estimate? = nil,
    multiplyLatency: Estimate? = nil, outlierCount: Int? = nil, preemptedCount: Int? = nil,
    stopReason: StopReason? = nil,
    packedBytes: Int? = nil, bitsPerWeight: Double? = nil, zeroShare: Double? = nil,
    speedupOverFP16: Estimate? = nil, baselineKernel: String? = nil, roofline: Roofline? = nil,
    rooflineShare: Estimate? = nil, readBandwidthProbeBytesPerSecond: Double? = nil,
    counters: [String: Double] = [:], countersMultiplexed: Bool? = nil, energyJoules: Double? = nil,
    operations: OperationCounts? = nil, modelled: ModelledMatmul? = nil, samples: MeasurementSamples? = nil
  ) {
    self.point = point
    self.status = status
    self.operatorLatency = operatorLatency
    self.multiplyLatency = multiplyLatency
    self.outlierCount = outlierCount
    self.preemptedCount = preemptedCount
    self.stopReason = stopReason
    self.packedBytes = packedBytes
    self.bitsPerWeight = bitsPerWeight
    self.zeroShare = zeroShare
    self.speedupOverFP16 = speedupOverFP16
    self.baselineKernel = baselineKernel
    self.roofline = roofline
    self.rooflineShare = rooflineShare
    self.readBandwidthProbeBytesPerSecond = readBandwidthProbeBytesPerSecond
    self.counters = counters
    self.countersMultiplexed = countersMultiplexed
    self.energyJoules = energyJoules
    self.operations = operations
    self.modelled = modelled
    self.samples = samples
  }

  /// Whether nothing is left to measure: false for a point that the user interrupted.
  public var isComplete: Bool { stopReason != .interrupted }

  /// Packed bytes per second at the median operator latency: with cold weights, what memory had to deliver.
  public var weightBandwidthBytesPerSecond: Double? {
    guard let packedBytes, let latency = operatorLatency?.median, latency > 0 else { return nil }
    return Double(packedBytes) / latency
  }

  /// Multiply-accumulates per second at the median operator latency, zero weights included.
  public var multiplyAccumulatesPerSecond: Double? {
    guard let latency = operatorLatency?.median, latency > 0 else { return nil }
    return point.multiplyAccumulates / latency
  }
}
