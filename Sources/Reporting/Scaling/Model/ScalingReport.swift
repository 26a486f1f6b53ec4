import Accelerator
import Bench
import Workloads

/// How latency, memory, traffic and energy grow with the model: measured on this CPU, and modelled for chips.
///
/// A pure function of its input: equal input gives equal bytes in every file made from it.
public struct ScalingReport: Sendable {
  /// The models, by parameters.
  public let models: [LanguageModel]
  /// The runs that measured, in the order given; where several measured the same point, the first counts.
  public let runs: [BenchResults]
  /// Whole models on this CPU: by model, then decode before prefill, then by threads, the fastest first.
  public let measured: [MeasuredModel]
  /// Whole models on chips, in the order of the study.
  public let modelled: [ModelledModel]
  /// Passes that could not be simulated: `design, model, phase: reason`.
  public let failures: [String]
  /// Every measurement with cold weights and a latency, each point once.
  let measurements: [Measurement]

  /// - Parameters:
  ///   - models: The models, in any order.
  ///   - runs: Measurements of their layers, in any order within a run.
  ///   - entries: The same models on designs.
  public init(models: [LanguageModel], runs: [BenchResults], entries: [StudyEntry]) {
    self.models = models.sorted { ($0.totalParameters, $0.id) < ($1.totalParameters, $1.id) }
    self.runs = runs
    var points: Set<PointOfAnyModel> = []
    measurements = runs.flatMap(\.measurements).filter { measurement in
      measurement.status == .measured && measurement.operatorLatency != nil
        && measurement.point.cache == .cold && points.insert(PointOfAnyModel(measurement.point)).inserted
    }
    measured = Self.measured(self.models, measurements)
    modelled = entries.compactMap(ModelledModel.init)
    failures = entries.compactMap { entry in
      switch entry.outcome {
      case .simulated: nil
      case .failed(let reason), .wrong(let reason):
        "\(entry.design.name), \(entry.workload.model.id), \(entry.workload.phase): \(reason)"
      }
    }
  }

  private static func measured(_ models: [LanguageModel], _ measurements: [Measurement]) -> [MeasuredModel] {
    struct Conditions: Hashable {
      let tokens: Int
      let threads: Int
      let kernel: String
    }
    let byConditions = Dictionary(grouping: measurements) {
      Conditions(tokens: $0.point.tokens, threads: $0.point.threads, kernel: $0.point.kernel)
    }.mapValues { measurements in
      Dictionary(measurements.map { (MatrixSize($0.point), $0) }) { first, _ in first }
    }
    // Reading FP16 weights for one token, by threads.
    let fp16 = Dictionary(grouping: measurements.filter { $0.point.tokens == 1 && $0.isFP16 }) {
      $0.point.threads
    }.mapValues { measurements in
      Dictionary(
        measurements.compactMap { measurement in
          measurement.weightBandwidthBytesPerSecond.map { (MatrixSize(measurement.point), $0) }
        }
      ) { max($0, $1) }
    }
    return models.flatMap { model in
      byConditions.compactMap { conditions, layers in
        MeasuredModel(model, layers: layers, fp16BytesPerSecond: fp16[conditions.threads] ?? [:])
      }.sorted {
        ($0.point.tokens, $0.point.threads, $0.linears.median, $0.point.kernel)
          < ($1.point.tokens, $1.point.threads, $1.linears.median, $1.point.kernel)
      }
    }
  }

  /// The middle model by size, which stands for all where one must.
  var middleModel: LanguageModel? { models.isEmpty ? nil : models[models.count / 2] }

  /// The middle one of those that were measured.
  var middleMeasuredModel: LanguageModel? {
    let complete = models.filter { model in measured.contains { $0.model == model } }
    return complete.isEmpty ? nil : complete[complete.count / 2]
  }

  /// Decode before prefill, then by threads: what was measured of whole models.
  var scenarios: [Scenario] { Array(Set(measured.map { Scenario($0.point) })).sorted() }

  /// What was measured of a model in a scenario, the fastest first.
  func measured(_ model: LanguageModel, _ scenario: Scenario) -> [MeasuredModel] {
    measured.filter { $0.model == model && Scenario($0.point) == scenario }
  }

  /// The fastest exact ternary kernel of each family, the fastest first.
  func fastestOfFamilies(_ model: LanguageModel, _ scenario: Scenario) -> [MeasuredModel] {
    var families: Set<String> = []
    return measured(model, scenario).filter {
      $0.point.contest == .headline && families.insert($0.point.family).inserted
    }
  }

  /// FP16 under the same conditions.
  func fp16(_ model: LanguageModel, _ scenario: Scenario) -> MeasuredModel? {
    measured(model, scenario).first { $0.layers[0].measurement.isFP16 }
  }

  /// The phases that were simulated, decode first.
  var modelledPhases: [Phase] {
    Array(Set(modelled.map(\.phase))).sorted { $0.tokens < $1.tokens }
  }

  /// The designs in the order of the study.
  var designs: [Design] {
    var seen: Set<Design> = []
    return modelled.map(\.entry.design).filter { seen.insert($0).inserted }
  }

  /// A model on a design, if it could be simulated.
  func modelled(_ model: LanguageModel, _ phase: Phase, on design: Design) -> ModelledModel? {
    modelled.first { $0.model == model && $0.phase == phase && $0.entry.design == design }
  }
}

/// A measured point, whichever model it was measured for.
private struct PointOfAnyModel: Hashable {
  let size: MatrixSize
  let kernel: String
  let tokens: Int
  let threads: Int

  init(_ point: MeasurementPoint) {
    size = MatrixSize(point)
    kernel = point.kernel
    tokens = point.tokens
    threads = point.threads
  }
}

extension Measurement {
  /// Whether the weights are FP16: what all others are compared with.
  var isFP16: Bool { point.packing == "fp16" }
}
