import Foundation
import Ternary
import Testing
import Workloads

@testable import Accelerator

@Suite struct DesignCatalogueTests {
  static let shipped = Result { try DesignCatalogue.shipped() }

  @Test func everyDatapathHasAnEdgeAndAServerDesign() throws {
    let designs = try Self.shipped.get().designs
    let names = Set(designs.map(\.name))
    for datapath in Datapaths.all {
      let family = datapath.name.replacingOccurrences(of: "-mac", with: "")
      for size in ["edge", "server"] {
        let design = try Self.shipped.get().design(named: "\(family)-\(size)")
        #expect(design.array.datapath == datapath.name)
        #expect(try Chip(design).datapath.name == datapath.name)
      }
    }
    #expect(names.contains("addsub-sram"))
    #expect(designs.allSatisfy { !$0.summary.isEmpty })
  }

  @Test func designsOfASizeShareTheirMemory() throws {
    let designs = try Self.shipped.get().designs
    for size in ["edge", "server"] {
      let group = designs.filter { $0.name.hasSuffix(size) }
      #expect(group.count == Datapaths.all.count)
      #expect(Set(group.map(\.dram)).count == 1)
      #expect(Set(group.map(\.technology)).count == 1)
      #expect(Set(group.map(\.weightBuffer)).count == 1)
      #expect(Set(group.map(\.activationBuffer)).count == 1)
      #expect(Set(group.map(\.vectorUnit)).count == 1)
    }
  }

  /// One token, a matrix as in a 3B model: an array that never waits is at least as fast as DRAM.
  @Test func arraysKeepUpWithDRAMInDecode() throws {
    for design in try Self.shipped.get().designs where !design.keepsWeightsOnChip {
      let chip = try Chip(design)
      let size = MatmulSize(tokens: 1, inFeatures: 3200, outFeatures: 8640)
      let cycles = Double(ArrayTiming(size, array: design.array, timing: chip.timing).cycles)
      let bytes = size.multiplyAccumulates * design.weightFormat.bitsPerWeight / 8
      #expect(cycles <= bytes / chip.dramBytesPerCycle, "\(design.name)")
      #expect(design.weightBuffer.bytesPerCycle >= chip.dramBytesPerCycle, "\(design.name)")
    }
  }

  @Test func theChipsOfTheSRAMDesignHoldAWholeModel() throws {
    let design = try Self.shipped.get().design(named: "addsub-sram")
    #expect(design.keepsWeightsOnChip)
    for name in ["2b4t", "3b"] {
      let model = try ModelCatalogue.builtIn().model(named: name)
      try ModelDivision(model, among: design).checkWeightsFit()
    }
  }

  @Test func namesAreFoundInAnyCaseAndSuggested() throws {
    let catalogue = try Self.shipped.get()
    #expect(try catalogue.design(named: "ADDSUB-Edge").name == "addsub-edge")
    #expect(
      error { try catalogue.design(named: "adsub-edge") }
        == "unknown design 'adsub-edge'; did you mean addsub-edge?")
    #expect(
      error { try catalogue.design(named: "gpu") }.hasPrefix(
        "unknown design 'gpu'; the designs are addsub-edge, "))
  }

  @Test func overridesApplyToShippedDesigns() throws {
    let catalogue = try Self.shipped.get()
    let design = try catalogue.design(named: "lut-edge", overrides: [DesignOverride("array.rows=4")])
    #expect(design.array.rows == 4)
    let message = error {
      try catalogue.design(named: "lut-edge", overrides: [DesignOverride("array.dot-width=16")])
    }
    #expect(
      message == "--set array.dot-width=16: key 'array.dot-width': expected a multiple of the group size 3 "
        + "for the lut datapath")
  }

  @Test func aUsersDesignJoins() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("bitlab-\(UUID()).yaml")
    defer { try? FileManager.default.removeItem(at: path) }
    try Data(DesignFixture.text.utf8).write(to: path)
    let catalogue = try Self.shipped.get().loading(yaml: path.path)
    #expect(try catalogue.design(named: "mine-7nm") == DesignFixture.read())
    #expect(catalogue.designs.count == (try Self.shipped.get().designs.count) + 1)
    #expect(
      error { try catalogue.loading(yaml: path.path) }
        == "\(path.path):2:7: key 'name': expected a name that no other design has, found 'mine-7nm'")
    for path in ["/nonexistent/my.yaml", "/", ""] {
      #expect(error { try catalogue.loading(yaml: path) }.contains("cannot be"))
      #expect(throws: YAMLError.self) { try Design.load(path: path, dram: catalogue.dram) }
    }
  }

  @Test func designsReadBackFromTheirText() throws {
    let catalogue = try Self.shipped.get()
    for design in catalogue.designs {
      #expect(try reread(design, catalogue) == design, "\(design.yaml)")
    }
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed: seed)
    for _ in 0..<300 {
      let design = randomDesign(from: catalogue, &random)
      #expect(try reread(design, catalogue) == design, "seed \(seed): \(design.yaml)")
    }
  }

  private func reread(_ design: Design, _ catalogue: DesignCatalogue) throws -> Design {
    try Design.parse(bytes: Array(design.yaml.utf8), file: "\(design.name).yaml", dram: catalogue.dram)
  }

  /// A design with every number that its datapath has no opinion on drawn anew.
  private func randomDesign(from catalogue: DesignCatalogue, _ random: inout SeededGenerator) -> Design {
    var design = catalogue.designs.randomElement(using: &random) ?? catalogue.designs[0]
    func buffer() -> BufferDesign {
      BufferDesign(
        bytes: Int.random(in: 1...(1 << Int.random(in: 1...40, using: &random)), using: &random),
        bytesPerCycle: Double.random(in: 0.01...1000, using: &random),
        isDoubleBuffered: Bool.random(using: &random))
    }
    let alphabet = Array("ab \"'\\&*#:{}[]%@é名🙂\t")
    design.summary = String(
      (0..<Int.random(in: 1...60, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? " " })
    design.technology = Technology(
      nodeNanometres: Int.random(in: NodeScaling.nodes, using: &random),
      clockHertz: Double.random(in: 1e6...1e11, using: &random))
    design.array.rows = Int.random(in: 1...1024, using: &random)
    design.array.columns = Int.random(in: 1...65_536, using: &random)
    design.array.dataflow = Dataflow.allCases.randomElement(using: &random) ?? .outputStationary
    design.keepsWeightsOnChip = Bool.random(using: &random)
    (design.weightBuffer, design.activationBuffer, design.outputBuffer) = (buffer(), buffer(), buffer())
    design.dram.bytesPerSecond = Double.random(in: 1e6...1e15, using: &random)
    design.dram.latencySeconds =
      Double.random(in: 0...1e-3, using: &random) * (Bool.random(using: &random) ? 1 : 1e-6)
    design.dram.efficiency = Double.random(in: 0.01...1, using: &random)
    design.dram.picojoulesPerBit = Double.random(in: 0...10, using: &random)
    design.vectorUnit = VectorUnitDesign(
      lanes: Int.random(in: 1...65_536, using: &random),
      format: [.float16, .bfloat16, .float32].randomElement(using: &random) ?? .float16)
    design.chips = ChipGroup(
      count: Int.random(in: 1...4096, using: &random),
      parallelism: Bool.random(using: &random) ? .tensor : .pipeline,
      linkBytesPerSecond: Double.random(in: 1e6...1e15, using: &random),
      linkPicojoulesPerBit: Double.random(in: 0...10, using: &random))
    return design
  }

  private func error<Result>(_ body: () throws -> Result) -> String {
    do {
      _ = try body()
      return "no error"
    } catch {
      return "\(error)"
    }
  }
}
