import Accelerator
import Reporting
import Workloads

/// How fast the simulators are on this machine.
enum SimulationBenchmarks {
  /// Shipped designs that keep no weights, on the shapes of the largest model at both phases.
  static func run() throws -> Listing {
    let model = try ModelCatalogue.builtIn().model(named: "70b")
    let designs = try DesignCatalogue.shipped().designs.filter { !$0.keepsWeightsOnChip }
    let chips = try designs.map { try Chip($0) }
    let sizes = [1, 512].flatMap { tokens in
      model.matmulShapes(includingHead: false).distinct().map {
        MatmulSize(tokens: tokens, inFeatures: $0.inFeatures, outFeatures: $0.outFeatures)
      }
    }
    let points = try AnalyticalBenchmark(chips: chips, sizes: sizes)
    let passes = try wholeModel(model, designs: designs)
    let stepped = try SteppedBenchmark(
      MatmulSize(tokens: 512, inFeatures: 512, outFeatures: 512), on: Chip(steppedDesign))
    return Listing(
      properties: [.init("what"), .init("target"), .init("reached"), .init("unit")],
      items: [
        ["fixed tiling", "100000", rounded(points.fixedTilingPointsPerSecond), "designs x shapes a second"],
        ["tile search", "2000", rounded(points.searchPointsPerSecond), "designs x shapes a second"],
        ["70B, decode and prefill, one design", "5", rounded(passes * 1e4, by: 1e-1), "ms"],
        ["stepped 32x32, 512x512x512", "200", rounded(stepped.elementCyclesPerSecond / 1e6), "10^6 element-cycles a second"],
      ])
  }
}
