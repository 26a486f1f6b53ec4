import Accelerator

extension Listing {
  /// Simulated passes and roofline estimates in full precision, under the columns of both: names that mean the same
  /// are one column.
  init(_ entries: [StudyEntry], devices: [DeviceEstimate]) {
    let simulated = entries.compactMap { entry in entry.simulation.map { (entry, $0) } }
    let passes = ModelledRows(SimulationColumns.run, rows: simulated.map(\.1))
    let comparison = ModelledRows(
      names: ["baseline", "speedup_modelled", "energy_saving_modelled"],
      values: simulated.map { entry, _ in
        [
          entry.baseline.map { .text($0.design.name) } ?? .missing,
          entry.speedup.map(ModelledValue.number) ?? .missing,
          entry.energySaving.map(ModelledValue.number) ?? .missing,
        ]
      })
    let both = passes.beside(comparison)
    self.init(devices.isEmpty ? both : both.above(ModelledRows(DeviceColumns.all, rows: devices)))
  }

  /// All operations of simulated passes in full precision.
  init(operationsOf entries: [StudyEntry]) {
    self.init(
      ModelledRows(SimulationColumns.operations, rows: entries.compactMap(\.simulation).flatMap(\.rows)))
  }

  private init(_ table: ModelledRows) {
    self.init(
      properties: table.names.indices.map { column in
        Property(table.names[column], isNumber: table.values.contains { $0[column].isNumber })
      }, items: table.values.map { $0.map(\.plainText) })
  }
}

/// Values under named columns.
private struct ModelledRows {
  var names: [String]
  var values: [[ModelledValue]]

  init(names: [String], values: [[ModelledValue]]) {
    self.names = names
    self.values = values
  }

  init<Row>(_ columns: [ModelledColumn<Row>], rows: [Row]) {
    names = columns.map(\.name)
    values = rows.map { row in columns.map { $0.value(row) } }
  }

  /// The columns of both, row by row.
  func beside(_ other: ModelledRows) -> ModelledRows {
    ModelledRows(names: names + other.names, values: zip(values, other.values).map { $0 + $1 })
  }

  /// The rows of both; what one has no column for is missing.
  func above(_ other: ModelledRows) -> ModelledRows {
    let names = names + other.names.filter { !self.names.contains($0) }
    func rows(_ table: ModelledRows) -> [[ModelledValue]] {
      let columns = names.map { table.names.firstIndex(of: $0) }
      return table.values.map { row in columns.map { $0.map { row[$0] } ?? .missing } }
    }
    return ModelledRows(names: names, values: rows(self) + rows(other))
  }
}

extension ModelledValue {
  fileprivate var isNumber: Bool {
    switch self {
    case .integer, .number: true
    case .missing, .text, .flag: false
    }
  }

  /// In full precision; empty if missing.
  fileprivate var plainText: String {
    switch self {
    case .missing: ""
    case .text(let text): text
    case .integer(let integer): "\(integer)"
    case .number(let number): "\(number)"
    case .flag(let flag): "\(flag)"
    }
  }
}
