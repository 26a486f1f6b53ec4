/// What the figures of a measurement are computed from: one element a round in each list, in the order taken.
public struct MeasurementSamples: Sendable, Hashable {
  /// Seconds of the whole operator.
  public var operatorSeconds: [Double]
  /// Seconds of the multiply alone.
  public var multiplySeconds: [Double]
  /// Times faster than the FP16 baseline of the same round; empty when none was measured.
  public var speedupsOverFP16: [Double]

  /// Creates samples.
  public init(
    operatorSeconds: [Double] = [], multiplySeconds: [Double] = [], speedupsOverFP16: [Double] = []
  ) {
    self.operatorSeconds = operatorSeconds
    self.multiplySeconds = multiplySeconds
    self.speedupsOverFP16 = speedupsOverFP16
  }
}
