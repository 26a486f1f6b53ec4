import Workloads

/// Passes through models on designs, each design paired with a baseline on the same pass.
public struct SimulationStudy: Sendable {
  /// How designs are made comparable with the baseline.
  public enum Sizing: String, Sendable {
    /// Each array is as large as the area of the baseline allows.
    case isoArea = "iso-area"
    /// Each array is as large as the power of the baseline on the same pass allows.
    case isoPower = "iso-power"
  }

  /// The passes.
  public var workloads: [InferenceWorkload]
  /// The designs, in the order of the results.
  public var designs: [Design]
  /// What designs are compared with; `nil` compares nothing.
  public var baseline: Design?
  /// How designs are made comparable; `nil` takes them as they are.
  public var sizing: Sizing?
  /// Share of zeros among ternary weights.
  public var zeroShare: Double

  /// Creates a study.
  public init(
    workloads: [InferenceWorkload], designs: [Design], baseline: Design? = nil, sizing: Sizing? = nil,
    zeroShare: Double = ModelSimulator.zeroShareOfNormalWeights
  ) {
    self.workloads = workloads
    self.designs = designs
    self.baseline = baseline
    self.sizing = sizing
    self.zeroShare = zeroShare
  }

  /// Runs every design on every pass.
  ///
  /// One that cannot be simulated does not stop the others: its entry says why.
  ///
  /// - Parameter simulator: Makes the simulator of a design; throws for one that is wrong in itself.
  /// - Throws: What `simulator` throws, and whatever the baseline's own pass does.
  public func run(_ simulator: (Design) throws -> ModelSimulator) throws -> [StudyEntry] {
    let baselineSimulator = try baseline.map(simulator)
    let simulators = try designs.map(simulator)
    return try workloads.flatMap { workload -> [StudyEntry] in
      let reference = try baselineSimulator?.simulate(workload, zeroShare: zeroShare)
      return try zip(designs, simulators).map { design, ready -> StudyEntry in
        if design == baseline, let reference {
          return StudyEntry(workload: workload, design: design, outcome: .simulated(reference), baseline: reference)
        }
        do {
          let sized = try sizing.flatMap { sizing in
            try reference.map { try resized(design, as: sizing, like: $0, on: workload, simulator) }
          }
          let simulation = try (sized?.simulator ?? ready).simulate(workload, zeroShare: zeroShare)
          return StudyEntry(
            workload: workload, design: sized?.design ?? design, outcome: .simulated(simulation),
            baseline: reference)
        } catch let error as ModelSimulationError {
          return StudyEntry(workload: workload, design: design, outcome: .failed("\(error)"), baseline: reference)
        }
      }
    }
  }
}
