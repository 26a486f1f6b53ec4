import Workloads

/// Passes through models on designs, each design paired with a baseline on the same pass.
public struct SimulationStudy: Sendable {
  /// The passes.
  public var workloads: [InferenceWorkload]
  /// The designs, in the order of the results.
  public var designs: [Design]
  /// What designs are compared with; `nil` compares nothing.
  public var baseline: Design?
  /// What the array of each design is sized to match of the baseline; `nil` takes designs as they are.
  public var sizing: IsoSizing.Quantity?
  /// Share of zeros among ternary weights.
  public var zeroShare: Double

  private let matmuls: any MatmulSimulator
  private let tables: CostTables
  private let scaling: EnergyScaling

  /// - Parameters:
  ///   - workloads: The passes.
  ///   - designs: In the order of the results.
  ///   - baseline: What designs are compared with.
  ///   - sizing: What the array of each design is sized to match of the baseline.
  ///   - zeroShare: Share of zeros among ternary weights.
  ///   - matmuls: Simulates what runs on arrays.
  ///   - tables: What things cost.
  ///   - scaling: How energies reach the node of a design.
  public init(
    workloads: [InferenceWorkload], designs: [Design], baseline: Design? = nil,
    sizing: IsoSizing.Quantity? = nil, zeroShare: Double = ModelSimulator.zeroShareOfNormalWeights,
    matmuls: any MatmulSimulator = AnalyticalSimulator(), tables: CostTables,
    scaling: EnergyScaling = .anchors
  ) {
    self.workloads = workloads
    self.designs = designs
    self.baseline = baseline
    self.sizing = sizing
    self.zeroShare = zeroShare
    self.matmuls = matmuls
    self.tables = tables
    self.scaling = scaling
  }

  /// Runs every design on every pass, pass by pass.
  ///
  /// A pass that a design cannot run does not stop the others: its entry says why.
  ///
  /// - Parameter onEntry: Called with each entry as soon as it is there.
  public func run(onEntry: (StudyEntry) -> Void) {
    for workload in workloads {
      let reference = baseline.map { outcome(of: $0, on: workload) }
      for design in designs {
        if design == baseline, let reference {
          onEntry(
            StudyEntry(
              workload: workload, design: design, outcome: reference, baseline: reference.simulation))
        } else {
          onEntry(entry(of: design, on: workload, reference: reference?.simulation))
        }
      }
    }
  }

  private func entry(
    of design: Design, on workload: InferenceWorkload, reference: ModelSimulation?
  ) -> StudyEntry {
    do {
      let sized = try resized(design, on: workload)
      return StudyEntry(
        workload: workload, design: sized, outcome: outcome(of: sized, on: workload), baseline: reference)
    } catch {
      return StudyEntry(workload: workload, design: design, outcome: .failed("\(error)"), baseline: reference)
    }
  }

  private func outcome(of design: Design, on workload: InferenceWorkload) -> StudyEntry.Outcome {
    do throws(ModelSimulationError) {
      return .simulated(
        try ModelSimulator(design, matmuls: matmuls, tables: tables, scaling: scaling)
          .simulate(workload, zeroShare: zeroShare))
    } catch {
      if case .matmul(_, _, .wrongResult) = error { return .wrong("\(error)") }
      return .failed("\(error)")
    }
  }

  private func resized(_ design: Design, on workload: InferenceWorkload) throws(IsoSizingError) -> Design {
    guard let sizing, let baseline else { return design }
    switch sizing {
    case .area: return try IsoSizing.area(of: design, like: baseline, tables: tables).design
    case .power:
      return try IsoSizing.power(
        of: design, like: baseline, on: workload, matmuls: matmuls, tables: tables, scaling: scaling
      ).design
    }
  }
}
