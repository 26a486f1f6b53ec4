import Ternary
import Testing
import Workloads

@testable import Accelerator

/// Whole models on the designs that come with bitlab: what no chip can do, these must not do either.
@Suite struct ShippedDesignModelTests {
  static let designs = (try? DesignCatalogue.shipped().designs) ?? []

  @Test func allDesignsAreThere() { #expect(Self.designs.count >= 13) }

  @Test(arguments: designs)
  func modelsObeyEveryRoofline(_ design: Design) throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed: seed)
    let models = try ["700m", "3b", "2b4t"].map { try LanguageModel.named($0) }
    let simulator = try ModelSimulator(design, tables: .shipped())
    let chips = Double(design.chips.count)
    for _ in 0..<6 {
      let tokens = Int.random(in: 1...200, using: &random)
      let workload = try InferenceWorkload(
        models[Int.random(in: 0..<3, using: &random)], phase: try #require(Phase(tokens: tokens)),
        context: tokens + Int.random(in: 0...700, using: &random),
        batch: Int.random(in: 1...4, using: &random),
        fusesMatrices: Bool.random(using: &random))
      let simulation = try simulator.simulate(workload)
      let bandwidth = chips * design.dram.bytesPerSecond * design.dram.efficiency
      let arrays = simulation.peakMultiplyAccumulatesPerSecond
      for record in simulation.operations {
        #expect(record.seconds * bandwidth >= record.dram.total.bytes * (1 - 1e-9), "seed \(seed), \(record)")
        if record.executedBy == .array {
          #expect(
            record.seconds * arrays >= record.multiplyAccumulates * (1 - 1e-9), "seed \(seed), \(record)")
        }
        #expect((0...1 + 1e-9).contains(record.utilisation), "seed \(seed), \(record)")
      }
      let products = workload.multiplyAccumulates
      let total = products.linear + products.languageModelHead + products.attention
      // Chips beyond the number of key and value heads compute copies of them.
      #expect(simulation.multiplyAccumulates >= total * (1 - 1e-9), "seed \(seed)")
      if design.chips.count == 1 { #expect(isClose(simulation.multiplyAccumulates, total), "seed \(seed)") }
      #expect(try simulator.simulate(workload) == simulation, "seed \(seed)")
    }
  }

  /// Decode at one sequence waits for weights, so that the time goes with their bits.
  @Test func ternaryDecodesFasterThanFP16() throws {
    let catalogue = try DesignCatalogue.shipped()
    let workload = try InferenceWorkload(.named("70b"), phase: .decode, context: 512)
    for size in ["edge", "server"] {
      let results = try ["fp16", "addsub"].map {
        try ModelSimulator(catalogue.design(named: "\($0)-\(size)"), tables: .shipped()).simulate(workload)
      }
      #expect(results.allSatisfy { $0.binding == .dram })
      let bytes = results[0].dramBytesPerToken / results[1].dramBytesPerToken
      #expect(isClose(results[1].tokensPerSecond / results[0].tokensPerSecond, bytes, within: 0.03))
    }
  }

  @Test func isoAreaDesignsRunTheModel() throws {
    let catalogue = try DesignCatalogue.shipped()
    let baseline = try catalogue.design(named: "fp16-server")
    let tables = try CostTables.shipped()
    let workload = try InferenceWorkload(.named("3b"), phase: .prefill(tokens: 64))
    for name in ["addsub-server", "lut-server", "bitserial-server", "popcount-server"] {
      let sized = try IsoSizing.area(of: catalogue.design(named: name), like: baseline, tables: tables)
      #expect(sized.shortfall < 0.05 || sized.limit != .target, "\(name)")
      let simulation = try ModelSimulator(sized.design, tables: tables).simulate(workload)
      #expect(isClose(simulation.areaSquareMillimetres, sized.value))
    }
  }

  @Test func benchmarkNamesEveryDesign() throws {
    let designs = Array(Self.designs.prefix(2))
    let benchmark = try ModelBenchmark(
      designs: designs, workloads: [InferenceWorkload(.named("700m"), phase: .decode)], tables: .shipped(),
      rounds: 1)
    #expect(benchmark.seconds.map(\.design) == designs.map(\.name))
    #expect(benchmark.seconds.allSatisfy { $0.seconds > 0 })
  }
}
