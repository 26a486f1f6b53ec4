/// Claims with their verdicts, and the circumstances of a run.
public struct ClaimTable: Sendable {
  /// In the order of the catalogue.
  public var results: [ClaimResult]
  /// The circumstances.
  public var context: RunContext
  /// What may have disturbed the run, each with its remedy in one sentence.
  public var warnings: [String]
  /// Measurements whose kernel gave a wrong result, each with kernel, shape and difference.
  public var wrong: [String]

  /// A table of what a run gave.
  public init(
    results: [ClaimResult], context: RunContext, warnings: [String] = [], measurements: [Measurement] = []
  ) {
    self.results = results
    self.context = context
    let disturbed = measurements.count(where: \.wasPreemptedOften)
    self.warnings =
      disturbed == 0
      ? warnings
      : warnings + [
        "other work took CPU time during \(disturbed) of \(measurements.count) measurements: run it again on an "
          + "idle machine"
      ]
    wrong = measurements.compactMap { measurement in
      guard case .wrong(let message) = measurement.status else { return nil }
      let point = measurement.point
      return "\(point.kernel), \(point.outFeatures)x\(point.inFeatures), M=\(point.tokens): \(message)"
    }
  }

  /// Groups that have claims here, in order.
  public var groups: [(group: ClaimGroup, results: [ClaimResult])] {
    ClaimGroup.allCases.compactMap { group in
      let members = results.filter { $0.claim.group == group }
      return members.isEmpty ? nil : (group, members)
    }
  }
}
