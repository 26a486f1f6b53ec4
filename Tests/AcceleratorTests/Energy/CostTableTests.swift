import Foundation
import Testing
import Workloads

@testable import Accelerator

@Suite struct CostTableTests {
  private func energies(at node: Int, by scaling: EnergyScaling = .anchors) throws -> OperationCosts {
    let tables = try CostTables.shipped()
    return OperationCosts(
      energiesFrom: tables, scaling: NodeScaling(to: node, by: scaling, tables: tables))
  }

  private func areas(at node: Int) throws -> OperationCosts {
    let tables = try CostTables.shipped()
    return OperationCosts(areasFrom: tables, scaling: NodeScaling(to: node, by: .anchors, tables: tables))
  }

  private func memory(at node: Int, by scaling: EnergyScaling = .anchors) throws -> MemoryCosts {
    let tables = try CostTables.shipped()
    return MemoryCosts(from: tables, scaling: NodeScaling(to: node, by: scaling, tables: tables))
  }

  /// Each operation at 45 and 7 nm as published.
  @Test(arguments: [
    (Operation.add(.integer(bits: 8)), 0.03, 0.007), (.add(.integer(bits: 32)), 0.1, 0.03),
    (.multiply(.integer(bits: 8)), 0.2, 0.07), (.add(.float16), 0.4, 0.16), (.multiply(.float16), 1.1, 0.34),
    (.add(.float32), 0.9, 0.38), (.multiply(.float32), 3.7, 1.31),
  ])
  func anchorsAreExact(_ operation: Accelerator.Operation, _ coarse: Double, _ fine: Double) throws {
    #expect(try energies(at: 45)[operation] == coarse)
    #expect(try energies(at: 7)[operation] == fine)
    #expect(try energies(at: 45, by: .stillmaker)[operation] == coarse)
  }

  @Test func widthsBetweenTheListedOnesAreLinear() throws {
    let at45 = try energies(at: 45)
    #expect(at45[.add(.integer(bits: 16))] == 0.05)
    #expect(abs(at45[.add(.integer(bits: 24))] - 0.075) < 1e-15)
    #expect(abs(at45[.add(.integer(bits: 4))] - 0.015) < 1e-15)
    #expect(abs(at45[.add(.integer(bits: 64))] - 0.2) < 1e-15)
    let at7 = try energies(at: 7)
    #expect(abs(at7[.add(.integer(bits: 20))] - 0.0185) < 1e-15)
    // Within 4 % of what Horowitz states for int32.
    #expect(abs(at45[.multiply(.integer(bits: 32))] - 3.1) < 0.04 * 3.1)
  }

  @Test(arguments: EnergyScaling.allCases)
  func everythingShrinksWithTheNode(_ scaling: EnergyScaling) throws {
    let operations: [Accelerator.Operation] = [
      .add(.integer(bits: 8)), .add(.integer(bits: 13)), .multiply(.bfloat16), .select(bits: 8),
      .popcount(bits: 9),
      .register(bits: 5), .tableRead(entries: 13, bits: 10), .decode(.t5),
    ]
    for node in NodeScaling.nodes.dropFirst() {
      let (coarse, fine) = (try energies(at: node, by: scaling), try energies(at: node - 1, by: scaling))
      let (large, small) = (try areas(at: node), try areas(at: node - 1))
      for operation in operations {
        #expect(fine[operation] < coarse[operation], "\(operation) at \(node) nm")
        #expect(small[operation] < large[operation], "\(operation) at \(node) nm")
      }
      let (coarseMemory, fineMemory) = (
        try memory(at: node, by: scaling), try memory(at: node - 1, by: scaling)
      )
      #expect(fineMemory.squareMicrometresPerByte < coarseMemory.squareMicrometresPerByte, "\(node) nm")
      #expect(
        fineMemory.picojoulesPerByte(capacity: 100_000) < coarseMemory.picojoulesPerByte(capacity: 100_000),
        "\(node) nm")
    }
  }

  @Test func costsGrowWithBits() throws {
    for costs in [try energies(at: 7), try energies(at: 28), try areas(at: 45)] {
      for bits in 1..<64 {
        #expect(costs[.add(.integer(bits: bits))] < costs[.add(.integer(bits: bits + 1))])
        #expect(costs[.multiply(.integer(bits: bits))] < costs[.multiply(.integer(bits: bits + 1))])
        #expect(costs[.popcount(bits: bits)] <= costs[.popcount(bits: bits + 1)])
      }
    }
  }

  @Test func stillmakerShrinksMoreThanMeasurementsDid() throws {
    // a V^2 + b V + c at 0.8 V: 0.69302 at 45 nm, 0.065358 at 7 nm.
    let ratio =
      try energies(at: 45)[.add(.float16)] / energies(at: 7, by: .stillmaker)[.add(.float16)]
    #expect(abs(ratio - 0.69302 / 0.065358) < 0.001)
  }

  @Test func areasAreAsPublished() throws {
    #expect(try areas(at: 45)[.add(.integer(bits: 32))] == 137)
    #expect(try areas(at: 45)[.multiply(.float16)] == 1640)
    #expect(try abs(areas(at: 7)[.multiply(.float16)] - 1640 * 0.059) < 1e-9)
    #expect(try abs(areas(at: 45)[.register(bits: 1)] - 6 * 36.0 / 8 / 5) < 1e-12)
  }

  @Test func populationCountsAreTreesOfFullAdders() throws {
    let costs = try energies(at: 45)
    let fullAdder = 0.03 / 8
    for (bits, adders) in [(1, 0), (2, 1), (3, 1), (4, 3), (7, 4), (8, 7), (15, 11)] {
      #expect(abs(costs[.popcount(bits: bits)] - Double(adders) * fullAdder) < 1e-15, "\(bits) bits")
    }
  }

  @Test func memoryCostsPassThroughTheirPoints() throws {
    for (node, small, medium, large) in [(45, 10.0, 20.0, 100.0), (7, 7.5, 8.5, 14)] {
      let memory = try memory(at: node)
      #expect(memory.picojoulesPerByte(capacity: 8192) == small / 8)
      #expect(memory.picojoulesPerByte(capacity: 1) == small / 8)
      #expect(memory.picojoulesPerByte(capacity: 32_768) == medium / 8)
      #expect(memory.picojoulesPerByte(capacity: 1 << 20) == large / 8)
      let between = memory.picojoulesPerByte(capacity: 16_384)
      #expect(abs(between - (small * medium).squareRoot() / 8) < 1e-12)
      // Beyond the last point the power goes on.
      let growth = (large / medium) * (large / 8)
      #expect(abs(memory.picojoulesPerByte(capacity: 1 << 25) - growth) < 1e-9)
      var last = 0.0
      for exponent in 0...40 {
        let cost = memory.picojoulesPerByte(capacity: 1 << exponent)
        #expect(cost >= last, "2^\(exponent) bytes at \(node) nm")
        last = cost
      }
    }
  }

  @Test func memoryAreaIsCellsOverEfficiency() throws {
    #expect(try abs(memory(at: 45).squareMicrometresPerByte - 8 * 0.346 / 0.5) < 1e-12)
    #expect(try abs(memory(at: 7).squareMicrometresPerByte - 8 * 0.027 / 0.5) < 1e-12)
  }

  @Test func everyRowHasASource() throws {
    let rows = try CostTables.shipped().rows
    #expect(rows.count > 80)
    #expect(rows.allSatisfy { !$0.source.isEmpty && !$0.what.isEmpty })
    #expect(Set(rows.map(\.confidence)) == Set(Confidence.allCases))
    #expect(
      rows.contains {
        $0.what == "int32 add energy" && $0.value == 0.03 && $0.unit == "pJ" && $0.nodeNanometres == 7
          && $0.source.contains("secondary")
      })
    // What was found nowhere says so.
    #expect(rows.first { $0.what == "leakage density" }?.confidence == .assumed)
    #expect(rows.first { $0.what == "SRAM array efficiency" }?.confidence == .assumed)
  }
}

@Suite struct CostFileTests {
  private static let header = """
    bitlab-costs: 1
    sources: [{id: here, text: a test}]
    rules: []
    values:

    """

  private func read(_ value: String, header: String = header) throws -> CostFile {
    try CostFile(bytes: Data((header + "  - {" + value + "}\n").utf8), name: "test.yaml")
  }

  @Test func wellFormedValuesAreRead() throws {
    let file = try read(
      "what: int8 add energy, value: 0.03 pJ, node: 45 nm, source: here, confidence: stated")
    #expect(
      file.rows == [
        CostRow(
          what: "int8 add energy", value: 0.03, unit: "pJ", nodeNanometres: 45, source: "a test",
          confidence: .stated)
      ])
  }

  @Test(arguments: [
    ("what: int7 add energy, value: 1 pJ, source: here, confidence: stated", "what"),
    ("what: int8 add energy, value: 1 nJ, node: 7 nm, source: here, confidence: stated", "value"),
    ("what: int8 add energy, value: 1, node: 7 nm, source: here, confidence: stated", "value"),
    ("what: int8 add energy, value: -1 pJ, node: 7 nm, source: here, confidence: stated", "value"),
    ("what: int8 add energy, value: 0 pJ, node: 7 nm, source: here, confidence: stated", "value"),
    ("what: int8 add energy, value: nan pJ, node: 7 nm, source: here, confidence: stated", "value"),
    ("what: int8 add energy, value: 1e999 pJ, node: 7 nm, source: here, confidence: stated", "value"),
    ("what: int8 add energy, value: [1], node: 7 nm, source: here, confidence: stated", "value"),
    ("what: int8 add energy, value: 1 pJ, node: 7, source: here, confidence: stated", "node"),
    ("what: int8 add energy, value: 1 pJ, node: 5 nm, source: here, confidence: stated", "node"),
    ("what: int8 add energy, value: 1 pJ, node: 7 nm, source: there, confidence: stated", "source"),
    ("what: int8 add energy, value: 1 pJ, node: 7 nm, source: here, confidence: certain", "confidence"),
    ("what: int8 add energy, value: 1 pJ, node: 7 nm, confidence: stated", "source"),
  ])
  func malformedValuesNameTheirKey(_ value: String, _ key: String) {
    #expect {
      try read(value)
    } throws: { error in
      (error as? YAMLError)?.key == key && (error as? YAMLError)?.line != nil
    }
  }

  @Test(arguments: ["", "bitlab-costs: 2\n", "- 1\n", "bitlab-costs: 1\nvalues: []\n", "a: &b 1\n"])
  func malformedFilesAreRefused(_ text: String) {
    #expect(throws: YAMLError.self) { try CostFile(bytes: Data(text.utf8), name: "test.yaml") }
  }

  @Test func strayKeysAreRefused() {
    #expect(throws: YAMLError.self) {
      try read("what: leakage density, value: 1 mW/mm2, source: here, confidence: stated, unit: W")
    }
  }

  @Test func incompleteAndRepeatedTablesAreRefused() throws {
    #expect(throws: CostError.missing(what: "int8 add energy", node: 45)) { try CostTables(files: []) }
    let value = "what: leakage density, value: 1 mW/mm2, source: here, confidence: assumed"
    let file = (name: "test.yaml", bytes: Data((Self.header + "  - {\(value)}\n").utf8))
    #expect(throws: CostError.twice(what: "leakage density", node: nil)) {
      try CostTables(files: [file, file])
    }
  }
}
