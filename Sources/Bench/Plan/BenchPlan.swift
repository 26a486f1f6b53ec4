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
  /// Points that an earlier part of the run has. They are not measured again; only the baseline still takes part
  /// where others of its group are missing, to be paired with them.
  public var alreadyMeasured: Set<MeasurementPoint> = []

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

  /// The kernels to call on a shape under these conditions, so that every missing point is measured; none where
  /// nothing is missing.
  func kernelsToCall(on shape: BenchShape, under conditions: Conditions) -> [Kernel] {
    let all = kernels(under: conditions)
    func isMissing(_ kernel: Kernel) -> Bool {
      !alreadyMeasured.contains(MeasurementPoint(kernel: kernel, shape: shape, conditions: conditions))
    }
    guard !alreadyMeasured.isEmpty else { return all }
    guard all.contains(where: isMissing) else { return [] }
    return all.filter { $0 == baseline || isMissing($0) }
  }

  /// The conditions in the order in which they are measured on every shape.
  var conditions: [Conditions] {
    tokens.flatMap { tokens in
      threads.flatMap { threads in
        caches.map { Conditions(tokens: tokens, threads: threads, cache: $0) }
      }
    }
  }

  /// All points in the order of the plan, those already measured among them.
  public var points: [MeasurementPoint] {
    let groups = conditions.map { ($0, kernels(under: $0)) }
    return shapes.flatMap { shape in
      groups.flatMap { conditions, kernels in
        kernels.map { MeasurementPoint(kernel: $0, shape: shape, conditions: conditions) }
      }
    }
  }

  /// Points to call for, those of the baseline that only serve as partners among them.
  public var pointCount: Int {
    let conditions = conditions
    return shapes.reduce(0) { count, shape in
      count + conditions.reduce(0) { $0 + kernelsToCall(on: shape, under: $1).count }
    }
  }

  /// The measurements in the order of the plan. They end in the order in which their intervals become narrow,
  /// which differs from run to run.
  public func inOrder(_ measurements: [Measurement]) -> [Measurement] {
    let positions = Dictionary(zip(points, 0...)) { first, _ in first }
    return measurements.enumerated().sorted { left, right in
      let (leftPosition, rightPosition) = (positions[left.element.point], positions[right.element.point])
      return (leftPosition ?? .max, left.offset) < (rightPosition ?? .max, right.offset)
    }.map(\.element)
  }
}

extension MeasurementPoint {
  /// A kernel's point on a shape.
  init(kernel: Kernel, shape: BenchShape, conditions: BenchPlan.Conditions) {
    self.init(
      model: shape.model, layerRoles: shape.role, kernel: kernel.name, family: kernel.familyName,
      packing: kernel.packing.name, weights: "\(kernel.packing.weightKind)",
      activations: kernel.activationName, exact: kernel.isExact, isa: kernel.instructionSetName,
      tokens: conditions.tokens, inFeatures: shape.inFeatures, outFeatures: shape.outFeatures,
      threads: conditions.threads, cache: conditions.cache)
  }
}
