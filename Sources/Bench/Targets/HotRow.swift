import Machine

/// A family's fastest kernel for one token with weights in a cache, held against the bound of its own instructions.
public struct HotRow: Sendable, Hashable {
  /// Share of the bound that is to be reached.
  public static let target = 0.85

  /// The family's fastest kernel on this shape.
  public var kernel: String
  /// Its family.
  public var family: String
  /// `OUTxIN`.
  public var shape: String
  /// Where the weights lie.
  public var memory: Roofline.Kind
  /// Seconds of the operator.
  public var latency: Estimate
  /// Multiply-accumulates of the matmul.
  public var multiplyAccumulates: Double
  /// Instructions by class for 1000 multiply-accumulates, classes with none left out; empty when they could not be
  /// counted.
  public var instructionsPer1000: [InstructionClass: Double]
  /// The least time; `nil` when instructions could not be counted.
  public var bound: HotBound?

  /// Creates a row.
  public init(
    kernel: String, family: String, shape: String, memory: Roofline.Kind, latency: Estimate,
    multiplyAccumulates: Double, instructionsPer1000: [InstructionClass: Double] = [:],
    bound: HotBound? = nil
  ) {
    self.kernel = kernel
    self.family = family
    self.shape = shape
    self.memory = memory
    self.latency = latency
    self.multiplyAccumulates = multiplyAccumulates
    self.instructionsPer1000 = instructionsPer1000
    self.bound = bound
  }

  /// Share of the bound that is reached.
  public var share: Estimate? { bound.flatMap { latency.dividing($0.seconds) } }

  /// Whether the target is met; there being one shape, its share is the median.
  public var outcome: TargetRow.Outcome {
    guard let share else { return .notMeasured }
    return share.median < Self.target ? .medianBelow(Self.target - share.median) : .met
  }
}
