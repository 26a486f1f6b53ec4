import KernelZoo

/// What a run measures: every kernel on every shape, token count, team size and cache state.
public struct BenchPlan: Sendable {
  /// The matrices, in order.
  public var shapes: [BenchShape]
  /// Values of M.
  public var tokens: [Int]
  /// Team sizes.
  public var threads: [Int]
  /// Cache states.
  public var caches: [MeasurementPoint.Cache]
  /// The kernels that compete; the baseline is added when it is not among them.
  public var kernels: [Kernel]
  /// The FP16 kernel that every kernel is paired with in the same round.
  public var baseline: Kernel
  /// Of weights, activations and the order of the rounds.
  public var seed: UInt64
  /// When a point is known well enough.
  public var stop: AdaptiveStop

  /// A plan with every part given.
  public init(
    shapes: [BenchShape], tokens: [Int], threads: [Int], caches: [MeasurementPoint.Cache], kernels: [Kernel],
    baseline: Kernel,
    seed: UInt64, stop: AdaptiveStop
  ) {
    self.shapes = shapes
    self.tokens = tokens
    self.threads = threads
    self.caches = caches
    self.kernels = kernels.contains(baseline) ? kernels : kernels + [baseline]
    self.baseline = baseline
    self.seed = seed
    self.stop = stop
  }

  /// Measured points of the whole plan.
  public var pointCount: Int { shapes.count * tokens.count * threads.count * caches.count * kernels.count }
}
