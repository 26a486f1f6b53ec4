import Testing
import Workloads

@testable import Accelerator

@Suite struct ColumnTests {
  private func simulation() throws -> ModelSimulation {
    try Design.small(.t5, chips: 2).simulate(
      InferenceWorkload(.named("3b"), phase: .prefill(tokens: 4), batch: 3))
  }

  @Test func namesAreUniqueAndInSnakeCase() {
    for names in [
      SimulationColumns.run.map(\.name), SimulationColumns.operations.map(\.name),
      DeviceColumns.all.map(\.name),
    ] {
      #expect(Set(names).count == names.count)
      for name in names {
        #expect(name.allSatisfy { $0 == "_" || $0.isLowercase || $0.isNumber }, "\(name)")
      }
    }
  }

  /// Figures that no design and no workload states are modelled, and say so.
  @Test func unitsOfTimeEnergyAndTrafficAreModelled() {
    let names =
      SimulationColumns.run.map(\.name) + SimulationColumns.operations.map(\.name)
      + DeviceColumns.all.map(\.name)
    for name in names {
      for suffix in ["_s", "_j", "_w", "_tops", "_mm2", "cycles"] where name.hasSuffix(suffix) {
        #expect(name.contains("modelled"), "\(name)")
      }
      if name.hasPrefix("dram") || name.hasPrefix("link") { #expect(name.contains("modelled"), "\(name)") }
    }
  }

  @Test func valuesAreThoseOfTheSimulation() throws {
    let simulation = try simulation()
    let values = Dictionary(
      uniqueKeysWithValues: SimulationColumns.run.map { ($0.name, $0.value(simulation)) })
    #expect(values["model"] == .text("bitnet-3b"))
    #expect(values["tokens"] == .integer(4))
    #expect(values["batch"] == .integer(3))
    #expect(values["latency_modelled_s"] == .number(simulation.secondsPerPass))
    #expect(values["energy_modelled_j"] == .number(simulation.joulesPerPass))
    #expect(values["dram_modelled_bytes"] == .number(simulation.dram.total.bytes))
    #expect(values["lm_head_on"] == .text("vector-unit"))
    #expect(!values.values.contains(.missing))

    #expect(simulation.rows.count == simulation.operations.count)
    for row in simulation.rows {
      let values = Dictionary(
        uniqueKeysWithValues: SimulationColumns.operations.map { ($0.name, $0.value(row)) })
      #expect(values["design"] == .text("small-t5"))
      #expect(values["operation"] == .text(row.record.role.description))
      #expect((values["tile_m"] == .missing) == (row.record.executedBy != .array))
      #expect((values["k"] == .missing) == (row.record.size == nil))
    }
  }
}
