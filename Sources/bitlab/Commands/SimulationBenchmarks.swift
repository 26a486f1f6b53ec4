import Accelerator
import Reporting
import Workloads

/// How fast the simulators are on this machine, beside what they should be.
enum SimulationBenchmarks {
  static func run() throws -> Listing {
    let model = try ModelCatalogue.builtIn().model(named: "70b")
    let catalogue = try DesignCatalogue.shipped()
    let designs = catalogue.designs.filter { !$0.keepsWeightsOnChip }
    let sizes = [1, 512].flatMap { tokens in
      model.matmulShapes(includingHead: false).distinct().map {
        MatmulSize(tokens: tokens, inFeatures: $0.inFeatures, outFeatures: $0.outFeatures)
      }
    }
    let points = try AnalyticalBenchmark(chips: designs.map { try Chip($0) }, sizes: sizes)
    // The array that the speed of cycle-accurate simulators is usually quoted for.
    let square = try catalogue.design(
      named: "addsub-edge",
      overrides: [
        "array.rows=32", "array.columns=32", "array.dot-width=1", "array.dataflow=output-stationary",
      ].map { try DesignOverride($0) })
    let stepped = try SteppedBenchmark(on: Chip(square))
    func whole(_ number: Double) -> String { "\(Int(number.rounded()))" }
    return Listing(
      properties: [
        .init("what"), .init("target"), .init("reached", isNumber: true), .init("unit"),
      ],
      items: [
        [
          "matmuls, tiling given", "at least 100000", whole(points.fixedTilingPointsPerSecond),
          "designs x shapes a second",
        ],
        [
          "matmuls, tiles searched", "at least 2000", whole(points.searchPointsPerSecond),
          "designs x shapes a second",
        ],
        [
          "\(model.id), decode and prefill", "at most 5", "\(try microseconds(model, designs) / 1000)",
          "ms a design",
        ],
        [
          "stepped, 32x32 array, 512x512x512", "at least 200", whole(stepped.elementCyclesPerSecond / 1e6),
          "10^6 element-cycles a second",
        ],
      ])
  }

  /// Median over the designs of both phases of a whole model.
  private static func microseconds(_ model: LanguageModel, _ designs: [Design]) throws -> Double {
    let workloads = [
      try InferenceWorkload(model, phase: .decode, context: 512),
      try InferenceWorkload(model, phase: .prefill(tokens: 512)),
    ]
    let tables = try CostTables.shipped()
    let clock = ContinuousClock()
    let times = try designs.map { design in
      let start = clock.now
      let simulator = try ModelSimulator(design, tables: tables)
      for workload in workloads { _ = try simulator.simulate(workload) }
      return (clock.now - start) / .microseconds(1)
    }
    return times.sorted()[times.count / 2].rounded()
  }
}
