import Accelerator
import Workloads

/// The operations of one simulated pass in cells: where time, bytes and energy go.
enum OperationText {
  static func table(of simulation: ModelSimulation) -> TextTable {
    TextTable(headings: headings, rows: rows(of: simulation))
  }

  private static let headings: [TextTable.Heading] = [
    .init(title: "operation", alignment: .left, dropOrder: 0),
    .init(title: "times", alignment: .right, dropOrder: 3),
    .init(title: "MxKxN", alignment: .left, dropOrder: 4),
    .init(title: "runs on", alignment: .left, dropOrder: 6),
    .init(title: "cycles", alignment: .right, dropOrder: 1),
    .init(title: "of time", alignment: .right, dropOrder: 0),
    .init(title: "binds", alignment: .left, dropOrder: 0),
    .init(title: "used", alignment: .right, dropOrder: 5),
    .init(title: "tile", alignment: .left, dropOrder: 8),
    .init(title: "DRAM", alignment: .right, dropOrder: 2),
    .init(title: "refetched", alignment: .right, dropOrder: 7),
    .init(title: "energy", alignment: .right, dropOrder: 0),
    .init(title: "of energy", alignment: .right, dropOrder: 2),
  ]

  static let legend =
    "cycles, DRAM and energy are of one time; shares are of the pass, all times together. used: share of what the "
    + "unit that runs it could have done. tile: tokens x in-features x out-features, then the loops from outermost."

  private static func rows(of simulation: ModelSimulation) -> [[String]] {
    let operationSeconds = simulation.operations.reduce(0) { $0 + $1.seconds * Double($1.count) }
    return simulation.operations.map { operation in
      let times = Double(operation.count)
      return [
        operation.role.description, "\(operation.count)", operation.size.map(size) ?? "",
        operation.executedBy.rawValue, QuantityText.count(operation.cycles),
        QuantityText.percent(operation.seconds * times / operationSeconds), operation.binding.rawValue,
        QuantityText.percent(operation.utilisation),
        operation.matmul.map { "\($0.tiling)" } ?? "",
        QuantityText.bytes(operation.dram.total.bytes), QuantityText.bytes(operation.dram.total.capacity),
        QuantityText.joules(operation.energy.totalPicojoules * 1e-12),
        QuantityText.percent(
          operation.energy.totalPicojoules * times / simulation.energy.totalPicojoules),
      ]
    }
  }

  /// `arithmetic 12%, accumulator 3%, ...`, the largest first, what is below a thousandth left out.
  static func energyParts(of simulation: ModelSimulation) -> String {
    let total = simulation.energy.totalPicojoules
    let parts = EnergyBreakdown.Part.allCases.map { ($0, simulation.energy[$0] / total) }
      .filter { $0.1 >= 0.001 }.sorted { $0.1 > $1.1 }
    return "Energy: " + parts.map { "\($0.0.rawValue) \(QuantityText.percent($0.1))" }.joined(separator: ", ")
      + "."
  }

  private static func size(_ size: MatmulSize) -> String {
    "\(size.tokens)x\(size.inFeatures)x\(size.outFeatures)"
  }
}
