/// One kind of operation of a simulated pass: a row of `--per-layer`.
public struct SimulatedOperation: Sendable {
  /// The pass.
  public let simulation: ModelSimulation
  /// The operation.
  public let record: OperationRecord
}

extension ModelSimulation {
  /// The rows of `--per-layer`: a layer's operations, which are the same in all layers, and what a pass does once.
  public var rows: [SimulatedOperation] {
    operations.map { SimulatedOperation(simulation: self, record: $0) }
  }
}

extension SimulationColumns {
  /// One row for each kind of operation. Time, traffic and energy are of one execution, all chips together.
  public static let operations: [ModelledColumn<SimulatedOperation>] =
    subject.map { $0.of { $0.simulation } }
    + (what + time + matmul + traffic { $0.dram } + [
      ModelledColumn("link_modelled_bytes", "bytes over links", number: { $0.linkBytes }),
      ModelledColumn(
        "energy_modelled_j", "energy, DRAM and leakage included",
        number: { $0.energy.totalPicojoules * 1e-12 }),
    ] + energyParts { $0.energy }).map { $0.of { $0.record } }

  private static let what: [ModelledColumn<OperationRecord>] = [
    ModelledColumn("operation", "role of the matrix, or other work", text: { $0.role.description }),
    ModelledColumn("scope", "layer: every layer does it; pass: done once", text: { $0.scope.rawValue }),
    ModelledColumn("count", "how often a pass does it", count: { $0.count }),
    ModelledColumn("runs_on", "array, vector unit or link", text: { $0.executedBy.rawValue }),
    ModelledColumn("m", "tokens of the matrix product", count: { $0.size?.tokens }),
    ModelledColumn("k", "in-features", count: { $0.size?.inFeatures }),
    ModelledColumn("n", "out-features", count: { $0.size?.outFeatures }),
    ModelledColumn(
      "multiply_accumulates", "products, those of attention included", number: { $0.multiplyAccumulates }),
  ]

  private static let time: [ModelledColumn<OperationRecord>] = [
    ModelledColumn("latency_modelled_s", "time of the slowest chip", number: { $0.seconds }),
    ModelledColumn("cycles_modelled", "the same in cycles", number: { $0.cycles }),
    ModelledColumn(
      "utilisation_modelled", "share of what the executing unit could have done, 0 to 1",
      number: { $0.utilisation }),
    ModelledColumn(
      "binding_modelled", "resource that the most of the time was spent on", text: { $0.binding.rawValue }),
  ]

  /// Of the slowest chip; missing for what does not run on the array.
  private static let matmul: [ModelledColumn<OperationRecord>] = [
    ModelledColumn("tile_m", "tokens of a tile", count: { $0.matmul?.tiling.tokens }),
    ModelledColumn("tile_k", "in-features of a tile", count: { $0.matmul?.tiling.inFeatures }),
    ModelledColumn("tile_n", "out-features of a tile", count: { $0.matmul?.tiling.outFeatures }),
    ModelledColumn("tile_order", "loops over tiles, outermost first") {
      $0.matmul.map { .text($0.tiling.order.rawValue) } ?? .missing
    },
    ModelledColumn(
      "array_cycles_modelled", "cycles of an array that never waits", number: { $0.matmul?.cycles.array }),
    ModelledColumn(
      "buffer_stall_cycles_modelled", "cycles that it waited for a buffer",
      number: { $0.matmul?.cycles.bufferStall }),
    ModelledColumn(
      "dram_stall_cycles_modelled", "cycles that it waited for DRAM", number: { $0.matmul?.cycles.dramStall }),
  ]
}
