/// One design on one pass.
public struct StudyEntry: Sendable {
  /// What came of it.
  public enum Outcome: Sendable {
    /// The pass was simulated.
    case simulated(ModelSimulation)
    /// It cannot be, for this reason.
    case failed(String)
    /// Cycle by cycle, a matrix product gave another result than the reference.
    case wrong(String)

    /// The result, if there is one.
    public var simulation: ModelSimulation? {
      if case .simulated(let simulation) = self { simulation } else { nil }
    }
  }

  /// The pass.
  public let workload: InferenceWorkload
  /// The design, resized if that was asked for.
  public let design: Design
  /// What came of it.
  public let outcome: Outcome
  /// The same pass on the baseline, if there is one.
  public let baseline: ModelSimulation?

  /// Creates an entry.
  public init(
    workload: InferenceWorkload, design: Design, outcome: Outcome, baseline: ModelSimulation?
  ) {
    self.workload = workload
    self.design = design
    self.outcome = outcome
    self.baseline = baseline
  }

  /// The result, if there is one.
  public var simulation: ModelSimulation? { outcome.simulation }

  /// How many times as many tokens a second as the baseline.
  public var speedup: Double? { ratio(\.tokensPerSecond) }

  /// How many times less energy a token than the baseline.
  public var energySaving: Double? { ratio(\.joulesPerToken).map { 1 / $0 } }

  private func ratio(_ figure: (ModelSimulation) -> Double) -> Double? {
    guard let simulation, let baseline else { return nil }
    return figure(simulation) / figure(baseline)
  }
}
