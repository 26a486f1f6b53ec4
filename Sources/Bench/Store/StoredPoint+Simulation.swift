import Accelerator
import Workloads

extension StoredPoint {
  /// A pass on a design, as it came out.
  public init(_ entry: StudyEntry) {
    let workload = entry.workload
    var payload: [String: ColumnValue] = [:]
    for column in SimulationColumns.run {
      payload[column.name] = entry.simulation.map { ColumnValue(column.value($0)) }
    }
    if let baseline = entry.baseline { payload["baseline"] = .text(baseline.design.name) }
    payload["speedup_modelled"] = entry.speedup.map(ColumnValue.number)
    payload["energy_saving_modelled"] = entry.energySaving.map(ColumnValue.number)
    switch entry.outcome {
    case .simulated: payload["status"] = .text("simulated")
    case .failed(let reason):
      payload["status"] = .text("failed")
      payload["status_message"] = .text(reason)
    case .wrong(let reason):
      payload["status"] = .text("wrong")
      payload["status_message"] = .text(reason)
    }
    self.init(
      position: 0, key: Self.key(of: entry.design, on: workload), subject: entry.design.name, payload: payload
    )
  }

  /// Names a pass on a design, whatever its array was sized to.
  public static func key(of design: Design, on workload: InferenceWorkload) -> String {
    [
      workload.model.id, design.name, "\(workload.phase.tokens) tokens", "context \(workload.context)",
      "batch \(workload.batch)",
    ].joined(separator: ", ")
  }
}

extension ColumnValue {
  /// The same value as a column of results.
  public init(_ modelled: ModelledValue) {
    switch modelled {
    case .missing: self = .missing
    case .text(let text): self = .text(text)
    case .integer(let integer): self = UInt64(exactly: integer).map(ColumnValue.integer) ?? .missing
    case .number(let number): self = .number(number)
    case .flag(let flag): self = .flag(flag)
    }
  }
}
