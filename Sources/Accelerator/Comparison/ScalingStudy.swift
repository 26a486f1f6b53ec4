import Workloads

/// Decode and prefill of models of all sizes on designs, each design beside the FP16 design with its memory.
public struct ScalingStudy: Sendable {
  /// Tokens of each sequence when decoding.
  public static let decodeContext = 512

  /// The models.
  public let models: [LanguageModel]
  /// The designs, in the order of the results.
  public let designs: [Design]
  /// Tokens of the prompt.
  public let prefillTokens: Int

  private let tables: CostTables

  /// - Parameters:
  ///   - models: The models.
  ///   - designs: In the order of the results.
  ///   - prefillTokens: Tokens of the prompt.
  ///   - tables: What things cost.
  public init(models: [LanguageModel], designs: [Design], prefillTokens: Int, tables: CostTables) {
    self.models = models
    self.designs = designs
    self.prefillTokens = prefillTokens
    self.tables = tables
  }

  /// The FP16 design with the memory of `design`, or else the first; `nil` where there is none.
  public func baseline(of design: Design) -> Design? {
    let baselines = designs.filter { $0.array.datapath == "fp16-mac" }
    return baselines.first { $0.dram == design.dram } ?? baselines.first
  }

  /// Runs every pass on every design.
  ///
  /// - Throws: ``WorkloadError`` when the prompt is longer than a pass may be.
  public func run() throws(WorkloadError) -> [StudyEntry] {
    var workloads: [InferenceWorkload] = []
    for model in models {
      workloads.append(try InferenceWorkload(model, phase: .decode, context: Self.decodeContext))
      workloads.append(try InferenceWorkload(model, phase: .prefill(tokens: prefillTokens)))
    }
    var entries: [StudyEntry] = []
    for design in designs {
      SimulationStudy(
        workloads: workloads, designs: [design], baseline: baseline(of: design), tables: tables
      ).run { entries.append($0) }
    }
    return entries
  }
}
