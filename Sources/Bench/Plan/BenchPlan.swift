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
  /// The FP16 kernel that every kernel is paired with in the same round; `nil` when only the machine's limits count.
  public var baseline: Kernel?
  /// Of weights, activations and the order of the rounds.
  public var seed: UInt64
  /// When a point is known well enough.
  public var stop: AdaptiveStop
  /// Whether a kernel takes part under some conditions. Everywhere, unless the plan says otherwise; the baseline is
  /// asked too.
  public var takesPart: @Sendable (Kernel, Conditions) -> Bool = { _, _ in true }

  /// What a group of rounds has in common on one shape.
  public struct Conditions: Sendable, Hashable {
    /// Value of M.
    public var tokens: Int
    /// Team size.
    public var threads: Int
    /// Cache state.
    public var cache: MeasurementPoint.Cache

    /// Conditions with every part given.
    public init(tokens: Int, threads: Int, cache: MeasurementPoint.Cache) {
      self.tokens = tokens
      self.threads = threads
      self.cache = cache
    }
  }

  /// A plan with every part given.
  public init(
    shapes: [BenchShape], tokens: [Int], threads: [Int], caches: [MeasurementPoint.Cache], kernels: [Kernel],
    baseline: Kernel?,
    seed: UInt64, stop: AdaptiveStop
  ) {
    self.shapes = shapes
    self.tokens = tokens
    self.threads = threads
    self.caches = caches
    self.kernels = baseline.map { kernels.contains($0) ? kernels : kernels + [$0] } ?? kernels
    self.baseline = baseline
    self.seed = seed
    self.stop = stop
  }

  /// The kernels that take part under these conditions.
  public func kernels(under conditions: Conditions) -> [Kernel] {
    kernels.filter { takesPart($0, conditions) }
  }

  /// Measured points of the whole plan.
  public var pointCount: Int {
    var count = 0
    for tokens in tokens {
      for threads in threads {
        for cache in caches {
          count += kernels(under: Conditions(tokens: tokens, threads: threads, cache: cache)).count
        }
      }
    }
    return count * shapes.count
  }
}
