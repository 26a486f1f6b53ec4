import KernelZoo

/// Everything that some passes need to be added up, each matrix once however many passes share it.
public struct LayerPlan: Sendable {
  /// A pass, and what its linear layers are multiplied with.
  public struct Request: Sendable, Hashable {
    /// The pass.
    public let pass: ModelPass
    /// Kernels of the linear layers.
    public let kernels: [Kernel]
    /// Team size.
    public let threads: Int

    /// A request with every part given.
    public init(_ pass: ModelPass, kernels: [Kernel], threads: Int) {
      self.pass = pass
      self.kernels = kernels
      self.threads = threads
    }
  }

  private struct Use: Hashable {
    let kernel: Kernel
    let tokens: Int
    let threads: Int
  }

  /// Small matrices first; those of one plan are all measured in the same way.
  public let plans: [BenchPlan]

  /// - Parameters:
  ///   - requests: The passes.
  ///   - float: The FP16 kernel of LM head and attention.
  ///   - seed: Of weights, activations and order.
  ///   - stop: When a point is known well enough.
  public init(_ requests: [Request], float: Kernel, seed: UInt64, stop: AdaptiveStop) {
    var uses: [BenchShape: Set<Use>] = [:]
    func add(_ shapes: [BenchShape], _ kernels: [Kernel], tokens: Int, threads: Int) {
      for shape in shapes {
        // Whose it is must not keep equal matrices apart.
        let bare = BenchShape(outFeatures: shape.outFeatures, inFeatures: shape.inFeatures)
        uses[bare, default: []].formUnion(
          kernels.map { Use(kernel: $0, tokens: tokens, threads: threads) })
      }
    }
    for request in requests {
      let (pass, threads) = (request.pass, request.threads)
      add(pass.linears, request.kernels, tokens: pass.tokens, threads: threads)
      add(pass.attention, [float], tokens: pass.tokens, threads: threads)
      add([pass.head], [float], tokens: 1, threads: threads)
    }
    func weights(_ shape: BenchShape) -> Int { shape.outFeatures * shape.inFeatures }
    let shapes = uses.keys.sorted {
      (weights($0), $0.outFeatures) < (weights($1), $1.outFeatures)
    }
    var plans: [BenchPlan] = []
    var begin = shapes.startIndex
    while begin < shapes.endIndex {
      let common = uses[shapes[begin]] ?? []
      let end = shapes[begin...].firstIndex { uses[$0] != common } ?? shapes.endIndex
      plans.append(Self.plan(Array(shapes[begin..<end]), common, seed: seed, stop: stop))
      begin = end
    }
    self.plans = plans
  }

  /// Nothing to measure.
  static let empty = LayerPlan(plans: [])

  private init(plans: [BenchPlan]) { self.plans = plans }

  /// Measured points of all plans.
  public var pointCount: Int { plans.reduce(0) { $0 + $1.pointCount } }

  private static func plan(
    _ shapes: [BenchShape], _ uses: Set<Use>, seed: UInt64, stop: AdaptiveStop
  ) -> BenchPlan {
    let kernels = Set(uses.map(\.kernel))
    var plan = BenchPlan(
      shapes: shapes, tokens: Set(uses.map(\.tokens)).sorted(), threads: Set(uses.map(\.threads)).sorted(),
      caches: [.cold], kernels: KernelRegistry.all.filter(kernels.contains), baseline: nil, seed: seed,
      stop: stop)
    plan.takesPart = { kernel, conditions in
      uses.contains(Use(kernel: kernel, tokens: conditions.tokens, threads: conditions.threads))
    }
    return plan
  }
}
