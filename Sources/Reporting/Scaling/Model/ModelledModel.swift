import Accelerator
import Workloads

/// A whole model on a modelled chip, beside FP16 on a chip with the same memory.
public struct ModelledModel: Sendable {
  /// The pass and its baseline.
  public let entry: StudyEntry
  /// What the simulator found.
  public let simulation: ModelSimulation

  /// `nil` for a pass that could not be simulated.
  init?(_ entry: StudyEntry) {
    guard let simulation = entry.simulation else { return nil }
    self.entry = entry
    self.simulation = simulation
  }

  /// The model.
  public var model: LanguageModel { entry.workload.model }
  /// The name of the design.
  public var design: String { entry.design.name }
  /// One new token, or a prompt.
  public var phase: Phase { entry.workload.phase }
  /// How many times less DRAM traffic than FP16.
  public var trafficSaving: Double? {
    entry.baseline.map { $0.dramBytesPerToken / simulation.dramBytesPerToken }
  }
}
