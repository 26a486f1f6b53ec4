import KernelZoo
import Workloads

/// Measures what whole models on this CPU are added up from: first every kernel on one layer, then, on every layer
/// shape of the models, the fastest kernel of each family and phase there.
public struct ScalingRunner {
  /// Tokens of a prompt where prefill is measured.
  public static let prefillTokens = 128

  private let models: [LanguageModel]
  private let kernels: [Kernel]
  private let baseline: Kernel
  private let threads: Int
  private let machine: any BenchMachine
  private let seed: UInt64
  private let secondsPerPoint: Double
  private let isCancelled: () -> Bool
  private let onProgress: (BenchProgress) -> Void

  /// - Parameters:
  ///   - models: The models, by size.
  ///   - kernels: All that may win.
  ///   - baseline: The FP16 kernel.
  ///   - threads: Team size.
  ///   - machine: Threads, memory, probes.
  ///   - seed: Of weights, activations and order.
  ///   - secondsPerPoint: Spent on one point at most; large shapes take their three samples all the same.
  ///   - isCancelled: True once the user wants to stop; what is measured by then is kept.
  ///   - onProgress: Told where the run stands.
  public init(
    models: [LanguageModel], kernels: [Kernel], baseline: Kernel, threads: Int, machine: any BenchMachine,
    seed: UInt64, secondsPerPoint: Double, isCancelled: @escaping () -> Bool = { false },
    onProgress: @escaping (BenchProgress) -> Void = { _ in }
  ) {
    self.models = models
    self.kernels = kernels
    self.baseline = baseline
    self.threads = threads
    self.machine = machine
    self.seed = seed
    self.secondsPerPoint = secondsPerPoint
    self.isCancelled = isCancelled
    self.onProgress = onProgress
  }

  /// The distinct layer shapes of all models, each under the first model that has it.
  var shapes: [BenchShape] {
    var shapes: [BenchShape] = []
    for model in models {
      for shape in model.matmulShapes(includingHead: false).distinct()
      where !shapes.contains(where: {
        $0.outFeatures == shape.outFeatures && $0.inFeatures == shape.inFeatures
      }) {
        shapes.append(BenchShape(shape, of: model))
      }
    }
    return shapes
  }

  /// The layer that every kernel is measured on: the largest of the middle model. Weights of smaller models may stay
  /// in caches, and those of larger ones take long.
  var trialShape: BenchShape? {
    guard !models.isEmpty else { return nil }
    return models[models.count / 2].matmulShapes(includingHead: false).distinct()
      .max { $0.outFeatures * $0.inFeatures < $1.outFeatures * $1.inFeatures }
      .map { BenchShape($0, of: models[models.count / 2]) }
  }

  /// More than is measured: every kernel on every layer. What memory must be there for, and the circumstances of the
  /// run, follow from it.
  public var largestPlan: BenchPlan { plan(shapes: shapes, kernels: kernels) }

  /// Every kernel on one layer.
  var trial: BenchPlan { plan(shapes: trialShape.map { [$0] } ?? [], kernels: kernels) }

  /// The other layers, with the kernels that `trial` found fastest.
  func layers(after trial: [Measurement]) -> BenchPlan {
    let finalists = Self.finalists(of: trial)
    let baseline = baseline
    let others = shapes.filter {
      $0.outFeatures != trialShape?.outFeatures || $0.inFeatures != trialShape?.inFeatures
    }
    let names = Set(finalists.values.flatMap(\.self))
    var plan = plan(shapes: others, kernels: kernels.filter { names.contains($0.name) })
    plan.takesPart = { kernel, conditions in
      kernel == baseline || finalists[conditions.tokens]?.contains(kernel.name) ?? false
    }
    return plan
  }

  /// By tokens, the fastest kernel of each family among those that compute a ternary layer exactly.
  static func finalists(of trial: [Measurement]) -> [Int: Set<String>] {
    var fastest: [Int: [String: Measurement]] = [:]
    for measurement in trial where measurement.point.contest == .headline {
      guard let latency = measurement.operatorLatency?.median else { continue }
      let point = measurement.point
      let best = fastest[point.tokens]?[point.family]?.operatorLatency?.median ?? .infinity
      if latency < best { fastest[point.tokens, default: [:]][point.family] = measurement }
    }
    return fastest.mapValues { Set($0.values.map(\.point.kernel)) }
  }

  private func plan(shapes: [BenchShape], kernels: [Kernel]) -> BenchPlan {
    BenchPlan(
      shapes: shapes, tokens: [1, Self.prefillTokens], threads: [threads], caches: [.cold], kernels: kernels,
      baseline: baseline, seed: seed,
      stop: AdaptiveStop(
        targetRelativeHalfWidth: 0.01, minimumSamples: 7, timeCap: .seconds(secondsPerPoint)))
  }

  /// Measures, the trial first.
  ///
  /// - Parameters:
  ///   - onPlan: Told all points once the trial has decided on them, before any is handed on.
  ///   - record: Called with each measurement: those of the trial together, others as soon as they are there.
  /// - Returns: All measurements in the order of the points.
  /// - Throws: What weights, memory or threads throw.
  public func run(
    onPlan: ([MeasurementPoint]) -> Void, record: (Measurement) -> Void
  ) throws -> [Measurement] {
    let trial = trial
    // Six families have finalists, and the baseline runs with them.
    let guess = (shapes.count - 1) * 2 * 7
    var series = BenchSeries(
      pointCount: trial.pointCount + guess, machine: machine, source: GaussianWeightSource(seed: seed),
      isCancelled: isCancelled, onProgress: onProgress)
    let measured = try series.measure(trial)
    let layers = layers(after: measured)
    onPlan(trial.points + layers.points)
    measured.forEach(record)
    guard !isCancelled() else { return measured }
    series.expect(pointCount: layers.pointCount - guess)
    return measured + (try series.measure(layers, record: record))
  }
}

extension BenchShape {
  /// A distinct layer shape of a model.
  public init(_ shape: DistinctShape, of model: LanguageModel) {
    self.init(
      model: model.id, role: shape.roles.map(\.rawValue).joined(separator: ","),
      outFeatures: shape.outFeatures, inFeatures: shape.inFeatures, countPerToken: shape.countPerToken)
  }
}
